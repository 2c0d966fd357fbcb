"""Letterheads, and letter templates in three languages, so that a letter can be written at first start."""

from crm.demo import reading
from crm.demo.seeds.bank import REASON, Bank
from crm.papers.choices import COLUMNS
from crm.papers.models import Letterhead
from crm.papers.selectors import TO_COMPANY
from crm.papers.services import keep_template
from crm.staff.models import User


def plant(bank: Bank) -> None:
    """The heads of head office and the centres; the templates, published by the content editor."""
    editor = User.objects.get(username="editor")
    names = reading.toml("bank.toml")["bank"]
    for key, address in reading.toml("letters.toml")["address"].items():
        head = Letterhead(unit=bank.units[key], **{f"address_{ending}": address[ending] for ending in COLUMNS.values()})
        for ending in COLUMNS.values():
            setattr(head, f"bank_{ending}", names[f"name_{ending}"])
        head.record(actor=editor, reason=REASON)
    for row in reading.toml("letters.toml")["template"]:
        code = row.pop("code")
        keep_template(code=code, actor=editor, now=bank.now, values={"context": TO_COMPANY, **row})
