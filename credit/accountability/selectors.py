"""Reads over accountability files: the duties as they stand, what was frozen, who answered for the client when."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, OuterRef, Q, Subquery

from credit.accountability import parts, rules
from credit.accountability.choices import TONES, Standing
from credit.accountability.models import Case, Compilation, DutyFile, Entry, Ruling, Statement
from credit.decisions.models import Decision, Vote
from credit.packs.choices import LIVE
from credit.packs.models import Facility, Pack, PackEvent
from credit.risk.choices import LoanClass
from credit.risk.models import Movement, Proposal
from credit.risk.models import Standing as RiskStanding
from crm.clients.models import Client
from crm.companies.choices import CoverageKind
from crm.companies.models import Coverage
from crm.policy import selectors as policy

RELATED = ("pack__company", "pack__owner", "client__company", "client__centre", "client__owner", "originator")
WORST_ALLOWED = LoanClass.SPECIAL_MENTION
"""A loan in a worse class has its file frozen (domain 7.7: class 3 or worse)."""


def scope_of(file: DutyFile, until: dt.datetime) -> parts.Scope:
    """The duties of a file up to a moment."""
    return parts.Scope(
        client_id=file.client_id,
        company_id=file.client.company_id,
        pack_id=file.pack_id,
        centre=file.client.centre,
        since=file.since,
        until=until,
    )


@dataclass(frozen=True)
class Line:
    """A duty as the page shows it."""

    words: Any
    label: str
    due_at: dt.datetime
    done_at: dt.datetime | None
    standing: Standing
    url: str = ""

    @property
    def tone(self) -> str:
        """Of its chip."""
        return TONES[self.standing]


def lines(duties: Sequence[parts.Duty]) -> list[Line]:
    """Duties for reading, the latest due first."""
    words = parts.words_of_kinds()
    found = [
        Line(words.get(one.kind, one.kind), one.label, one.due_at, one.done_at, rules.standing(one.due_at, one.done_at), one.url)
        for one in duties
    ]
    return found[::-1]


def last_frozen(file: DutyFile) -> Compilation | None:
    """What was frozen last, None where the loan never turned bad."""
    found: Compilation | None = file.compilations.order_by("-at", "-pk").first()
    return found


def frozen_columns(rows: Any) -> Any:
    """Files with the score, class and day of what was frozen of them last."""
    last = Compilation.objects.filter(file_of=OuterRef("pk")).order_by("-at", "-pk")
    return rows.annotate(**{f"frozen_{name}": Subquery(last.values(name)[:1]) for name in ("score", "due", "on_time", "at", "loan_class")})


def entries_of(file: DutyFile, user: Any) -> list[Entry]:
    """The oldest first."""
    return list(Entry.objects.visible_to(user).filter(file_of=file).select_related("actor", "file").order_by("at", "pk"))


def people_of(company_id: int) -> list[Coverage]:
    """Who looked after a client, from when to when."""
    rows = Coverage.objects.filter(company_id=company_id, kind=CoverageKind.CLIENT).select_related("owner", "post")
    return list(rows.order_by("from_at", "pk"))


def facilities_of(pack: Pack) -> list[Facility]:
    """Of the version that was sealed last."""
    newest = pack.versions.exclude(sealed_at=None).order_by("-number").values("pk")[:1]
    return list(Facility.objects.filter(version__in=newest).order_by("pk"))


def unopened() -> list[int]:
    """Packs that are live, of clients, and have no file."""
    rows = Pack.objects.filter(state__in=LIVE, duty_file=None, company__client__isnull=False)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def fall_of(client_id: int) -> Movement | None:
    """The movement by which the client's debt, or a part of it, came last into class 3 or worse, as long as it stands there."""
    bad = RiskStanding.objects.filter(client_id=client_id, loan_class__gt=WORST_ALLOWED).values("pk")
    fell = Q(new_loan_class__gt=WORST_ALLOWED) & (Q(old_loan_class=None) | Q(old_loan_class__lte=WORST_ALLOWED))
    rows = Movement.objects.filter(fell, standing__in=bad).select_related("standing")
    return rows.order_by("-at", "-pk").first()


def unfrozen_clients() -> list[int]:
    """Clients in class 3 or worse of whom a file was not frozen since they fell there."""
    bad = RiskStanding.objects.filter(loan_class__gt=WORST_ALLOWED)
    files = DutyFile.objects.filter(client__in=bad.values("client_id")).annotate(frozen=Max("compilations__at"))
    found = set()
    for file in files.order_by("pk"):
        fall = fall_of(file.client_id)
        if fall is not None and (file.frozen is None or file.frozen < fall.at):
            found.add(file.client_id)
    return sorted(found)


def class_of(client: Client) -> int | None:
    """The worst class of a client's debts."""
    found: int | None = RiskStanding.objects.filter(client=client).aggregate(worst=Max("loan_class"))["worst"]
    return found


COMMITTEE, DEFERRAL = "accountability.committee", "accountability.deferral"


def figures(client: Client, on: dt.date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The bank's figures of committees and of deferral on a day. One statement."""
    found = policy.tables((COMMITTEE, DEFERRAL), jurisdiction=client.centre.jurisdiction, on=on)
    return dict(found[COMMITTEE]), dict(found[DEFERRAL])


def case_of(frozen: Compilation | None) -> Case | None:
    """The committee on a frozen file."""
    return Case.objects.filter(compilation=frozen).select_related("actor", "manager").first() if frozen is not None else None


def ruling_of(case: Case | None) -> Ruling | None:
    """What it decided."""
    return Ruling.objects.filter(case=case).select_related("actor").first() if case is not None else None


def respondents(file: DutyFile, case: Case) -> set[int]:
    """Who is judged: who looked after the client as the file was frozen, and who began the loan."""
    return {case.manager_id, file.originator_id}


def statements_of(case: Case) -> list[Statement]:
    """The oldest first."""
    return list(Statement.objects.filter(case=case).select_related("actor").order_by("at", "pk"))


def had_a_part(file: DutyFile) -> set[int]:
    """Everybody who acted in the loan or for the client: its managers, the steps and decisions of the pack, its classes. Six statements."""
    found: set[int | None] = {file.originator_id, file.pack.owner_id, file.client.owner_id}
    found.update(Coverage.objects.filter(company_id=file.client.company_id).values_list("owner_id", flat=True))
    for model in (PackEvent, Decision):
        found.update(model.objects.filter(pack_id=file.pack_id).values_list("actor_id", flat=True))
    found.update(Vote.objects.filter(motion__pack_id=file.pack_id).values_list("actor_id", flat=True))
    found.update(Movement.objects.filter(standing__client_id=file.client_id).values_list("actor_id", flat=True))
    rows = Proposal.objects.filter(standing__client_id=file.client_id)
    for people in rows.values_list("proposed_by_id", "reviewed_by_id", "ended_by_id"):
        found.update(people)
    return {one for one in found if one is not None}
