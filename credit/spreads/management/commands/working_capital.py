"""`manage.py working_capital --sales … --margin … --growth … --dio … --dso … --dpo … [--json]`: the mainland's need (domain 6.6)."""

import json
import tomllib
from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from django.utils import timezone

from credit.spreads.rules import NeedCase, working_capital_need
from credit.spreads.selectors import bank_figures
from crm.kernel.errors import DomainError
from crm.staff.choices import Jurisdiction

BAD_INPUT = 2
_SEEDS = Path(__file__).resolve().parents[2] / "policy.toml"
_NEEDED = {
    "sales": "last year's sales",
    "margin": "last year's margin, as a fraction of sales",
    "growth": "expected growth, as a fraction",
    "dio": "days of stock",
    "dso": "days of debtors",
    "dpo": "days of creditors",
}
_FURTHER = {
    "prepaid": "days of prepayments",
    "advance": "days of receipts in advance",
    "own": "own funds",
    "loans": "existing working-capital loans",
    "other": "other funding",
}


class Command(BaseCommand):
    """Prints {"need", "maximum_new_loan"} in whole units; with --request also "exception". Exit 2 for input that gives no need."""

    help = "The working-capital need of a mainland company, and the most that a new loan may be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The figures of the formula."""
        for name, text in _NEEDED.items():
            parser.add_argument(f"--{name}", required=True, help=text)
        for name, text in _FURTHER.items():
            parser.add_argument(f"--{name}", default="0", help=f"{text}; by default 0")
        parser.add_argument("--request", default=None, help="the loan asked for: then by how much it goes beyond is said too")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work it out."""
        given = {name: _figure(name, options[name]) for name in (*_NEEDED, *_FURTHER)}
        asked = None if options["request"] is None else _figure("request", options["request"])
        basis = _basis_days()
        try:
            found = working_capital_need(NeedCase(**given, request=asked), basis=basis)
        except DomainError as error:
            where = next(iter(error.fields), "")
            raise CommandError(f"--{where}: {error}" if where else str(error), returncode=BAD_INPUT) from error
        answer = {"need": found.need, "maximum_new_loan": found.maximum_new_loan}
        if found.exception is not None:
            answer["exception"] = found.exception
        self.stdout.write(json.dumps(answer) if options["json"] else "\n".join(f"{name}: {value:,}" for name, value in answer.items()))


def _basis_days() -> int:
    """The bank's figure; before there is a bank (no database yet), the first one that it would be planted with."""
    try:
        return bank_figures(Jurisdiction.CN, on=timezone.localdate()).basis_days
    except (OperationalError, ProgrammingError, ImproperlyConfigured):
        planted = tomllib.loads(_SEEDS.read_text(encoding="utf-8"))["figure"]
        return int(next(figure["value"] for figure in planted if figure["table"] == "spreads.need"))


def _figure(name: str, text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise CommandError(f"--{name}: {text!r} is no number.", returncode=BAD_INPUT)
    return found
