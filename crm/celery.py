"""The Celery application: the same in both modes, the broker comes from the settings."""

import os
import sys
from typing import Any

import django
from celery import Celery
from celery.signals import beat_embedded_init, beat_init, worker_init
from django.core.exceptions import ImproperlyConfigured

from crm.demo.guard import refuse_demo_bank
from crm.kernel.lifeline import follow_supervisor
from crm.kernel.rubbish import collect_seldom

collect_seldom()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
app = Celery("rapport")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_to_work_on_the_demo_bank(**_signal: Any) -> None:
    """In production neither worker nor clock starts on a database with demo people. Celery only logs what a handler raises, so: exit."""
    django.setup()
    try:
        refuse_demo_bank()
    except ImproperlyConfigured as error:
        sys.exit(str(error))


@beat_embedded_init.connect
def end_with_worker(**_signal: Any) -> None:
    """The clock is a process of its own and must not outlive the worker that started it."""
    follow_supervisor()
