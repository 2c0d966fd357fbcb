"""Letter templates in three languages, so that a letter can be written at first start."""

from crm.demo import reading
from crm.demo.seeds.bank import Bank
from crm.papers.selectors import TO_COMPANY
from crm.papers.services import keep_template
from crm.staff.models import User


def plant(bank: Bank) -> None:
    """The templates, published by the content editor."""
    editor = User.objects.get(username="editor")
    for row in reading.toml("letters.toml")["template"]:
        code = row.pop("code")
        keep_template(code=code, actor=editor, now=bank.now, values={"context": TO_COMPANY, **row})
