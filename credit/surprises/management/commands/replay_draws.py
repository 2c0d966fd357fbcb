"""`replay_draws --year Y --escrow FILE --as USER`: draws a closed year again with its escrowed key and compares."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from credit.surprises import services
from credit.surprises.keys import from_escrow
from crm.kernel.errors import DomainError
from crm.staff.models import User


class Command(BaseCommand):
    """Internal audit's replay."""

    help = "Draw a closed year again with the key from the safe (a file, or - for standard input) and compare it with what was made."

    def add_arguments(self, parser: CommandParser) -> None:
        """Year, copy of the key, and whose rights."""
        parser.add_argument("--year", type=int, required=True)
        parser.add_argument("--escrow", required=True, metavar="FILE")
        parser.add_argument("--as", dest="user", required=True)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 1 where something differs, 2 for unusable input."""
        user = User.objects.filter(username=options["user"]).first()
        try:
            text = sys.stdin.read() if options["escrow"] == "-" else Path(options["escrow"]).read_text(encoding="ascii")
            secret = from_escrow(text)
        except (OSError, ValueError):
            raise CommandError("This is no copy of a key.", returncode=2) from None
        if user is None:
            raise CommandError(f"Nobody is called {options['user']}.", returncode=2)
        try:
            found = services.replay(year=options["year"], secret=secret, actor=user, now=timezone.now())
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from None
        told = {"draws": found.draws, "identical": not found.different, "different": found.different}
        self.stdout.write(json.dumps(told) if options["json"] else f"{found.draws} draws, {len(found.different)} differ")
        if found.different:
            raise CommandError("The year does not draw as it was made.", returncode=1)
