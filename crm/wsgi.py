"""The WSGI entry point: `granian --interface wsgi crm.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from crm.demo.guard import refuse_demo_bank
from crm.kernel.lifeline import follow_supervisor

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
follow_supervisor()  # the server imports this in its own worker process
application = get_wsgi_application()
refuse_demo_bank()
