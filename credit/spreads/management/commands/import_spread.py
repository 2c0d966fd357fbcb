"""`manage.py import_spread FILE --client NAME --as USER [--json]`: statements of a client from XLSX or CSV."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone, translation

from credit.spreads import services
from credit.spreads.choices import UnitOfMoney
from credit.spreads.models import Spread
from credit.spreads.services import Loaded
from crm.companies.models import Company
from crm.kernel.errors import DomainError
from crm.kernel.outbox import deliver_pending

BAD_INPUT = 2


class Command(BaseCommand):
    """Prints {"periods", "lines", "untied", "refused", "unknown"}; exit 2 for a file or argument that cannot be used, nothing changed."""

    help = "Load statements of a client into its spread: lines down or across, or one figure a row."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The options of the contract, and what a file does not say by itself."""
        parser.add_argument("file")
        parser.add_argument("--client", required=True, help="the client's name or number")
        parser.add_argument("--as", required=True, dest="username", metavar="USER", help="act with this person's rights")
        parser.add_argument("--sheet", default="", help="by default the first that holds anything")
        parser.add_argument("--unit", type=int, choices=UnitOfMoney.values, help="what 1 in the file stands for, where it does not say so")
        parser.add_argument("--only", default="", metavar="COLUMN=VALUE", help="of a file with many companies, whose rows to read")
        parser.add_argument("--missing", default="", help="what stands in the file for “not known”, such as -1.0")
        parser.add_argument("--currency", default="", help="of a spread that is begun now; by default that of one's centre")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, take over, report."""
        actor = get_user_model()._default_manager.filter(username=options["username"], is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody is called {options['username']}.", returncode=BAD_INPUT)
        path = Path(options["file"])
        if not path.is_file():
            raise CommandError(f"There is no file {path}.", returncode=BAD_INPUT)
        try:
            with translation.override(actor.language):
                report = self._load(path, actor, options)
                text = json.dumps(report.to_json(), ensure_ascii=False) if options["json"] else _in_words(report)
        except DomainError as error:
            raise CommandError(str(error), returncode=BAD_INPUT) from error
        deliver_pending()
        self.stdout.write(text)

    def _load(self, path: Path, actor: Any, options: dict[str, Any]) -> Loaded:
        company = _company(actor, options["client"])
        spread = Spread.objects.visible_to(actor).filter(company=company).first()
        unit = options["unit"]
        told = {"sheet": options["sheet"], "only": options["only"], "missing": options["missing"], "own_unit": unit}
        months = spread.year_end_month if spread else 12
        reading = services.read_statements(path, path.name, unit=spread.unit if spread else unit or 1, year_end_month=months, **told)
        kept = {name: told[name] for name in ("only", "missing", "own_unit")}
        said = {"currency": options["currency"], "unit": unit}
        return services.load_file(company_id=company.pk, path=path, reading=reading, actor=actor, now=timezone.now(), begin=said, **kept)


def _company(actor: Any, name: str) -> Company:
    """The company whose name or number this is, among those that the person's spreads may be of. CommandError for none, or several."""
    companies = Company.objects.covered_for(actor)
    handed = Spread.objects.visible_to(actor).values("company_id")
    seen = Company.objects.visible_to(actor).filter(Q(pk__in=companies.values("pk")) | Q(pk__in=handed))
    exact = Q(name_en__iexact=name) | Q(name_zh=name) | Q(client__number__iexact=name)
    found = list(seen.filter(exact)[:2]) or list(seen.named(name)[:2])
    if len(found) != 1:
        problem = "No client" if not found else "More than one client"
        raise CommandError(f"{problem} of {actor.username} is called {name}.", returncode=BAD_INPUT)
    return found[0]


def _in_words(report: Loaded) -> str:
    lines = [f"{report.periods} periods, {report.lines} figures."]
    lines += [f"{check.ends_on} {check.label}: {check.expected:f} / {check.stated:f}" for check in report.untied]
    lines += [f"{refusal.place} {refusal.label}: {refusal.reason}" for refusal in report.refused]
    return "\n".join(lines)
