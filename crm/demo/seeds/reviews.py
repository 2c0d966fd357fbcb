"""Packs of the demo bank with the credit department: a question open, a fact check, one decided with conditions, one declined, one whose
facility letter is out, one whose limit is live.
"""  # fmt: skip

import datetime as dt
from decimal import Decimal
from typing import Any

from credit.decisions import rules, services
from credit.decisions.models import Case as DecisionCase
from credit.decisions.rules import Ruling
from credit.decisions.selectors import letter_templates
from credit.packs.choices import State
from credit.packs.models import Pack
from credit.packs.rules import FacilityEntry, PackOrder, PartyEntry, SecurityEntry
from credit.reviews import services as reviews
from crm.demo.seeds.bank import Bank
from crm.demo.seeds.handoffs import hand_off
from crm.demo.seeds.packs import Case
from crm.staff.models import User

ANALYST, OTHER = "analyst", "analyst2"
APPROVERS = {"CO1": "co1", "CO2": "co2", "CO3": "approver"}
MEMO = (
    "The company keeps cold rooms in Kwai Chung and bills restaurants by the pallet and week.\n"
    "Turnover of HK$ 31m, of which two chains give 28 %. Debt is served 1.6 times by cash flow.\n"
    "In the opinion of the analyst the line suits the trade; rent rises in 2027 are the weak point."
)


def _overdraft(amount: str, purpose: str) -> tuple[FacilityEntry, ...]:
    worth = Decimal(amount)
    return (FacilityEntry("OD", "HKD", worth, 12, purpose, base_rate="Prime", margin_bps=Decimal(25), existing=worth),)


def _renewal(authorship: str) -> PackOrder:
    return PackOrder(authorship, "sme", "renewal", ("company",))


ASKED = Case(
    19, "rm", "tung-shing-packaging", _renewal("A"), _overdraft("2500000", "Board and film before the mid-autumn orders are paid"),
    parties=(PartyEntry("guarantor", person_name="Tung Shing"),),
    securities=(SecurityEntry("deposit", "Time deposit of the company", Decimal(1_000_000)),), step="writing",
)  # fmt: skip
CHECKED = Case(
    19, "rm2", "golden-hill-cold-chain", _renewal("B"), _overdraft("2000000", "Power and rent before restaurants pay"),
    parties=(PartyEntry("guarantor", person_name="Kam Mei Shan"),), step="docs",
)  # fmt: skip
GRANTED = Case(
    20, "rm", "shing-cheung-motors", _renewal("A"), _overdraft("1500000", "Spare parts in stock"),
    parties=(PartyEntry("guarantor", person_name="Cheung Shing"),), step="writing",
)  # fmt: skip
REFUSED = Case(
    20, "rm2", "wing-kee-tools", _renewal("A"), _overdraft("1200000", "Tools from Taiwan, paid at sight"),
    parties=(PartyEntry("guarantor", person_name="Wing Kee"),), step="writing",
)  # fmt: skip
OFFERED = Case(
    20, "hilda.tsang", "man-on-paper", _renewal("A"), _overdraft("1000000", "Pulp before the schools pay"),
    parties=(PartyEntry("guarantor", person_name="Man On"),), step="writing",
)  # fmt: skip
LENT = Case(
    20, "marcus.ip", "fook-hing-metal", _renewal("A"), _overdraft("1800000", "Copper between two castings"),
    parties=(PartyEntry("guarantor", person_name="Fook Hing"),), step="writing",
)  # fmt: skip


def plant(bank: Bank) -> None:
    """Each by the very services that people use."""
    for case, go_on in ((ASKED, _ask), (CHECKED, _write), (GRANTED, _grant), (REFUSED, _refuse), (OFFERED, _offer), (LENT, lend)):
        if case.company in bank.companies and case.manager in bank.people:
            pack = hand_off(bank, case, days=9)
            if pack is not None:
                go_on(bank, pack)


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _take(bank: Bank, pack: Pack, name: str = ANALYST) -> tuple[User, dt.datetime]:
    """An analyst takes it the day after it was handed off."""
    analyst, at = _person(name), bank.now - dt.timedelta(days=8)
    reviews.assign(pack_id=pack.pk, analyst_id=analyst.pk, actor=analyst, now=at)
    return analyst, at


def _ask(bank: Bank, pack: Pack) -> None:
    """A list of three, one of them a blocker; the answer to one is here."""
    analyst, at = _take(bank, pack)
    for topic, severity, text in (
        ("accounts", "material", "Receivables grew by a third while sales stood still. Which buyers pay late?"),
        ("security", "blocker", "The deposit matures before the line does. Will it be renewed, and pledged anew?"),
        ("business", "info", "How much of the board comes from the mill in Zhaoqing?"),
    ):
        reviews.draft_question(pack_id=pack.pk, topic=topic, severity=severity, text=text, actor=analyst, now=at)
    sent = bank.now - dt.timedelta(days=1)
    questions = reviews.send_questions(pack_id=pack.pk, actor=analyst, now=sent)
    words = "Two toy makers agreed 90 days instead of 60 in June. Both have paid on the day since."
    reviews.answer(question_id=questions[0].pk, text=words, actor=pack.owner, now=sent + dt.timedelta(hours=3))


def _write(bank: Bank, pack: Pack) -> None:
    """The analyst's memo waits for its fact check."""
    analyst, at = _take(bank, pack, OTHER)
    reviews.start_memo(pack_id=pack.pk, actor=analyst, now=at)
    reviews.write_memo(pack_id=pack.pk, version=1, text=MEMO, actor=analyst, now=at + dt.timedelta(days=2))
    reviews.rate(pack_id=pack.pk, rating="R3", reason="Steady cash, thin equity", actor=analyst, now=at + dt.timedelta(days=3))
    reviews.send_facts(pack_id=pack.pk, actor=analyst, now=bank.now - dt.timedelta(hours=6))


def _put_up(bank: Bank, pack: Pack, rating: str, reason: str) -> tuple[User, DecisionCase, dt.datetime]:
    analyst, at = _take(bank, pack)
    reviews.rate(pack_id=pack.pk, rating=rating, reason=reason, actor=analyst, now=at + dt.timedelta(days=1))
    up = at + dt.timedelta(days=2)
    return analyst, services.route(pack_id=pack.pk, is_connected=False, exception="", actor=analyst, now=up), up


def _decide(bank: Bank, case: DecisionCase, ruling: Ruling, at: dt.datetime) -> None:
    """By the lowest approver whose authority reaches; what is the committee's waits for its vote."""
    if case.level in APPROVERS:
        services.decide(pack_id=case.pack_id, ruling=ruling, actor=_person(APPROVERS[case.level]), now=at)


def _grant(bank: Bank, pack: Pack) -> None:
    analyst, case, at = _put_up(bank, pack, "R2", "Low debt, stock that turns in 40 days")
    told: dict[str, Any] = {"pack_id": pack.pk, "actor": analyst, "now": at}
    services.propose_condition(
        kind="precedent", type="legal", text="Guarantee of the owner renewed for the new term", is_essential=True, **told
    )
    due_on = bank.today + dt.timedelta(days=60)
    services.propose_condition(
        kind="subsequent", type="financial", text="Audited accounts of the last year", is_essential=False, due_on=due_on, **told
    )
    ruling = rules.Ruling("approve", "Small line against quick stock; the owner has never been late with us.")
    _decide(bank, case, ruling, at + dt.timedelta(days=1))


def _refuse(bank: Bank, pack: Pack) -> None:
    _analyst, case, at = _put_up(bank, pack, "R3", "Sales fall for the third year")
    ruling = rules.Ruling(
        "decline",
        "The shop lives on the owner’s savings. More credit would only buy time.",
        reason="Sales have fallen for three years, and no plan says how they turn",
        reapply_on=bank.today + dt.timedelta(days=180),
    )
    _decide(bank, case, ruling, at + dt.timedelta(days=1))


def _offer(bank: Bank, pack: Pack) -> dt.datetime:
    """Decided, and its facility letter sent by the second of credit administration."""
    analyst, case, at = _put_up(bank, pack, "R2", "Little debt, buyers that pay")
    due_on = bank.today + dt.timedelta(days=12)
    services.propose_condition(
        pack_id=pack.pk, kind="subsequent", type="insurance", text="Fire insurance of the stock, assigned to the bank", is_essential=False,
        due_on=due_on, actor=analyst, now=at,
    )  # fmt: skip
    _decide(bank, case, Ruling("approve", "A line that the stock covers, for a client of eleven years."), at + dt.timedelta(days=1))
    template, drawn = letter_templates().first(), at + dt.timedelta(days=2)
    if template is not None and Pack.objects.get(pk=pack.pk).state in (State.APPROVED, State.APPR_COND):
        services.draw_letter(pack_id=pack.pk, template_id=template.pk, language="zh-hant", actor=_person("cad"), now=drawn)
        services.offer(pack_id=pack.pk, actor=_person("cad2"), now=drawn + dt.timedelta(hours=2))
    return drawn


def lend(bank: Bank, pack: Pack) -> None:
    """Accepted and live; a condition for afterwards falls due soon."""
    at = _offer(bank, pack) + dt.timedelta(days=2)
    if Pack.objects.get(pk=pack.pk).state == State.OFFERED:
        services.accept(pack_id=pack.pk, signed_by="The director", actor=pack.owner, now=at)
        services.go_live(pack_id=pack.pk, actor=_person("cad"), now=at + dt.timedelta(hours=3))
        services.remind(now=bank.now)
