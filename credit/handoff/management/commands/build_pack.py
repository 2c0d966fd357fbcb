"""`manage.py build_pack NUMBER --out FILE --as USER [--version N] [--language en] [--json]`: a sealed pack as one ZIP."""

import json
import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from credit.handoff import archive, packing
from credit.handoff.models import Seal
from credit.packs.models import Pack, PackVersion
from crm.kernel.errors import DomainError

BAD_INPUT = 2


class Command(BaseCommand):
    """Writes the newest sealed version (or the one asked for) that this person may see; exit 1 where a document is not what was sealed."""

    help = "Write a sealed credit pack with its documents, manifest and PDF as one ZIP."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which pack, where to, as whom."""
        parser.add_argument("number", metavar="NUMBER", help="as pages show it: YT-2026-03")
        parser.add_argument("--out", required=True, metavar="FILE")
        parser.add_argument("--as", required=True, dest="username", metavar="USER")
        parser.add_argument("--of-version", type=int, default=None, metavar="N", help="by default the newest that is sealed")
        parser.add_argument("--language", default="en", choices=("en", "zh-hant", "zh-hans"), help="of the PDF")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write it beside its place first, so that no half archive is ever found there."""
        seal = self._seal(options)
        out = Path(options["out"])
        try:
            handle, temporary = tempfile.mkstemp(prefix=".building-", dir=out.parent)
        except OSError as error:
            raise CommandError(f"{out.parent} cannot be written to.", returncode=BAD_INPUT) from error
        try:
            with os.fdopen(handle, "wb") as target:
                size = archive.write(packing.members_of(seal, language=options["language"]), target)
            Path(temporary).replace(out)
        except (archive.Torn, FileNotFoundError) as error:
            raise CommandError(f"{error}: its content is not what was sealed. Nothing was written.", returncode=1) from error
        except DomainError as error:
            raise CommandError(str(error), returncode=1) from error
        finally:
            Path(temporary).unlink(missing_ok=True)
        told = {"number": seal.told["pack"], "version": seal.told["version"], "documents": seal.documents.count()}
        answer = {**told, "seal": seal.hash, "bytes": size}
        self.stdout.write(json.dumps(answer) if options["json"] else f"{out}: {size} bytes, seal {seal.hash}")

    def _seal(self, options: dict[str, Any]) -> Seal:
        actor = get_user_model()._default_manager.filter(username=options["username"], is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody is called {options['username']}.", returncode=BAD_INPUT)
        pack = Pack.objects.visible_to(actor).filter(number=options["number"]).first()
        if pack is None:
            raise CommandError(f"{options['username']} sees no pack {options['number']}.", returncode=BAD_INPUT)
        versions = PackVersion.objects.visible_to(actor).filter(pack=pack)
        seals = Seal.objects.filter(version__in=versions).select_related("version__pack__company", "version__pack__owner")
        if options["of_version"] is not None:
            seals = seals.filter(version__number=options["of_version"])
        seal: Seal | None = seals.order_by("-position").first()
        if seal is None:
            raise CommandError(f"No such version of {pack.number} is sealed.", returncode=BAD_INPUT)
        return seal
