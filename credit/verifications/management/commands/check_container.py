"""`manage.py check_container NUMBER... [--json]`: whether container numbers are right by ISO 6346."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from credit.verifications.rules import is_container, tidy_container


class Command(BaseCommand):
    """Prints one boolean for each number, in their order; exit 0 whatever they are."""

    help = "Check container numbers: four letters (the fourth U, J or Z), six digits, and the check digit of ISO 6346."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The numbers."""
        parser.add_argument("numbers", nargs="+", metavar="NUMBER", help="blanks, hyphens and lower case are tidied first")
        parser.add_argument("--json", action="store_true", help="print one JSON list")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say it."""
        found = [is_container(number) for number in options["numbers"]]
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for number, is_right in zip(options["numbers"], found, strict=True):
            self.stdout.write(f"{tidy_container(number)}: {'right' if is_right else 'wrong'}")
