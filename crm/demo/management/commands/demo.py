"""`manage.py demo`: makes the invented bank on the first run, then serves it."""

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from crm.demo import planting, reading, serving
from crm.kernel.errors import DomainError
from crm.staff.models import Post

BROKEN_OFF, UNUSABLE = 1, 2


class Command(BaseCommand):
    """Make the demo bank, once, and serve it."""

    help = (
        "Makes an invented bank to try Rapport with, and serves it. Running it again changes nothing but the password, where one is given."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract."""
        parser.add_argument("--no-serve", action="store_true", help="make the bank and stop")
        parser.add_argument("--reset", action="store_true", help="throw the demo bank away and make it anew, dated today")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--password", help="for all demo people; on the first run without it a random one is made and shown")
        parser.add_argument("--json", action="store_true", help="print the figures as one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse, or plant, report and serve."""
        self._refuse_if_unfit(options)
        with self._alone(serves=not options["no_serve"], resets=options["reset"]):
            self._make(options)
            self._report(options)
            if options["no_serve"]:
                return
            address = f"http://{options['host']}:{options['port']}/"
            code = serving.serve(
                options["host"], options["port"], ready=lambda: self.stderr.write(f"Serving at {address} (Ctrl-C ends it)")
            )
        if code:
            sys.exit(code)

    def _make(self, options: dict[str, Any]) -> None:
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        held = planting.holding()
        if held is planting.Holding.OTHER:
            self._refuse("This database holds data that are not the demo bank's; name another folder in RAPPORT_DATA_DIR.")
        if options["reset"] and held is planting.Holding.DEMO_BANK:
            planting.clear()
        with planting.begun() as is_new:
            if is_new:
                self.stderr.write("Making the demo bank; this takes about a minute, once.")
            call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
            planted = planting.plant(now=timezone.now(), password=options["password"])
        if planted.new and not options["password"]:
            # At once, and not after the directory: whoever breaks off here must not be left before a locked door.
            told = self.stderr if options["json"] else self.stdout
            told.write(f"Password of all demo people: {planted.password}")
        try:
            planting.load_directory_of_listed(now=timezone.now())
            planting.print_the_news(now=timezone.now())
        except DomainError as error:
            self.stderr.write(str(error.message))
            sys.exit(BROKEN_OFF)

    def _report(self, options: dict[str, Any]) -> None:
        figures = planting.figures()
        if options["json"]:
            self.stdout.write(json.dumps(figures))
        else:
            self._print_people()
            self.stdout.write("")
            self.stdout.write(" · ".join(f"{count:,} {name}" for name, count in figures.items()))

    def _print_people(self) -> None:
        posts = {post.user.username: post for post in Post.objects.filter(to_at=None).select_related("user", "unit")}
        for username in reading.FIXED_USERNAMES:
            post = posts.get(username)
            if post:
                self.stdout.write(f"{username:<12} {post.user.name_en:<18} {post.get_role_display()}, {post.unit.name_en}")

    def _refuse_if_unfit(self, options: dict[str, Any]) -> None:
        if settings.MODE == "production":
            self._refuse("The demo bank is never made in production.")
        if options["password"] is not None and not options["password"].strip():
            self._refuse("The password must not be empty.")
        if not options["no_serve"] and not serving.is_free(options["host"], options["port"]):
            self._refuse(
                f"Nothing can listen at {options['host']}:{options['port']}: the port is taken or the address is not this machine's."
            )

    @contextmanager
    def _alone(self, *, serves: bool, resets: bool) -> Iterator[None]:
        """Hold the folder while making or serving; a bank that is served may still be asked for its figures."""
        with serving.held() as is_alone:
            if not is_alone and (serves or resets or planting.holding() is not planting.Holding.DEMO_BANK):
                self._refuse("The demo bank in this folder is being made or served already; end that first.")
            yield

    def _refuse(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(UNUSABLE)
