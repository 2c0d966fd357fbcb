"""The facility letter: drawn up from the decision alone by one of credit administration, kept, sent by another (transition 15)."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from credit.decisions import permissions, selectors, terms
from credit.decisions.choices import LETTER_NEWS, LifeWork
from credit.decisions.models import Decision, FacilityLetter, LetterIssue
from credit.packs.choices import Act, State
from credit.packs.models import Pack
from credit.packs.parts import require_not_stopped
from credit.packs.services import steps
from credit.reviews import selectors as reviews
from crm.kernel.errors import RuleBroken
from crm.kernel.files import store
from crm.notifications.services import notify
from crm.papers import pdf
from crm.papers import selectors as paper_selectors
from crm.papers import services as papers
from crm.papers.choices import Language, Step
from crm.papers.models import Letterhead, LetterTemplate
from crm.papers.selectors import LetterSubject
from crm.papers.services import Paper, PaperRefused
from crm.staff.choices import Role
from crm.staff.models import Post


@dataclass(frozen=True)
class Decided:
    """What a letter is filled in with: the pack and the terms that were decided."""

    pack: Pack
    terms: dict[str, Any]


@dataclass(frozen=True)
class Draft:
    """A letter that may be kept: its words, its file, and the decision that it tells."""

    decision: Decision
    template: LetterTemplate
    language: str
    terms: dict[str, Any]
    paper: Paper
    content: bytes


def prepare_letter(*, pack_id: int, template_id: int, language: str, actor: Any, now: dt.datetime) -> Draft:
    """The facility letter of an approved pack in a language, not yet kept.

    Pack.DoesNotExist where hidden; NotAllowed for others than credit administration and before the approval; RuleBroken once the approval
    is not valid any more, for a template or language that is none, without a letterhead, and as `pdf.make`. PaperRefused where it would
    say what no client may read; that is written to the trail, so call it outside a transaction that the refusal would end.
    """
    pack = Pack.objects.visible_to(actor).select_related("company", "centre", "team", "owner").get(pk=pack_id)
    permissions.can_draw(user=actor, pack=pack).require()
    decision = require_valid(pack, now)
    template = selectors.letter_templates().filter(pk=template_id).first()
    if template is None or language not in Language.values:
        raise RuleBroken(_("No facility letter is published. Ask a content editor."), code="no_template")
    head = Letterhead.objects.of_unit(pack.centre)
    if head is None:
        raise RuleBroken(_("No letterhead is kept for the centre of this pack. Ask a content editor."), code="no_letterhead")
    told, today = terms.terms_of(decision), reviews.today_of(pack, now)
    subject = LetterSubject(pack.company, None, actor, _post(actor), "", today, Decided(pack, told))
    paper = papers.render(template=template, language=language, subject=subject, about=pack, actor=actor, now=now)
    sheet = pdf.Sheet(language, tuple(head.lines(language)), paper.subject, paper.body, today)
    _require_sayable(f"{paper.subject}\n{paper.body}", template, pack, actor=actor, now=now)
    made = pdf.make(sheet)
    _require_sayable(made.text, template, pack, actor=actor, now=now)
    return Draft(decision, template, language, told, paper, made.content)


def require_valid(pack: Pack, now: dt.datetime) -> Decision:
    """The newest decision. RuleBroken where its last day is over."""
    decision = selectors.decision_of(pack)
    if decision is None or decision.valid_until is None or reviews.today_of(pack, now) > decision.valid_until:
        raise RuleBroken(_("The approval is not valid any more."))
    decision.pack = pack
    return decision


def _post(actor: Any) -> Post:
    found: Post = next(post for post in actor.actor.posts if post.role == Role.CAD)
    return found


def _require_sayable(text: str, template: LetterTemplate, pack: Pack, *, actor: Any, now: dt.datetime) -> None:
    wrong = terms.unsayable(text, paper_selectors.phrases(on=timezone.localdate(now)))
    if wrong:
        refused = {papers.PDF: wrong}
        papers.note_refusal(refused, step=Step.PDF, template=template, about=pack, actor=actor, now=now)
        raise PaperRefused(refused)


@transaction.atomic
def keep_letter(*, draft: Draft, actor: Any, now: dt.datetime) -> FacilityLetter:
    """Keep a prepared letter with its file and hash; a second person of credit administration is asked to send it.

    NotAllowed and RuleBroken as `prepare_letter`, and where the pack was decided anew meanwhile.
    """
    pack = steps.locked(draft.decision.pack_id, actor)
    permissions.can_draw(user=actor, pack=pack).require()
    if require_valid(pack, now).pk != draft.decision.pk:
        raise RuleBroken(_("The pack was decided anew meanwhile."))
    name = f"{pack.number} {draft.paper.subject} {draft.language}.pdf"
    file = store([draft.content], name=name, media_type="application/pdf", owner=actor)
    post = _post(actor)
    letter = FacilityLetter.objects.create(
        pack=pack,
        decision=draft.decision,
        language=draft.language,
        template_code=draft.template.code,
        terms=draft.terms,
        subject=draft.paper.subject,
        body=draft.paper.body,
        file=file,
        sha256=file.sha256,
        at=now,
        actor=actor,
        post=post,
    )
    steps.step(pack, Act.CHANGE, actor=actor, now=now, post=post, what="letter drawn", letter=letter.pk, sha256=letter.sha256)
    steps.close(pack, LifeWork.LETTER, actor=actor, now=now)
    steps.ask(pack, LifeWork.LETTER, actor=actor, due_at=None, unit=post.unit, role=Role.CAD)
    return letter


def draw_letter(*, pack_id: int, template_id: int, language: str, actor: Any, now: dt.datetime) -> FacilityLetter:
    """Prepare and keep a facility letter. Refusals as both."""
    draft = prepare_letter(pack_id=pack_id, template_id=template_id, language=language, actor=actor, now=now)
    return keep_letter(draft=draft, actor=actor, now=now)


@transaction.atomic
def offer(*, pack_id: int, actor: Any, now: dt.datetime) -> Pack:
    """Send the facility letter that was drawn up last (transition 15).

    NotAllowed for others than credit administration, and for who drew it up; RuleBroken without a letter, once it is too late, and
    while the company’s undrawn limits are suspended.
    """
    pack = steps.locked(pack_id, actor)
    letter = selectors.letter_of(pack)
    permissions.can_offer(user=actor, pack=pack, letter=letter).require()
    require_not_stopped(pack.company_id)
    decision = require_valid(pack, now)
    if letter is None or letter.decision_id != decision.pk:
        raise RuleBroken(_("Draw up the facility letter first."))
    post = _post(actor)
    LetterIssue.objects.create(pack=pack, letter=letter, at=now, actor=actor, post=post)
    steps.step(pack, Act.OFFER, actor=actor, now=now, target=State.OFFERED, post=post, letter=letter.pk, sha256=letter.sha256)
    steps.close(pack, LifeWork.LETTER, actor=actor, now=now)
    notify(
        kind=LETTER_NEWS,
        user_ids=[pack.owner_id],
        key=f"{LETTER_NEWS}:{letter.pk}",
        line=format_lazy(_("{number}: the facility letter is out."), number=pack.number),
        url=pack.get_absolute_url(),
        now=now,
    )
    return pack
