"""The information library in three languages: product sheets and items for clients."""

import datetime as dt

from content.library.models import Sheet
from content.library.rules import expires_on
from crm.demo import reading
from crm.demo.seeds.bank import REASON, Bank
from crm.policy import selectors as policy
from crm.staff.models import User


def plant(bank: Bank) -> None:
    """The sheets, published by the content editor some days ago; each runs out as the bank's policy says."""
    editor = User.objects.get(username="editor")
    days = policy.table("library.expiry_days", jurisdiction="", on=bank.today)[""]
    for row in reading.toml("sheets.toml")["sheet"]:
        dated_on = bank.days_ago(row.pop("days_ago"))
        texts = {name: value.strip() if isinstance(value, str) else value for name, value in row.items()}
        sheet = Sheet(dated_on=dated_on, live=True, has_unpublished_changes=False, **texts)
        sheet.expires_on = expires_on(kind=sheet.kind, dated_on=dated_on, chosen=None, days=days)
        sheet.first_published_at = sheet.last_published_at = bank.now - dt.timedelta(days=1)
        sheet.full_clean()
        sheet.record(actor=editor, reason=REASON)
