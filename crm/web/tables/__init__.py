"""Tables: django-tables2 declarations, drawn by our own lean loop, read by phone as cards, exported with typed values.

    class ClientTable(Table):
        name = NameColumn(accessor="company", order_by="company__sort_name")
        tier = ChipColumn(tones={"A": "jade"})
        phone = Column(accessor="main_phone", sight="contact")
        deposits = MoneyColumn(currency_accessor="currency")
        last_visit_at = WhenColumn(verbose_name=_("Last visit"))

        @classmethod
        def visible_fields(cls, user):
            return client_sights(user)          # e.g. {"contact"}; a column with any other `sight` is left out, in exports too

A column is sortable where it names `order_by` or its accessor is a plain column of the model. `render_<name>(value, record)` on the table
replaces the column's own drawing, `value_<name>(value, record)` what is exported. Related rows that cells read belong into the list
view's `select_related`: a table never fetches.
"""

from crm.web.tables.columns import ChipColumn, Column, MoneyColumn, NameColumn, NumberColumn, PersonColumn, WhenColumn
from crm.web.tables.reading import Exported
from crm.web.tables.table import Heading, Table, Total

__all__ = [
    "ChipColumn",
    "Column",
    "Exported",
    "Heading",
    "MoneyColumn",
    "NameColumn",
    "NumberColumn",
    "PersonColumn",
    "Table",
    "Total",
    "WhenColumn",
]
