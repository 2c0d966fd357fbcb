#!/usr/bin/env python
"""Rapport's command line: `uv run manage.py <command>`."""

import os
import sys

from django.core.management import execute_from_command_line

from crm.kernel.roomy import with_room
from crm.kernel.rubbish import collect_seldom

if __name__ == "__main__":
    collect_seldom()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")
    with_room(execute_from_command_line)(sys.argv)
