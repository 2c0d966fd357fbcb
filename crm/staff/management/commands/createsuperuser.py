"""`manage.py createsuperuser`: Django's own would make somebody whom the database refuses, so that this one says how it is done here."""

from typing import Any

from django.contrib.auth.management.commands.createsuperuser import Command as DjangoCreateSuperuser
from django.core.management.base import CommandError

BAD_INPUT = 2


class Command(DjangoCreateSuperuser):
    """Takes the options of Django's and makes nobody."""

    help = "Makes nobody: there are no superusers. See begin_bank."
    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """One sentence, and exit 2."""
        raise CommandError(
            "There are no superusers: begin_bank makes the first two administrators, and these add everybody else by page.",
            returncode=BAD_INPUT,
        )
