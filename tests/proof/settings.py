"""The embedded settings as shipped, with a witness that counts how often each piece of work after commit was done."""

from crm.settings.embedded import *  # noqa: F403
from crm.settings.embedded import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.proof.witness"]
