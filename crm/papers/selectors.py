"""What a template may name and what no client may read on a day; and what the form of a letter offers."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from crm.companies.models import Company, Contact
from crm.kernel.contributions import PaperContext, of
from crm.papers.choices import Language
from crm.papers.models import Letter, Letterhead, LetterTemplate
from crm.papers.rules import Fault, Phrases, faults
from crm.policy import selectors as policy
from crm.staff.choices import Jurisdiction
from crm.staff.models import Post

TO_COMPANY = "company-letter"


@dataclass(frozen=True)
class LetterSubject:
    """What a letter to a company is about: the company, the person there if any, who writes, in which post, reached how, on what day.

    `about` is the record of the feature whose context it is.
    """

    company: Company
    contact: Contact | None
    sender: Any
    post: Post | None
    phone: str
    day: dt.date
    about: Any = None


def context_of(code: str) -> PaperContext | None:
    """The registered context of this code."""
    return next((context for context in of(PaperContext) if context.code == code), None)


def allowed_fields(code: str) -> tuple[str, ...]:
    """The names that templates of a context may use, in order; none for a context that is not registered."""
    context = context_of(code)
    return tuple(field.name for field in context.fields) if context else ()


def phrases(*, on: dt.date) -> Phrases:
    """What no paper may say on a day: the lists of all jurisdictions together, since a letter may cross the border. Two statements."""
    words: set[str] = set()
    levels: set[str] = set()
    decides: set[str] = set()
    beside = 0
    for jurisdiction in Jurisdiction.values:
        figures = policy.table("papers.phrases", jurisdiction=jurisdiction, on=on)
        words.update(figures["words"])
        levels.update(figures["levels"])
        decides.update(figures["decides"])
        beside = max(beside, figures["beside"])
    return Phrases(tuple(sorted(words)), tuple(sorted(levels)), tuple(sorted(decides)), beside)


def template_faults(template: LetterTemplate, *, on: dt.date, language: str = "") -> dict[str, list[Fault]]:
    """What stands against a template's texts, by column ("body_hant"), in all languages or one. Empty where it may be kept."""
    never, allowed = phrases(on=on), allowed_fields(template.context)
    found = {}
    for one in [language] if language else Language.values:
        for column, text in template.texts(one).items():
            wrong = faults(text, allowed=allowed, phrases=never)
            if wrong:
                found[column] = wrong
    return found


def head_lines(post: Post | None, language: str) -> list[str]:
    """The letterhead of somebody's unit, else of the nearest one above it, in a language; empty where none is kept. One statement."""
    head = Letterhead.objects.of_unit(post.unit) if post else None
    return head.lines(language) if head else []


def last_phone(user: Any) -> str:
    """The phone that the person's last letter gave."""
    phone = Letter.objects.filter(actor=user).order_by("-pk").values_list("sender_phone", flat=True).first()
    return phone or ""


def addressees(company: Company, *, user: Any) -> Any:
    """The people of a company who are there and whom the reader sees."""
    return Contact.objects.visible_to(user).filter(company=company, left_on=None).order_by("sort_key", "pk")
