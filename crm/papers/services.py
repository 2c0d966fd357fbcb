"""Keeping templates, filling them in, writing letters and making them PDFs; and the trail of what was refused."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import Channel
from crm.companies.models import Company
from crm.companies.permissions import can_reach
from crm.kernel.errors import RuleBroken
from crm.kernel.files import tidy_name
from crm.kernel.text import strip_controls
from crm.kernel.worklist import TimelineRow
from crm.papers import pdf, permissions, rules, selectors
from crm.papers.choices import COLUMNS, Language, Step
from crm.papers.models import BODY, SUBJECT, Letter, LetterCopy, LetterTemplate, PaperRefusal
from crm.papers.rules import Fault
from crm.papers.selectors import LetterSubject

KIND = "letter"
PDF = "pdf"
"""Among the texts of a template: what its finished PDF says."""
Faults = Mapping[str, Sequence[Fault]]


class PaperRefused(RuleBroken):
    """A paper names what no client may read. `faults` are by column; the sentence is the first one's."""

    code = "paper_refused"

    def __init__(self, faults: Faults) -> None:
        super().__init__(next(iter(faults.values()))[0].sentence, fields={name: found[0].sentence for name, found in faults.items()})
        self.faults = faults


@dataclass(frozen=True)
class Paper:
    """A finished paper, as plain text."""

    subject: str
    body: str


def note_refusal(
    faults: Faults, *, step: Step, template: LetterTemplate, about: Any = None, actor: Any, now: dt.datetime
) -> list[PaperRefusal]:
    """Write down that a paper was refused, one row for each fault. `about` is the record that it was to be about."""
    post = actor.actor.post() if actor else None
    subject = {"subject_type": about._meta.label_lower, "subject_id": about.pk} if about is not None else {}
    rows = [
        PaperRefusal(
            at=now,
            actor=actor,
            post=post,
            step=step,
            kind=fault.kind,
            what=fault.what[:200],
            template_code=template.code[:40],
            column=column,
            line=fault.place.line,
            character=fault.place.column,
            **subject,
        )
        for column, found in faults.items()
        for fault in found
    ]
    return PaperRefusal.objects.bulk_create(rows)


def keep_template(*, code: str, actor: Any, now: dt.datetime, values: Mapping[str, Any]) -> LetterTemplate:
    """Make or change a template by its code, published at once; `values` are its columns.

    PaperRefused where a text names a field or phrase that no client may read: nothing is kept then but the refusal, so call it outside a
    transaction that the refusal would end.
    """
    template = LetterTemplate.objects.filter(code=code).first() or LetterTemplate(code=code)
    for name, value in values.items():
        setattr(template, name, rules.tidy(value) if isinstance(value, str) else value)
    wrong = selectors.template_faults(template, on=localdate(now))
    if wrong:
        note_refusal(wrong, step=Step.SAVE, template=template, actor=actor, now=now)
        raise PaperRefused(wrong)
    template.full_clean()
    with transaction.atomic():
        template.live = True
        template.record(actor=actor)
        template.live_revision = template.save_revision(user=actor, log_action=False)
        template.has_unpublished_changes, template.last_published_at = False, now
        template.first_published_at = template.first_published_at or now
        template.record(actor=actor, fields=["live_revision", "has_unpublished_changes", "first_published_at", "last_published_at"])
    return template


def render(*, template: LetterTemplate, language: str, subject: Any, about: Any = None, actor: Any, now: dt.datetime) -> Paper:
    """A template filled in for a subject of its context, in a language. `about` is the record that a refusal is noted with.

    RuleBroken for a template that is not published or has no text in the language. PaperRefused where the template, or the finished text,
    holds what no client may read; that is written to the trail, so call it outside a transaction that the refusal would end.
    """
    context = selectors.context_of(template.context)
    if not template.live or context is None:
        raise RuleBroken(_("This template is not published."))
    texts = template.texts(language)
    if not all(text.strip() for text in texts.values()):
        raise RuleBroken(_("This template has no text in %(language)s yet.") % {"language": Language(language).label})
    on = localdate(now)
    wrong: Faults = selectors.template_faults(template, on=on, language=language)
    if not wrong:
        with translation.override(language):
            values = {field.name: str(field.value(subject)) for field in context.fields}
        lists = {field.name for field in context.fields if field.lines}
        done = {name: rules.written(text, values, lists) for name, text in texts.items()}
        never = selectors.phrases(on=on)
        wrong = {name: found for name, paper in done.items() if (found := rules.spoken(paper, never))}
    if wrong:
        note_refusal(wrong, step=Step.RENDER, template=template, about=about, actor=actor, now=now)
        raise PaperRefused(wrong)
    return Paper(*(done[f"{part}_{COLUMNS[language]}"].text for part in (SUBJECT, BODY)))


@dataclass(frozen=True)
class LetterOrder:
    """What a letter is to be: template, language, addressee (none: to the company), the sender's phone.

    `context` is the purpose whose templates may be chosen; `about` the record of the feature that writes for that purpose.
    """

    template_id: int
    language: str
    contact_id: int | None = None
    phone: str = ""
    context: str = selectors.TO_COMPANY
    about: Any = None


def draft_letter(*, company_id: int, order: LetterOrder, actor: Any, now: dt.datetime) -> tuple[Letter, Paper]:
    """A letter to a company, not yet kept, and its text.

    Company.DoesNotExist, LetterTemplate.DoesNotExist or Contact.DoesNotExist where hidden; NotAllowed for those who do not look after the
    company; RuleBroken (field `contact`) for a person who refuses letters, or did not consent to marketing; else as `render`.
    """
    company = Company.objects.visible_to(actor).get(pk=company_id)
    permissions.can_write_letter(user=actor, company=company).require()
    template = LetterTemplate.objects.visible_to(actor).offered(order.context).get(pk=order.template_id)
    contact = selectors.addressees(company, user=actor).get(pk=order.contact_id) if order.contact_id else None
    if contact is not None:
        reachable = can_reach(contact=contact, channel=Channel.POST, marketing=template.is_marketing)
        if not reachable:
            raise RuleBroken(reachable.reason, fields={"contact": reachable.reason})
    post = _post(actor, company)
    phone = " ".join(strip_controls(order.phone).split())[:40]
    subject = LetterSubject(company, contact, actor, post, phone, localdate(now), order.about)
    about = company if order.about is None else order.about
    paper = render(template=template, language=order.language, subject=subject, about=about, actor=actor, now=now)
    letter = Letter(
        at=now,
        actor=actor,
        post=post,
        company=company,
        contact=contact,
        template=template,
        language=order.language,
        sender_phone=phone,
        subject=paper.subject,
        body=paper.body,
        head="\n".join(selectors.head_lines(post, order.language)),
        about_type="" if order.about is None else order.about._meta.label_lower,
        about_id=None if order.about is None else order.about.pk,
    )
    return letter, paper


def write_letter(*, company_id: int, order: LetterOrder, actor: Any, now: dt.datetime) -> Letter:
    """Write a letter to a company and keep it, with its row on the company's timeline. Refusals as `draft_letter`."""
    letter, _paper = draft_letter(company_id=company_id, order=order, actor=actor, now=now)
    scope = next(iter(letter.company.current_coverage))
    with transaction.atomic():
        letter.save()
        TimelineRow.objects.create(
            company_id=company_id,
            kind=KIND,
            at=now,
            actor=actor,
            owner_id=scope.owner_id,
            team_id=scope.team_id,
            centre_id=scope.centre_id,
            title=letter.subject[:300],
            subject_type=Letter._meta.label_lower,
            subject_id=letter.pk,
        )
    return letter


@dataclass(frozen=True)
class LetterFile:
    """A letter as somebody may take it away."""

    name: str
    content: bytes


def letter_pdf(*, letter_id: int, actor: Any, now: dt.datetime) -> LetterFile:
    """A letter as a PDF, and a row that this person took it. The same letter gives the same bytes, whenever and by whom it is taken.

    Letter.DoesNotExist where hidden; RuleBroken where no letterhead is kept for the sender's unit, and as `pdf.make`. PaperRefused where
    what the finished PDF says holds what no client may read on this day: that is written to the trail, so call it outside a transaction
    that the refusal would end.
    """
    letter = Letter.objects.visible_to(actor).select_related("template", "company", "post__unit").get(pk=letter_id)
    head = letter.head.splitlines() or selectors.head_lines(letter.post, letter.language)
    if not head:
        raise RuleBroken(_("No letterhead is kept for the unit that wrote this letter. Ask a content editor."), code="no_letterhead")
    made = pdf.make(pdf.Sheet(letter.language, tuple(head), letter.subject, letter.body, localdate(letter.at)))
    never = selectors.phrases(on=localdate(now))
    # Its own text too: what another program makes of the file may be less than what stands there.
    texts = (made.text, f"{letter.subject}\n{letter.body}")
    wrong = next((found for text in texts if (found := rules.spoken(rules.Written(text), never))), None)
    if wrong:
        refused = {PDF: wrong}
        note_refusal(refused, step=Step.PDF, template=letter.template, about=letter, actor=actor, now=now)
        raise PaperRefused(refused)
    LetterCopy.objects.create(
        letter=letter, sha256=hashlib.sha256(made.content).hexdigest(), at=now, actor=actor, post=_post(actor, letter.company)
    )
    return LetterFile(tidy_name(f"{letter.subject} {localdate(letter.at).isoformat()}.pdf"), made.content)


def _post(actor: Any, company: Company) -> Any:
    """The post in which somebody writes: the one that looks after the company, else the highest."""
    units = {unit_id for row in company.current_coverage for unit_id in (row.team_id, row.centre_id)}
    return max(actor.actor.posts, key=lambda post: (post.unit_id in units, post.grade))
