"""`manage.py serve [--host H] [--port P]`: an embedded bank on one machine, its web server and its worker, until Ctrl-C."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from crm.demo import serving
from crm.staff.models import User

UNUSABLE = 2


class Command(BaseCommand):
    """Exit 0 when it was asked to end, 1 when a process of it ended by itself, 2: nothing was started."""

    help = "Serve the embedded bank of the data folder: web server, worker and clock, until Ctrl-C. In production each is a service."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse, or serve."""
        host, port = options["host"], options["port"]
        self._require(host, port)
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        with serving.held() as is_alone:
            if not is_alone:
                self._refuse("The bank in this folder is being served already; end that first.")
            code = serving.serve(host, port, ready=lambda: self.stderr.write(f"Serving at http://{host}:{port}/ (Ctrl-C ends it)"))
        if code:
            sys.exit(code)

    def _require(self, host: str, port: int) -> None:
        if settings.MODE == "production":
            self._refuse("In production the web server, the workers and the clock are services of their own; see the README.")
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._refuse("The tables of this database are not those of this release: run migrate first.")
        if not User.objects.exists():
            self._refuse("Nobody could sign in yet: begin_bank makes the first two administrators.")
        if not serving.is_free(host, port):
            self._refuse(f"Nothing can listen at {host}:{port}: the port is taken or the address is not this machine's.")

    def _refuse(self, sentence: str) -> None:
        raise CommandError(sentence, returncode=UNUSABLE)
