"""Facts that are counted stand beside their sections with source and day, and flag them once they say something else (domain 6.5)."""

import datetime as dt

from credit.memos import selectors
from credit.memos.catalogue import BANKING, FIGURES, REPAYMENT
from tests.cast import NOW
from tests.credit import making as base
from tests.credit.memos import making
from tests.credit.spreads import making as spreads
from tests.crm.figures import making as bank_files

LAST = dt.date(2026, 2, 28)


def facts(version, code, user):
    return selectors.facts_for(version, [code], user=user, now=NOW)[code]


def version_of(bank):
    pack = making.writing(bank)
    version = base.draft(pack)
    version.pack = pack
    return version


def test_each_year_of_the_spread_is_a_fact_and_a_restated_one_flags_the_section(bank):
    version = version_of(bank)
    assert facts(version, FIGURES, bank.rm) == []
    spread = spreads.spread(bank, version.pack.company)
    spreads.enter(bank, spread)
    ((source, fact),) = facts(version, FIGURES, bank.rm)
    assert (source.code, fact.on) == ("accounts", spreads.YEAR)
    assert fact.text.startswith("12 months (Audited), HKD, in 1,000: Sales ")
    for words in ("Net profit", "Total assets", "Gross margin", "Current ratio"):
        assert words in fact.text, fact.text
    assert facts(version, REPAYMENT, bank.rm)[0][1] == fact
    saved = making.write(bank, making.section(version, FIGURES), "Sales hold.")
    assert not selectors.beside(saved, facts(version, FIGURES, bank.rm)).is_flagged
    sales = spreads.FULL["sales"]
    spreads.enter(bank, spread, sales=sales + 1)
    beside = selectors.beside(saved, facts(version, FIGURES, bank.rm))
    assert beside.is_flagged
    assert beside.now[0].was == fact.text
    spreads.enter(bank, spread, ends_on=dt.date(spreads.YEAR.year - 1, 12, 31))
    assert [one.on.year for _source, one in facts(version, FIGURES, bank.rm)] == [spreads.YEAR.year, spreads.YEAR.year - 1]


def test_a_spread_that_the_reader_may_not_see_is_no_fact(bank):
    version = version_of(bank)
    spreads.enter(bank, spreads.spread(bank, version.pack.company))
    assert facts(version, FIGURES, bank.outsider) == []


def test_the_core_banks_figures_are_facts_by_the_end_of_the_last_month(bank):
    version = version_of(bank)
    assert facts(version, BANKING, bank.rm) == []
    client = version.pack.company.client
    bank_files.balance(client, 2_000_000, LAST)
    bank_files.balance(client, 9_000_000, NOW.date())
    bank_files.turnover(client, 700_000, 100_000, LAST)
    bank_files.income(client, 30_000, LAST)
    told = {fact.key.split(":")[2]: fact for _source, fact in facts(version, BANKING, bank.rm)}
    assert {fact.on for fact in told.values()} == {LAST}
    assert told["deposits"].text == "Average deposits HK$ 2,000,000.00"
    assert told["turnover"].text == "Paid into accounts in twelve months HK$ 700,000.00"
    assert told["income"].text.startswith("Income in twelve months HK$ 30,000.00")
    assert told["conduct"].text.endswith("0 days in excess, 0 returned items")
    assert facts(version, BANKING, bank.outsider) == []
    saved = making.write(bank, making.section(version, BANKING), "A good account.")
    assert not selectors.beside(saved, facts(version, BANKING, bank.rm)).is_flagged
    bank_files.income(client, 5_000, LAST, product="cards")
    assert selectors.beside(saved, facts(version, BANKING, bank.rm)).is_flagged
