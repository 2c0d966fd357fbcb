"""Templates and letters for tests, in a line each."""

from typing import Any

from crm.companies.models import Company
from crm.papers import services
from crm.papers.models import Letter, Letterhead, LetterTemplate
from crm.papers.rules import Phrases
from crm.papers.services import LetterOrder
from tests.cast import NOW

PHRASES = Phrases(
    words=("concession authority", "within my limit", "通融权限", "審批權限"),
    levels=("team head", "總部"),
    decides=("approv", "批准"),
    beside=30,
)
BODY = """{{ date }}
{{ company_name }}
{{ contact_title }}

{{ salutation }}

We look forward to it.
{{ sender_name }} {{ sender_phone }}"""


def values(**changes: Any) -> dict[str, Any]:
    """The columns of a template that may be kept."""
    data: dict[str, Any] = {"context": "company-letter", "is_marketing": False}
    for ending in ("en", "hant", "hans"):
        data |= {f"name_{ending}": "Introduction", f"subject_{ending}": "Our visit to {{ company_name }}", f"body_{ending}": BODY}
    return data | changes


def template(by: Any = None, code: str = "introduction", **changes: Any) -> LetterTemplate:
    """A published template."""
    return services.keep_template(code=code, actor=by, now=NOW, values=values(**changes))


def letterhead(unit: Any, by: Any = None, **changes: str) -> Letterhead:
    """What stands at the head of a unit's letters."""
    names = {"bank_en": "Blue Harbour Bank", "bank_hant": "藍港銀行", "bank_hans": "蓝港银行"}
    addresses = {"address_en": "8 Lantern Road, Kwun Tong", "address_hant": "觀塘燈籠道8號", "address_hans": "观塘灯笼道8号"}
    head = Letterhead(unit=unit, **(names | addresses | changes))
    head.record(actor=by)
    return head


def letter(by: Any, to: Company, of: LetterTemplate, *, language: str = "en", **order: Any) -> Letter:
    """A letter, written."""
    return services.write_letter(company_id=to.pk, order=LetterOrder(of.pk, language, **order), actor=by, now=NOW)
