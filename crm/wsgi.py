"""The WSGI entry point: `granian --interface wsgi crm.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

from crm.demo.guard import refuse_demo_bank
from crm.kernel.lifeline import follow_supervisor
from crm.kernel.rubbish import collect_seldom, keep_what_is_loaded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
collect_seldom()
follow_supervisor()  # the server imports this in its own worker process
application = get_wsgi_application()
refuse_demo_bank()
keep_what_is_loaded()
