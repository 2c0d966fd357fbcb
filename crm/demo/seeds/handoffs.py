"""Packs of the demo bank on their way to the credit department: one handed off, one whose first version stands on hold under a draft."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

from credit.handoff import services as handoff
from credit.handoff.choices import Act
from credit.handoff.services.endorsing import level_of
from credit.memos import services as memos
from credit.memos.catalogue import ADVERSE
from credit.memos.models import Section
from credit.memos.services import Draft
from credit.packs import services as packs
from credit.packs.guarding import obstacles_of
from credit.packs.models import Pack
from credit.packs.rules import FacilityEntry, PackOrder, PartyEntry, SecurityEntry
from credit.packs.selectors import draft_of
from crm.companies.services.groups import confirm_group
from crm.demo.seeds.bank import Bank
from crm.demo.seeds.packs import Case, plant_one
from crm.kernel.errors import DomainError
from crm.staff.models import User
from crm.visits import services as visits
from crm.visits.choices import VisitKind
from crm.visits.rules import Entry

TEXTS = {
    1: "A trust receipt line of HK$ 8.0m for frozen food from three suppliers, 90 days.\n\n"
    "| Facility | Now | Asked |\n|---|---|---|\n| Trust receipt | 6.0m | 8.0m |\n\n"
    "I **recommend** it: the goods are sold before the bills fall due.",
    2: "# Owners\nThe founder holds 70 %, her son 30 %. Both work in the company.\n\n"
    "# History\nFounded as a stall in Sheung Wan; a cold store since 2009.",
    4: "- Buys from two houses in Brazil and one in Spain\n- Sells to 40 restaurants and 2 chains\n- The largest buyer takes 18 %",
    7: "Stock turns in 48 days and buyers pay in 41; suppliers are paid at sight. The season from October to January needs 2m more.",
    8: "First the sale of the goods, second the pledged deposit, third the founder’s guarantee.",
    12: "| Risk | Softened by |\n|---|---|\n| Prices of beef fall | Half of the stock is sold before it lands |\n"
    "| A chain pays late | Credit insurance up to 80 % |",
    ADVERSE: "A supplier sued over a short delivery in 2024. It was settled for HK$ 140,000 and paid.",
    19: "I have known the founder for six years. She tells bad news first.",
}
_REST = "Nothing speaks against the request here; the papers behind this section are in the checklist."
CASES = (
    Case(
        16, "rm2", "golden-hill-foods", PackOrder("A", "sme", "increase", ("company",)),
        (
            FacilityEntry("TR", "HKD", Decimal(8_000_000), 12, "Frozen food from three suppliers, 90 days", base_rate="1M HIBOR",
                          margin_bps=Decimal(190), existing=Decimal(6_000_000)),
        ),
        parties=(PartyEntry("guarantor", person_name="Kam Mei Shan", note="Founder"),),
        securities=(SecurityEntry("deposit", "Time deposit of the company", Decimal(2_000_000)),), step="writing",
    ),
    Case(
        20, "rm", "lok-sang-trading", PackOrder("A", "sme", "renewal", ("company",)),
        (
            FacilityEntry("OD", "HKD", Decimal(5_000_000), 12, "Wages and rent before buyers pay", base_rate="Prime",
                          existing=Decimal(5_000_000)),
        ),
        parties=(PartyEntry("guarantor", person_name="Lok Sang"),), step="writing",
    ),
)  # fmt: skip
REOPENED = "lok-sang-trading"


def plant(bank: Bank) -> None:
    """Each by the very services that people use."""
    for case in CASES:
        if case.company in bank.companies and case.manager in bank.people:
            pack = hand_off(bank, case)
            if pack is not None and case.company == REOPENED:
                fresh, at = User.objects.get(username=case.manager), bank.now - dt.timedelta(hours=28)
                packs.open_version(pack_id=pack.pk, reason="The company asks for 1.0m more", actor=fresh, now=at)


def hand_off(bank: Bank, case: Case, *, days: int = 2) -> Pack | None:
    """One pack, written, endorsed and handed off some days ago."""
    pack = submit(bank, case, days=days)
    if pack is None:
        return None
    endorser = bank.head_of(case.manager) if level_of(pack) == "TH" else User.objects.get(pk=_centre_head(pack))
    view = "I went along on the last visit. The trade is real, and the line is used as agreed."
    at = bank.now - dt.timedelta(days=days) + dt.timedelta(hours=3)
    handoff.decide(pack_id=pack.pk, act=Act.ENDORSE, view=view, actor=User.objects.get(pk=endorser.pk), now=at)
    return Pack.objects.get(pk=pack.pk)


def submit(bank: Bank, case: Case, *, days: int = 2) -> Pack | None:
    """One pack, written and sealed some days ago, that waits for its endorsement; None where something stands in its way."""
    manager, head = (User.objects.get(username=name) for name in (case.manager, bank.head_of(case.manager).username))
    pack = plant_one(bank, case)
    at = bank.now - dt.timedelta(days=days)
    visited_on = bank.working_day(case.manager, at.date() - dt.timedelta(days=5))
    _visit(pack, manager, head, bank.at(visited_on, 11))
    _write(pack, manager, at)
    _confirm_group(pack, head, at)
    version = draft_of(pack)
    if version is None:
        return None
    version.pack = Pack.objects.select_related("company__group", "centre", "team", "owner").get(pk=pack.pk)
    if obstacles_of(version, at):
        return None  # Written and attested; what else stands in its way is a case of the demo bank too.
    handoff.submit_for_endorsement(pack_id=pack.pk, actor=manager, now=at)
    return Pack.objects.get(pk=pack.pk)


def _confirm_group(pack: Pack, head: User, at: dt.datetime) -> None:
    """The head says that the group's tree stands, where it was not said lately."""
    if pack.company.group_id is not None:
        with suppress(DomainError):
            confirm_group(group_id=pack.company.group_id, actor=head, now=at)


def _centre_head(pack: Pack) -> int:
    return int(pack.centre.posts.filter(role="RCH").values_list("user_id", flat=True)[0])


def _visit(pack: Pack, manager: User, head: User, at: dt.datetime) -> None:
    """The manager and the head went together."""
    summary = "Went through stock, orders and the ageing list with the owner. All as written in the accounts."
    entry = Entry(happened_at=at, summary=summary, kind=VisitKind.JOINT, colleague_ids=(head.pk,))
    visits.log_visit(actor=manager, now=at + dt.timedelta(hours=2), company_id=pack.company_id, entry=entry)


def _write(pack: Pack, manager: User, at: dt.datetime) -> None:
    version = draft_of(pack)
    rows = Section.objects.filter(version=version)
    for row in rows:
        draft = Draft(TEXTS.get(row.code, _REST), is_done=True, edits=row.edits)
        memos.save_section(section_id=row.pk, draft=draft, actor=manager, now=at - dt.timedelta(hours=1))
    memos.attest(pack_id=pack.pk, none_known=False, actor=manager, now=at - dt.timedelta(minutes=30))
