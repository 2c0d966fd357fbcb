"""`manage.py create_token USER [--scope read] [--scope write] [--json]`: a bearer token of the API."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from crm.staff.models import User
from crm.staff.services import TOKEN_SCOPES, create_token


class Command(BaseCommand):
    """Prints the token alone on the last line; it is never shown again."""

    help = "Make a bearer token of the API for a user."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """User name, scopes, shape of the answer."""
        parser.add_argument("username")
        parser.add_argument("--scope", action="append", choices=TOKEN_SCOPES, help="default: both")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it; exit 2 for an unknown user."""
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            self.stderr.write(f"There is no active user named {options['username']}.")
            raise SystemExit(2)
        token = create_token(user=user, scopes=options["scope"] or TOKEN_SCOPES)
        self.stdout.write(json.dumps({"token": token}) if options["json"] else token)
