"""Columns: what each draws and what it exports, in the reader's language."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone, translation

from crm.kernel.jobs import Job
from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, PersonColumn, Table, WhenColumn


@dataclass
class Named:
    name_en: str
    name_zh: str

    @property
    def name(self) -> str:
        return self.name_en


@dataclass
class Row:
    company: Named | None
    amount: Decimal | None
    currency: str
    open: bool
    due: dt.datetime | None
    keeper: Named | None
    note: str
    pk: int = 1

    def get_absolute_url(self) -> str:
        return '/x/1/?a="&b'

    def loud_note(self) -> str:
        return self.note.upper()


class RowTable(Table):
    company = NameColumn()
    amount = MoneyColumn(currency_accessor="currency")
    open = ChipColumn(tones={True: "jade"})
    due = WhenColumn(due=True)
    keeper = PersonColumn()
    note = Column()
    loud = Column(accessor="loud_note")
    english = Column(accessor="company.name_en")
    plain = Column(accessor="note", exclude_from_export=True)

    def render_plain(self, value: str, record: Row) -> str:
        return f"{value}/{record.pk}"

    def value_english(self, value: str, record: Row) -> str:
        return f"{value}!"


FULL = Row(
    Named("Yau Tat", "裕達"), Decimal("1234.5"), "USD", True, dt.datetime(2026, 3, 4, 2, 0, tzinfo=dt.UTC), Named("Wing Lam", "林穎"), "a<b"
)
EMPTY = Row(None, None, "USD", False, None, None, "")


def _table(*rows: Row) -> Any:
    return RowTable(rows, user=None)


def test_the_readers_script_comes_first():
    with translation.override("en"):
        assert "Yau Tat <span" in _table(FULL).body
    with translation.override("zh-hant"):
        assert "裕達 <span" in _table(FULL).body


def test_cells_are_escaped_and_the_first_one_leads_to_the_record():
    body = _table(FULL).body
    assert 'href="/x/1/?a=&quot;&amp;b"' in body
    assert "a&lt;b" in body
    assert "A&lt;B" in body
    assert "a&lt;b/1" in body
    assert "<b" not in body.replace("<body", "")


def test_empty_values_draw_nothing_and_cost_no_error():
    assert '<td data-label="Note"></td>' in _table(EMPTY).body
    assert '<td class="num" data-label="Amount"></td>' in _table(EMPTY).body


def test_exports_carry_typed_values_and_both_names():
    with timezone.override("Asia/Hong_Kong"):
        table = _table()
        values = dict(zip(table.export_headers, next(table.export_rows([FULL])), strict=True))
    assert values["Company"] == "Yau Tat"
    assert values["Company: other script"] == "裕達"
    assert values["Amount"] == Decimal("1234.5")
    assert values["Amount: currency"] == "USD"
    assert values["Open"] == "Yes"
    assert values["Due"].isoformat() == "2026-03-04T10:00:00+08:00"
    assert values["Keeper"] == "Wing Lam"
    assert values["English"] == "Yau Tat!"
    assert "Plain" not in values
    empty = dict(zip(table.export_headers, next(table.export_rows([EMPTY])), strict=True))
    assert empty["Amount"] is None
    assert empty["Company"] is None


def test_a_model_alone_adds_no_column():
    class Bare(Table):
        title = Column()

        class Meta:
            model = Job

    assert list(Bare.base_columns) == ["title"]


def test_only_columns_of_the_model_or_with_an_order_are_sortable():
    class Sorted(Table):
        title = Column()
        owner = PersonColumn()
        late = Column(accessor="is_over")
        named = Column(accessor="owner__name_en")
        fixed = Column(accessor="done", orderable=False)

        class Meta:
            model = Job

    table = Sorted([], user=None)
    assert [name for name in Sorted.base_columns if table.ordering(name)] == ["title", "named"]
    assert table.ordering("-named") == ("-owner__name_en",)
    assert table.ordering("password") == ()


@pytest.mark.parametrize("sort", ["", "-", "--title", "title,-done", "title__x"])
def test_sorts_that_make_no_sense_are_no_sorts(sort):
    class Sorted(Table):
        title = Column()

        class Meta:
            model = Job

    assert Sorted([], user=None).ordering(sort) == ()
