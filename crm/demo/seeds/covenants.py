"""Covenants of the demo bank: a term loan that went live a year ago, its promises tested quarter by quarter; one that waits for CAD.

Of the loan's four promises one was met each time, one breached and cured, one waived twice with a third request waiting, one paper is late.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from credit.covenants import selectors, services
from credit.covenants.models import Covenant, CovenantTest
from credit.covenants.rules import Terms, period_end
from credit.decisions import services as decisions
from credit.decisions.rules import Ruling
from credit.decisions.selectors import letter_templates
from credit.packs.choices import State
from credit.packs.models import Pack
from credit.packs.rules import FacilityEntry, PackOrder, PartyEntry, SecurityEntry
from credit.reviews import services as reviews
from credit.spreads import services as spreads
from credit.spreads.mapping.periods import Heading
from crm.demo.seeds.bank import Bank
from crm.demo.seeds.handoffs import hand_off
from crm.demo.seeds.packs import Case
from crm.demo.seeds.reviews import APPROVERS
from crm.staff.models import User

BORROWER, MANAGER = "tung-shing-packaging", "rm"
GRANTED = "shing-cheung-motors"
QUARTERS = 4
_SETTLED_DAYS = 36
"""The last of the quarters ended at least so long ago: its papers are here and tested."""
LOAN = FacilityEntry("TL", "HKD", Decimal(3_000_000), 48, "A printing press of four colours", base_rate="1M HIBOR",
                     margin_bps=Decimal(210), repayment="48 equal instalments")  # fmt: skip
_LATE_DAYS = 22
"""So many days after the quarter the certificate, due on the fifth, is late enough to raise its flag."""
# quarter by quarter, in thousands: sales, operating profit
TRADE = ((9_400, 760), (8_100, 90), (9_900, 820), (11_200, 1_010))
_LINK = "/credit/packs/"


@dataclass
class Loan:
    """The live pack with the ends of the quarters that were tested."""

    bank: Bank
    pack: Pack
    ends: list[dt.date]

    def at(self, place: int, days: int, hour: int = 11) -> dt.datetime:
        """So many days after the end of a quarter, but never after now."""
        return min(self.bank.at(self.ends[place] + dt.timedelta(days=days), hour), self.bank.now)


def plant(bank: Bank) -> None:
    """By the very services that people and the night use, each at its time."""
    _waits(bank)
    if BORROWER in bank.companies and MANAGER in bank.people:
        loan = _loan(bank)
        if loan is not None:
            _accounts(loan)
            promised = _promise(loan)
            for place in range(QUARTERS):
                _quarter(loan, promised, place)
            late = loan.ends[-1] + dt.timedelta(days=_LATE_DAYS)
            for day in (late, bank.today):
                services.nightly(day, now=min(bank.at(day, 2), bank.now))
            _third_waiver(loan, promised[3])
            decisions.age(now=bank.now)


def _person(name: str) -> User:
    return User.objects.get(username=name)


def _ends(bank: Bank) -> list[dt.date]:
    """The last four quarters that ended long enough ago, the oldest first."""
    day = bank.today - dt.timedelta(days=_SETTLED_DAYS)
    first = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    last = first - dt.timedelta(days=1)
    return [period_end(last, 3, -place) for place in reversed(range(QUARTERS))]


def _loan(bank: Bank) -> Loan | None:
    """Asked for, endorsed, approved, accepted, and live ten days before the first quarter ended."""
    ends = _ends(bank)
    live = (bank.today - ends[0]).days + 10
    case = Case(
        (live + 60) * 5 // 7, MANAGER, BORROWER, PackOrder("A", "sme", "new", ("company",)), (LOAN,),
        parties=(PartyEntry("guarantor", person_name="Tung Shing"),),
        securities=(SecurityEntry("machinery", "The press", Decimal(4_200_000), haircut_percent=Decimal(50)),), step="writing",
    )  # fmt: skip
    pack = hand_off(bank, case, days=live + 30)
    if pack is None or pack.state != State.HANDED_OFF:
        return None
    return Loan(bank, pack, ends) if _granted(bank, pack, live) else None


def _granted(bank: Bank, pack: Pack, live: int) -> bool:
    """Whether it came to a live limit: the committee's cases wait for its vote."""
    analyst = _person("analyst")
    told: dict[str, Any] = {"pack_id": pack.pk, "actor": analyst}
    at = bank.now - dt.timedelta(days=live + 25)
    reviews.assign(analyst_id=analyst.pk, now=at, **told)
    reviews.rate(rating="R2", reason="Orders from two toy makers, paid in time", now=at, **told)
    case = decisions.route(is_connected=False, exception="", now=at, **told)
    if case.level not in APPROVERS:
        return False
    ruling = Ruling("approve", "The press earns its instalments one and a half times.")
    decisions.decide(pack_id=pack.pk, ruling=ruling, actor=_person(APPROVERS[case.level]), now=at + dt.timedelta(days=2))
    template, drawn = letter_templates().first(), at + dt.timedelta(days=4)
    if template is None:
        return False
    decisions.draw_letter(pack_id=pack.pk, template_id=template.pk, language="zh-hant", actor=_person("cad"), now=drawn)
    decisions.offer(pack_id=pack.pk, actor=_person("cad2"), now=drawn + dt.timedelta(hours=2))
    accepted = drawn + dt.timedelta(days=5)
    decisions.accept(pack_id=pack.pk, signed_by="Tung Shing, director", actor=pack.owner, now=accepted)
    decisions.go_live(pack_id=pack.pk, actor=_person("cad"), now=bank.now - dt.timedelta(days=live))
    return True


def _accounts(loan: Loan) -> None:
    """Management accounts of each quarter, as the relationship manager typed them: the second was bad."""
    actor = loan.bank.people[MANAGER]
    spread = spreads.begin_spread(
        company_id=loan.pack.company_id, currency="HKD", unit=1_000, jurisdiction="HK", year_end_month=3, asked_hkd=LOAN.amount,
        actor=actor, now=loan.at(0, 20),
    )  # fmt: skip
    for place, end in enumerate(loan.ends):
        sales, profit = TRADE[place]
        values = _statement(sales, profit, place)
        heading = Heading(end, 3, "management")
        spreads.enter_period(
            spread_id=spread.pk,
            heading=heading,
            values=values,
            source=f"Figures of the quarter to {end:%B %Y}",
            actor=actor,
            now=loan.at(place, 20),
        )


def _statement(sales: int, profit: int, place: int) -> dict[str, Decimal]:
    """Sales, costs and a balance sheet that follow from each other, in thousands."""
    interest, depreciation, debt = 130, 240, 5_600 - 190 * place
    before_tax = profit - interest
    tax = max(0, before_tax * 165 // 1000)
    equity = 6_900 + 260 * place
    current, fixed = 9_400 + 150 * place, 5_200 - 120 * place
    others = current + fixed - equity - debt
    lines = {
        "cash": current // 5, "debtors": current // 2, "stock": current - current // 5 - current // 2, "current_assets": current,
        "fixed_assets": fixed, "noncurrent_assets": fixed, "total_assets": current + fixed, "creditors": others, "short_debt": debt // 2,
        "current_liabilities": others + debt // 2, "long_debt": debt - debt // 2, "noncurrent_liabilities": debt - debt // 2,
        "total_liabilities": others + debt, "equity": equity, "liabilities_and_equity": current + fixed, "sales": sales,
        "cogs": sales * 78 // 100, "gross_profit": sales - sales * 78 // 100, "operating_costs": sales - sales * 78 // 100 - profit,
        "depreciation": depreciation, "operating_profit": profit, "interest": interest, "profit_before_tax": before_tax, "tax": tax,
        "net_profit": before_tax - tax,
    }  # fmt: skip
    return {code: Decimal(amount) for code, amount in lines.items()}


def _promise(loan: Loan) -> list[Covenant]:
    """Gearing, interest cover, no dividend, the certificate: written down by the analyst, confirmed by credit administration."""
    first = loan.ends[0]
    told: dict[str, Any] = {"frequency": 3, "first_on": first}
    terms = (
        Terms("gearing", "management", comparison="most", threshold=Decimal(2), due_days=30, cure_days=30, **told),
        Terms("interest_cover", "management", comparison="least", threshold=Decimal(3), due_days=30, cure_days=30, **told),
        Terms("dividend", "certificate", words="No dividend is paid while the loan runs, unless the bank agrees", due_days=30,
              cure_days=60, **told),
        Terms("certificate", "certificate", words="A certificate of the directors with each quarter’s figures", due_days=5, **told),
    )  # fmt: skip
    at = loan.at(0, -7)
    made = [services.propose(pack_id=loan.pack.pk, terms=one, actor=_person("analyst"), now=at) for one in terms]
    for covenant in made:
        services.confirm(covenant_id=covenant.pk, actor=_person("cad"), now=at + dt.timedelta(hours=3))
    return made


def _quarter(loan: Loan, promised: list[Covenant], place: int) -> None:
    """A quarter ends; papers come and are tested: all but the last certificate."""
    end = loan.ends[place]
    services.nightly(end, now=loan.at(place, 1, 2))
    gearing, cover, dividend, certificate = (CovenantTest.objects.get(covenant=one, ends_on=end) for one in promised)
    for test in (gearing, cover):
        _received(loan, test, place, 20)
        _tested(loan, test, place, 27)
    if place == 1:
        note = "The shareholder lent 1.2m and subordinated it; the cover of the next quarter is above 3 again."
        services.cure(test_id=cover.pk, note=note, link=f"{_LINK}{loan.pack.pk}/", actor=_person("cad"), now=loan.at(place, 45))
    _received(loan, dividend, place, 22)
    paid = place in (1, 2)
    said = "An interim dividend was paid to the family." if paid else "The directors certify that none was paid."
    _tested(loan, dividend, place, 27, answer="breached" if paid else "met", note=said, link=f"{_LINK}{loan.pack.pk}/")
    if paid:
        _waived(loan, dividend, place)
    if place < QUARTERS - 1:
        _received(loan, certificate, place, 4)
        _tested(loan, certificate, place, 6, answer="met", note="Signed by two directors.", link=f"{_LINK}{loan.pack.pk}/")


def _received(loan: Loan, test: CovenantTest, place: int, days: int) -> None:
    day = loan.ends[place] + dt.timedelta(days=days)
    link = f"{_LINK}{loan.pack.pk}/"
    services.receive_paper(test_id=test.pk, received_on=day, link=link, actor=_person(MANAGER), now=loan.at(place, days, 15))


def _tested(loan: Loan, test: CovenantTest, place: int, days: int, **told: Any) -> None:
    services.record_result(test_id=test.pk, actor=_person("analyst"), now=loan.at(place, days), **told)


def _waived(loan: Loan, test: CovenantTest, place: int) -> None:
    """By the level that approved, on the manager's word."""
    reason = "The dividend pays the school fees of the family’s children; cash after it is above a month’s costs."
    waiver = services.ask_waiver(
        covenant_id=test.covenant_id, test_id=test.pk, reason=reason, actor=_person(MANAGER), now=loan.at(place, 29)
    )
    approver = _person(APPROVERS[selectors.level_of(loan.pack)])
    note = "Once more, and not again without our word before." if place == 2 else "Agreed, for this quarter."
    services.decide_waiver(waiver_id=waiver.pk, is_granted=True, note=note, actor=approver, now=loan.at(place, 31))


def _third_waiver(loan: Loan, certificate: Covenant) -> None:
    """The last certificate is late; a waiver of it would be the third, and waits."""
    test = certificate.tests.order_by("-ends_on").get(ends_on=loan.ends[-1])
    reason = "One director is abroad until next week; the other has signed."
    services.ask_waiver(
        covenant_id=certificate.pk, test_id=test.pk, reason=reason, actor=_person(MANAGER), now=loan.bank.now - dt.timedelta(hours=5)
    )


def _waits(bank: Bank) -> None:
    """Taken over from a condition of an approval, and not confirmed yet."""
    analyst = _person("analyst")
    company = bank.companies.get(GRANTED)
    for pack in Pack.objects.filter(company=company, state=State.APPR_COND) if company is not None else ():
        for condition in selectors.conditions_to_take_over(pack, user=analyst)[:1]:
            terms = Terms("accounts", "audited", 12, condition.due_on or bank.today, words=condition.text, due_days=120, cure_days=30)
            at = bank.now - dt.timedelta(hours=20)
            services.propose(pack_id=pack.pk, terms=terms, condition_id=condition.pk, actor=analyst, now=at)
