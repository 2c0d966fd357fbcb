"""`draw_key --year Y`: makes a year's key of the draw where it is missing, and prints its copy for the safe, once."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from credit.surprises.keys import escrow


class Command(BaseCommand):
    """The escrow copy of a year's key."""

    help = "Make a year's key of the surprise-visit draw and print its copy for the safe. It is printed once and never again."

    def add_arguments(self, parser: CommandParser) -> None:
        """The year."""
        parser.add_argument("--year", type=int, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Exit 2 where the copy was printed before."""
        if not 2000 <= options["year"] <= 2100:
            raise CommandError("A year from 2000 to 2100.", returncode=2)
        copy = escrow(options["year"])
        if copy is None:
            raise CommandError(f"The copy for {options['year']} was printed before. It lies in the safe.", returncode=2)
        self.stdout.write("-".join(copy[place : place + 4] for place in range(0, len(copy), 4)))
