"""`manage.py concession_level --type CT1 … --as USER [--client NAME] [--json]`: whether a concession is one's own to settle.

It answers with nothing else: neither a figure nor a level (domain 5.3).
"""

import datetime as dt
import json
from argparse import ArgumentParser
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils import timezone

from crm.concessions import rules, services
from crm.concessions.choices import Kind, ProbeVia
from crm.concessions.rules import Terms
from crm.concessions.selectors import askable_companies
from crm.kernel.errors import DomainError

BAD_INPUT = 2
_OPTIONS = {
    "amount": ("amount", "amount of the loan, deposit, deal, excess or drawing; of a fee, what is waived"),
    "bp": ("bp", "basis points"),
    "days": ("days", "days"),
    "standard": ("standard", "the standard fee"),
    "standard-bp": ("standard_bp", "the standard spread in basis points"),
    "cut-percent": ("cut_percent", "how much of the spread is cut, in percent"),
    "limit": ("limit", "the overdraft limit"),
    "points": ("points", "percentage points"),
    "minutes": ("minutes", "minutes"),
}
OPTION_OF = {field: option for option, (field, _help) in _OPTIONS.items()}


class Command(BaseCommand):
    """Prints {"yours": true, "goes_to": null} or {"yours": false, "goes_to": "next level"}; exit 2 for input that cannot be judged."""

    help = "Whether a concession would be this person's own to settle. It says neither a figure nor a level."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The figures of each type, and for whom."""
        parser.add_argument("--type", required=True, dest="kind", help="CT1 to CT10")
        parser.add_argument("--as", required=True, dest="username", help="user name of who asks")
        parser.add_argument("--client", default="", help="the client's name or number; without one, as if nothing had been used before")
        parser.add_argument("--currency", default="", help="of the amounts; without one, the centre's")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        for option, (field, text) in _OPTIONS.items():
            parser.add_argument(f"--{option}", dest=field, default=None, help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, and say yes or no."""
        now = timezone.now()
        actor = get_user_model()._default_manager.filter(username=options["username"], is_active=True).first()
        if actor is None:
            raise CommandError(f"Nobody is called {options['username']}.", returncode=BAD_INPUT)
        yours = self._look(actor, options, now)
        answer = {"yours": yours, "goes_to": None if yours else "next level"}
        self.stdout.write(json.dumps(answer) if options["json"] else ("yours" if yours else "goes to: next level"))

    def _look(self, actor: Any, options: dict[str, Any], now: dt.datetime) -> bool:
        terms = _terms(options)
        try:
            return services.look_at_level(
                actor=actor,
                now=now,
                company_id=_company_id(actor, options["client"]),
                terms=terms,
                currency=options["currency"].upper(),
                via=ProbeVia.COMMAND,
            )
        except DomainError as error:
            what = "; ".join(f"--{OPTION_OF.get(field, field)}: {sentence}" for field, sentence in error.fields.items())
            raise CommandError(what or str(error), returncode=BAD_INPUT) from error


def _terms(options: dict[str, Any]) -> Terms:
    """The figures of the type. CommandError for an unknown type, a figure that is none, one too many or one too few."""
    kind = options["kind"].upper()
    if kind not in Kind.values:
        raise CommandError(f"There is no type {options['kind']}: CT1 to CT10.", returncode=BAD_INPUT)
    given = {field: options[field] for field, _help in _OPTIONS.values() if options[field] is not None}
    wanted = rules.FIELDS[kind]
    for field in wanted:
        if field not in given:
            raise CommandError(f"{kind} needs --{OPTION_OF[field]}.", returncode=BAD_INPUT)
    for field in given:
        if field not in wanted:
            raise CommandError(f"{kind} takes no --{OPTION_OF[field]}.", returncode=BAD_INPUT)
    return Terms(kind, **{field: _figure(field, text) for field, text in given.items()})


def _figure(field: str, text: str) -> Decimal:
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise CommandError(f"--{OPTION_OF[field]}: {text!r} is no number.", returncode=BAD_INPUT)
    return found


def _company_id(actor: Any, name: str) -> int | None:
    """The client whose name or number this is, among those that the person looks after. CommandError for none, or several."""
    if not name:
        return None
    clients = askable_companies(actor)
    exact = Q(name_en__iexact=name) | Q(name_zh=name) | Q(client__number__iexact=name)
    found = list(clients.filter(exact)[:2]) or list(clients.named(name)[:2])
    if len(found) != 1:
        problem = "No client" if not found else "More than one client"
        raise CommandError(f"{problem} of {actor.username} is called {name}.", returncode=BAD_INPUT)
    return int(found[0].pk)
