"""What is done with spreads, who may, and what stays: restatements, the check by a second person, files taken over."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from credit.spreads import selectors, services
from credit.spreads.choices import SpreadAct, SpreadState
from credit.spreads.mapping.periods import Heading
from credit.spreads.models import Line, Period, Spread, SpreadEvent, SpreadUpload
from credit.spreads.parts import SpreadReaders
from crm.companies.models import Company
from crm.kernel import contributions
from crm.kernel.contributions import Invariant, of
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken, StaleVersion
from crm.kernel.models import TimelineRow
from tests.cast import NOW
from tests.credit.spreads import making

pytestmark = pytest.mark.django_db
EARLIER = dt.date(2024, 12, 31)


@pytest.fixture
def yau(bank):
    return making.client(bank)


@pytest.fixture
def spread(bank, yau):
    return making.spread(bank, yau)


@pytest.fixture
def handed(yau):
    """The company's pack was handed to the credit department."""
    readers = SpreadReaders("test", lambda user: [yau.pk] if user.actor.has_role("CA", "CO") else [])
    contributions.register(readers)
    yield readers
    contributions._registry[SpreadReaders].remove(readers)


def breaches():
    return [breach for invariant in of(Invariant) if invariant.code.startswith("spreads.") for breach in invariant.broken()]


def test_a_spread_is_begun_once_by_whoever_looks_after_the_company(bank, yau):
    made = making.spread(bank, yau)
    assert SpreadEvent.objects.get().act == SpreadAct.BEGIN
    assert TimelineRow.objects.filter(company=yau, kind="spread").count() == 1
    with pytest.raises(RuleBroken, match="has a spread already"):
        making.spread(bank, yau)
    assert selectors.latest_spread(yau.pk) == made
    for who in ("rm2", "ho", "analyst", "finance"):
        with pytest.raises(NotAllowed):
            making.spread(bank, yau, by=who)


@pytest.mark.parametrize(
    ("details", "field"),
    [
        ({"currency": "HK"}, "currency"),
        ({"unit": 7}, "unit"),
        ({"year_end_month": 13}, "year_end_month"),
        ({"asked_hkd": Decimal(0)}, "asked_hkd"),
    ],
)
def test_bad_details_are_refused_beside_their_field(bank, yau, details, field):
    with pytest.raises(RuleBroken) as refused:
        making.spread(bank, yau, **details)
    assert set(refused.value.fields) == {field}


def test_details_keep_the_meaning_of_figures_that_are_there(bank, spread):
    told = {"spread_id": spread.pk, "actor": bank.rm, "now": NOW}
    services.change_details(version=1, asked_hkd=Decimal(25_000_000), **told)
    with pytest.raises(StaleVersion):
        services.change_details(version=1, asked_hkd=None, **told)
    making.enter(bank, spread)
    spread.refresh_from_db()
    with pytest.raises(RuleBroken, match="another currency or unit"):
        services.change_details(version=spread.version, unit=1, **told)


def test_amounts_are_kept_exactly_however_large(bank, spread):
    making.enter(bank, spread, sales="123456789012345.6789", cogs=None, gross_profit=None)
    assert Line.objects.get(code="sales").amount == Decimal("123456789012345.6789")


def test_the_same_figures_again_change_nothing_and_other_ones_are_a_restatement_that_keeps_the_first(bank, spread):
    making.enter(bank, spread)
    making.enter(bank, spread)
    assert Period.objects.count() == 1
    making.enter(bank, spread, sales=1010, gross_profit=210)
    first, second = Period.objects.order_by("statement")
    assert (first.is_current, second.is_current, second.statement) == (False, True, 2)
    assert {period.lines.get(code="sales").amount for period in (first, second)} == {1000, 1010}
    assert [event.act for event in SpreadEvent.objects.order_by("pk")] == ["begin", "enter", "restate"]
    assert selectors.current_periods(spread)[0].pk == second.pk


@pytest.mark.parametrize(
    ("heading", "values", "field"),
    [
        (Heading(dt.date(2027, 1, 1)), {"sales": 1}, "ends_on"),
        (Heading(dt.date(1980, 1, 1)), {"sales": 1}, "ends_on"),
        (Heading(making.YEAR, 0), {"sales": 1}, "months"),
        (Heading(making.YEAR, 12, "guessed"), {"sales": 1}, "kind"),
        (Heading(making.YEAR), {}, "ends_on"),
        (Heading(making.YEAR), {"nonsense": 1}, "nonsense"),
        (Heading(making.YEAR), {"sales": 10**16}, "sales"),
    ],
)
def test_a_period_that_cannot_be_is_refused_beside_its_field(bank, spread, heading, values, field):
    told = {code: Decimal(value) for code, value in values.items()}
    with pytest.raises(RuleBroken) as refused:
        services.enter_period(spread_id=spread.pk, heading=heading, values=told, actor=bank.rm, now=NOW)
    assert set(refused.value.fields) == {field}
    assert not Period.objects.exists()


def check(bank, spread, by="head", note="", version=None):
    spread.refresh_from_db()
    asked = spread.version if version is None else version
    return services.check_spread(spread_id=spread.pk, version=asked, actor=bank.people[by], now=NOW, note=note)


def test_a_second_person_checks_and_the_check_falls_when_figures_change(bank, spread):
    with pytest.raises(NotAllowed, match="no figures to check"):
        check(bank, spread)
    making.enter(bank, spread)
    with pytest.raises(NotAllowed, match="Whoever entered figures does not check them"):
        check(bank, spread, by="rm")
    with pytest.raises(NotAllowed):
        check(bank, spread, by="ho")
    with pytest.raises(StaleVersion):
        check(bank, spread, version=1)
    check(bank, spread)
    spread.refresh_from_db()
    assert (spread.state, spread.checked_by) == (SpreadState.CHECKED, bank.head)
    with pytest.raises(NotAllowed, match="checked already"):
        check(bank, spread)
    assert breaches() == []
    making.enter(bank, spread, sales=1010, gross_profit=210)
    spread.refresh_from_db()
    assert (spread.state, spread.checked_by) == (SpreadState.OPEN, None)


def test_who_entered_one_period_does_not_check_the_spread_that_another_prepared(bank, spread):
    making.enter(bank, spread)
    making.enter(bank, spread, by="head", ends_on=EARLIER, opening_cash=30, closing_cash=40)
    with pytest.raises(NotAllowed, match="Whoever entered figures"):
        check(bank, spread)


def test_what_does_not_tie_is_checked_only_with_a_word_why(bank, spread):
    making.enter(bank, spread, equity=300)
    with pytest.raises(RuleBroken, match="do not tie"):
        check(bank, spread)
    check(bank, spread, note="Minority interests stand apart")
    assert SpreadEvent.objects.get(act="check").note == "Minority interests stand apart"


def test_invariants_find_figures_that_were_checked_by_their_maker_or_changed_since(bank, spread):
    making.enter(bank, spread)
    check(bank, spread)
    Period.objects.update(entered_by=bank.head)
    Spread.objects.update(figures_at=NOW + dt.timedelta(days=1))
    assert len(breaches()) == 2


def test_spreads_are_seen_with_the_client_and_by_credit_once_a_pack_was_handed_over(bank, spread):
    making.enter(bank, spread)

    def sees(who):
        return Spread.objects.visible_to(bank.people[who]).exists()

    assert {who for who in ("rm", "head", "centre", "ho", "compliance", "auditor") if not sees(who)} == set()
    unseen = ("rm2", "outsider", "outhead", "analyst", "co1", "cad", "finance", "ops", "lobby", "editor", "admin", "specialist")
    assert {who for who in unseen if sees(who)} == set()
    for model in (Period, Line, SpreadEvent):
        assert model.objects.visible_to(bank.rm).exists()
        assert not model.objects.visible_to(bank.rm2).exists()


def test_a_credit_analyst_reads_enters_and_checks_where_the_pack_was_handed_over(bank, spread, handed):
    making.enter(bank, spread)
    assert Spread.objects.visible_to(bank.analyst).exists()
    assert not Spread.objects.visible_to(bank.rm2).exists()
    making.enter(bank, spread, by="analyst", ends_on=EARLIER, opening_cash=30, closing_cash=40)
    with pytest.raises(NotAllowed):
        making.enter(bank, spread, by="co1")
    with pytest.raises(NotAllowed, match="Whoever entered figures"):
        check(bank, spread, by="analyst")
    check(bank, spread, by="co1")


def test_the_summary_is_plain_json_and_says_what_stands_in_a_packs_way(bank, spread):
    making.enter(bank, spread)
    spread.refresh_from_db()
    found = selectors.summary(spread)
    told = json.loads(json.dumps(found.to_json()))
    assert told["periods"][0]["lines"][0] == {"code": "advance_receipts", "amount": "10", "label": "", "page": ""}
    assert told["untied"] == []
    assert len(told["stress"]) == 6
    assert found.is_ready
    large = selectors.summary(spread, asked_hkd=Decimal("20000000.01"))
    assert (large.needs_second_person, large.is_ready) == (True, False)
    assert not selectors.summary(spread, asked_hkd=Decimal(20_000_000)).needs_second_person
    check(bank, spread)
    spread.refresh_from_db()
    assert selectors.summary(spread, asked_hkd=Decimal(30_000_000)).is_ready


def read(path, spread, **said):
    return services.read_statements(path, path.name, unit=spread.unit, **said)


def test_a_file_is_kept_understood_otherwise_and_taken_over_once(bank, spread, tmp_path):
    path = making.workbook(tmp_path / "a.xlsx", making.ENGLISH)
    reading = read(path, spread)
    upload = services.bring_file(spread_id=spread.pk, path=path, reading=reading, actor=bank.rm, now=NOW)
    taken, untied = services.preview(services.reading_of(upload), spread, on=NOW.date())
    assert (len(taken.periods), untied) == (2, [])
    report = services.take_over(upload_id=upload.pk, reading=reading, actor=bank.rm, now=NOW)
    assert (report.periods, report.lines, report.untied) == (2, 16, [])
    with pytest.raises(InvalidTransition, match="taken over already"):
        services.take_over(upload_id=upload.pk, reading=reading, actor=bank.rm, now=NOW)
    with pytest.raises(SpreadUpload.DoesNotExist):
        services.take_over(upload_id=upload.pk, reading=reading, actor=bank.rm2, now=NOW)
    assert Line.objects.get(code="sales", period__ends_on=making.YEAR).page == "Accounts!D4"


def test_a_second_file_adds_its_lines_to_the_period_that_is_there(bank, spread, tmp_path):
    one = making.text_file(tmp_path / "a.csv", [["", "2025"], ["Sales", 1000], ["Net profit", 50]])
    two = making.text_file(tmp_path / "b.csv", [["", "2025"], ["Total assets", 600], ["Total liabilities", 350], ["Total equity", 200]])
    for path in (one, two):
        report = services.load_file(company_id=spread.company_id, path=path, reading=read(path, spread), actor=bank.rm, now=NOW, begin={})
    assert Period.objects.count() == 1
    assert [check.code for check in report.untied] == ["balance"]
    again = services.load_file(company_id=spread.company_id, path=one, reading=read(one, spread), actor=bank.rm, now=NOW, begin={})
    assert (again.periods, again.lines) == (0, 0)


def test_a_file_of_nothing_but_refused_cells_changes_nothing(bank, yau, tmp_path):
    path = making.text_file(tmp_path / "a.csv", [["", "2025"], ["Sales", "12 million"], ["Total assets", "#REF!"]])
    reading = services.read_statements(path, "a.csv", unit=1)
    with pytest.raises(RuleBroken, match="unit of its own"):
        services.load_file(company_id=yau.pk, path=path, reading=reading, actor=bank.rm, now=NOW, begin={})
    assert not Spread.objects.exists()


def test_import_spread_prints_its_report_and_refuses_with_exit_2(bank, yau, tmp_path, capsys):
    path = making.workbook(tmp_path / "a.xlsx", [*making.ENGLISH, ["Share capital", "", "x", 100]])
    call_command("import_spread", str(path), client=yau.name_en, username="rm", json=True)
    report = json.loads(capsys.readouterr().out)
    assert (report["periods"], report["lines"], report["untied"]) == (2, 17, [])
    assert report["refused"][0]["place"] == "Accounts!C12"
    assert Spread.objects.get().unit == 1
    assert Line.objects.get(code="sales", period__ends_on=making.YEAR).amount == 1_000_000
    locked = tmp_path / "b.xlsx"
    locked.write_bytes(b"PK\x03\x04 broken")
    for options in (
        {"client": yau.name_en, "username": "rm2"},
        {"client": "Nobody Ltd", "username": "rm"},
        {"client": yau.name_en, "username": "nobody"},
    ):
        with pytest.raises(CommandError) as refused:
            call_command("import_spread", str(path), json=True, **options)
        assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="damaged"):
        call_command("import_spread", str(locked), client=yau.name_en, username="rm", json=True)


def test_working_capital_prints_scenario_15_and_refuses_a_cycle_of_no_days(bank, capsys):
    told = {"sales": "200000000", "margin": "0.08", "growth": "0.10", "dio": "60", "dso": "75", "dpo": "45"}
    told |= {"prepaid": "15", "advance": "10"}
    funds = {"own": "20000000", "loans": "15000000", "other": "3000000"}
    call_command("working_capital", json=True, **told, **funds)
    assert json.loads(capsys.readouterr().out) == {"need": 53411111, "maximum_new_loan": 15411111}
    with pytest.raises(CommandError, match="cycle") as refused:
        call_command("working_capital", **{**told, "dpo": "140"}, json=True)
    assert refused.value.returncode == 2
    with pytest.raises(CommandError, match="no number"):
        call_command("working_capital", **{**told, "sales": "much"}, json=True)


def test_a_company_that_is_nobodys_client_has_no_spread_to_see(bank):
    assert selectors.latest_spread(0) is None
    assert Company.objects.filter(spread__isnull=False).count() == 0
