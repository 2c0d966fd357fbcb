"""Packs of the demo bank in the states that the other seeds leave out, from one that waits for its endorsement to one that matured."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

from credit.decisions import services
from credit.decisions.rules import Ruling
from credit.decisions.selectors import letter_templates
from credit.packs import services as packs
from credit.packs.choices import State
from credit.packs.models import Pack
from credit.packs.rules import FacilityEntry, PackOrder, PartyEntry, SecurityEntry
from credit.reviews import services as reviews
from crm.demo.seeds.bank import Bank
from crm.demo.seeds.handoffs import hand_off, submit
from crm.demo.seeds.packs import Case, plant_one
from crm.demo.seeds.reviews import APPROVERS
from crm.kernel.errors import RuleBroken
from crm.staff.models import User

COURSES = (
    ("eric.hung", "brilliant-kite-toys", "A", State.ENDORSE, "Plush and wages before the Nuremberg fair", "Ho Siu Kite"),
    ("joyce.wan", "hoi-lung-catering", "B", State.IN_REVIEW, "Deposits for three new canteens", "Lung Hoi"),
    ("clement.yeung", "fook-lee-steel", "B", State.WRITING_B, "Rebar between order and site", "Lee Fook"),
    ("eric.hung", "star-loom-apparel", "A", State.FOR_DECISION, "Fabric for the autumn range", "Sing Loom"),
    ("joyce.wan", "luen-fat-motors", "A", State.RETURNED, "Cars in the showroom", "Luen Fat"),
    ("clement.yeung", "yick-shing-cold-store", "A", State.DEFERRED, "Power before restaurants pay", "Yick Shing"),
    ("bonnie.cheng", "pacific-quill-commodities", "A", State.APPROVED, "Pepper between two ships", "Quill Yu"),
    ("bonnie.cheng", "island-meridian-chemicals", "A", State.CP_PENDING, "Resin from Korea, paid at sight", "Meridian Ho"),
    ("adrian.lau", "kong-chong-agencies", "A", State.LAPSED, "Port dues before owners pay", "Kong Chong"),
    ("bonnie.cheng", "tsz-kwong-printing", "A", State.CANCELLED, "Paper before the schools pay", "Tsz Kwong"),
    ("grace.tang", "chiu-yuet-properties", "A", State.MATURED, "Rates and wages of one month", "Chiu Yuet"),
    ("joyce.wan", "apex-ridge-optical", "A", State.WITHDRAWN, "Lenses from Japan", "Ridge Au"),
)
EARLY = {State.ENDORSE: 1, State.LAPSED: 60, State.MATURED: 60}
"""How many days ago it was handed off, where not nine."""


def plant(bank: Bank) -> None:
    """Each by the very services that people use; one in whose way something stands stays with its manager."""
    for manager, company, authorship, state, purpose, guarantor in COURSES:
        if company in bank.companies and manager in bank.people:
            months = 1 if state == State.MATURED else 12
            asked = FacilityEntry("OD", "HKD", Decimal(800_000), months, purpose, base_rate="Prime", margin_bps=Decimal(25))
            days = EARLY.get(state, 9)
            order = PackOrder(authorship, "sme", "new", ("company",))
            parties = (PartyEntry("guarantor", person_name=guarantor),)
            # Secured in full, an approver decides it: beside other lines of the group it would else be the committee's.
            pledge = (SecurityEntry("deposit", "Time deposit of the company", asked.amount),)
            step = "docs" if authorship == "B" else "writing"
            _go(
                bank, Case(days * 5 // 7 + 8, manager, company, order, (asked,), parties=parties, securities=pledge, step=step), state, days
            )
    services.lapse(now=bank.now)
    services.age(now=bank.now)


def _go(bank: Bank, case: Case, state: State, days: int) -> None:
    if state == State.WITHDRAWN:
        pack = plant_one(bank, case)
        packs.withdraw(pack_id=pack.pk, reason="The owner sells the shop instead", actor=pack.owner, now=bank.now - dt.timedelta(days=2))
        return
    found = submit(bank, case, days=days) if state == State.ENDORSE else hand_off(bank, case, days=days)
    if found is not None and state != State.ENDORSE:
        _review(bank, found, state, bank.now - dt.timedelta(days=days - 1))


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _review(bank: Bank, pack: Pack, state: State, at: dt.datetime) -> None:
    analyst = _person("analyst2")
    reviews.assign(pack_id=pack.pk, analyst_id=analyst.pk, actor=analyst, now=at)
    if state == State.WRITING_B:
        reviews.start_memo(pack_id=pack.pk, actor=analyst, now=at + dt.timedelta(hours=5))
    elif state == State.RETURNED:
        defects = "The ageing list is of March\nThe guarantor’s statement of net worth names no debts"
        reviews.return_pack(pack_id=pack.pk, defects=defects, actor=analyst, now=at + dt.timedelta(days=1))
    elif state != State.IN_REVIEW:
        reviews.rate(pack_id=pack.pk, rating="R3", reason="Steady cash, thin equity", actor=analyst, now=at + dt.timedelta(days=1))
        case = services.route(pack_id=pack.pk, is_connected=False, exception="", actor=analyst, now=at + dt.timedelta(days=1))
        if state != State.FOR_DECISION and case.level in APPROVERS:
            _decide(pack, state, _person(APPROVERS[case.level]), at + dt.timedelta(days=2))


def _decide(pack: Pack, state: State, approver: User, at: dt.datetime) -> None:
    if state in (State.DEFERRED, State.LAPSED):
        due_on = (at + dt.timedelta(days=21)).date()
        items = "The lease of the store\nAn ageing list of this month"
        ruling = Ruling("defer", "The trade is sound; two papers decide it.", items=items, due_on=due_on)
    else:
        ruling = Ruling("approve", "A small line for a trade that we know.")
    services.decide(pack_id=pack.pk, ruling=ruling, actor=approver, now=at)
    if state in (State.CP_PENDING, State.CANCELLED, State.MATURED):
        _lend(pack, state, at + dt.timedelta(days=1))


def _lend(pack: Pack, state: State, at: dt.datetime) -> None:
    template = letter_templates().first()
    if template is None:
        return
    services.draw_letter(pack_id=pack.pk, template_id=template.pk, language="en", actor=_person("cad"), now=at)
    services.offer(pack_id=pack.pk, actor=_person("cad2"), now=at + dt.timedelta(hours=2))
    services.accept(pack_id=pack.pk, signed_by="The director", actor=pack.owner, now=at + dt.timedelta(days=1))
    if state == State.CP_PENDING:
        return
    services.go_live(pack_id=pack.pk, actor=_person("cad"), now=at + dt.timedelta(days=1, hours=3))
    if state == State.CANCELLED:
        reason = "The client pays out of its own funds again"
        with suppress(RuleBroken):  # The core bank's files may have something drawn by this client: its limit stays live.
            services.cancel(pack_id=pack.pk, reason=reason, actor=pack.owner, now=at + dt.timedelta(days=2))
