"""`manage.py begin_bank --name-en … --name-hant … --name-hans … --admin USER NAME --admin USER NAME`: a bank on an empty database."""

import json
import secrets
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from crm.kernel.errors import RuleBroken
from crm.staff.beginning import ADMINISTRATORS, Administrator, HeadOffice, begin_bank
from crm.staff.choices import Jurisdiction
from crm.staff.models import User

BAD_INPUT = 2
PASSWORD_BYTES = 12


class Command(BaseCommand):
    """Prints {"head_office", "administrators": [{"username", "password"}]}; the passwords are shown this once. Exit 2: nothing done."""

    help = "Begin a bank on an empty database: its head office and two administrators, who make all else by page."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The head office, the two people, where passwords come from."""
        parser.add_argument("--name-en", required=True, help="name of the head office in English")
        parser.add_argument("--name-hant", required=True, help="in traditional Chinese")
        parser.add_argument("--name-hans", required=True, help="in simplified Chinese")
        parser.add_argument("--jurisdiction", default=Jurisdiction.HK, choices=Jurisdiction.values)
        parser.add_argument("--time-zone", default="", help="such as Asia/Hong_Kong; without one, the usual one of the jurisdiction")
        parser.add_argument("--currency", default="", help="such as HKD; without one, the jurisdiction's")
        parser.add_argument(
            "--admin", required=True, action="append", nargs=2, metavar=("USER", "NAME"), help="user name and English name; say it twice"
        )
        parser.add_argument(
            "--password",
            action="store_true",
            help="read the passwords from standard input, a line for each administrator; without it they are made and shown once",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Begin; exit 2 where a bank is there, or for what cannot be one."""
        if User._meta.db_table not in connection.introspection.table_names():
            raise CommandError("This database has no tables yet: run migrate first.", returncode=BAD_INPUT)
        passwords = self._passwords(len(options["admin"]), typed=options["password"])
        people = [Administrator(username, name, word) for (username, name), word in zip(options["admin"], passwords, strict=True)]
        place = HeadOffice(**{name: options[name] for name in HeadOffice.__dataclass_fields__})
        try:
            unit = begin_bank(head_office=place, administrators=people, now=timezone.now())
        except RuleBroken as error:
            raise CommandError(" ".join(map(str, error.fields.values())) or str(error), returncode=BAD_INPUT) from error
        shown = [{"username": one.username, "password": None if options["password"] else one.password} for one in people]
        if options["json"]:
            self.stdout.write(json.dumps({"head_office": unit.name_en, "administrators": shown}))
            return
        self.stdout.write(f"{unit.name_en} stands, with {ADMINISTRATORS} administrators.")
        for one in shown:
            told = f": {one['password']}" if one["password"] else " as you gave it"
            self.stdout.write(f"Password of {one['username']}{told}")

    def _passwords(self, count: int, *, typed: bool) -> list[str]:
        """One for each administrator. Nothing secret is an argument, for those stand in the machine's list of processes."""
        if not typed:
            return [secrets.token_urlsafe(PASSWORD_BYTES) for _each in range(count)]
        lines = sys.stdin.read().splitlines()
        if len(lines) != count:
            raise CommandError("Give one password for each administrator on standard input, a line each.", returncode=BAD_INPUT)
        return lines
