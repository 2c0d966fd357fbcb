"""Letters through the API: the same services and visibility as the pages."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router, Status
from pydantic import Field

from crm.companies.models import Company
from crm.papers import selectors, services
from crm.papers.choices import Step
from crm.papers.downloads import attached
from crm.papers.models import Letter, LetterTemplate
from crm.web.api import identity, once, page
from crm.web.bodies import Body, RecordId

router = Router(tags=["letters"])

_RELATED = ("company", "contact", "template", "actor")


class LetterIn(Body):
    """A letter to a company: the template's code, the language, the person there if any, the sender's phone as it is to stand there."""

    company_id: RecordId
    template: Annotated[str, Field(max_length=40)]
    language: Literal["en", "zh-hant", "zh-hans"]
    contact_id: RecordId | None = None
    phone: Annotated[str, Field(max_length=40)] = ""


def serialise(letter: Letter) -> dict[str, Any]:
    """A letter as lists and single reads give it."""
    return {
        **identity(letter),
        "company_id": letter.company_id,
        "contact_id": letter.contact_id,
        "template": letter.template.code,
        "language": letter.language,
        "subject": letter.subject,
        "body": letter.body,
        "letterhead": letter.head.splitlines(),
        "at": letter.at,
        "by": letter.actor.username if letter.actor else None,
    }


@router.get("")
def letters(request: HttpRequest, q: str = "", company_id: RecordId | None = None, limit: int = 50, cursor: str = "") -> dict[str, Any]:
    """Letters that the token's user may see, newest first; `q` finds companies by name, code or phone."""
    rows = Letter.objects.visible_to(request.user).select_related(*_RELATED)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if q:
        rows = rows.filter(company__in=Company.objects.visible_to(request.user).named(q))
    return page(rows, request, serialise, ordering=("-pk",))


@router.get("templates")
def templates(request: HttpRequest) -> dict[str, Any]:
    """Published templates of letters to a company, by code."""
    rows = LetterTemplate.objects.visible_to(request.user).offered(selectors.TO_COMPANY)
    return {"items": [{"code": row.code, "name": row.name, "is_marketing": row.is_marketing} for row in rows]}


@router.get("{int:letter_id}")
def letter(request: HttpRequest, letter_id: int) -> dict[str, Any]:
    """One letter."""
    return serialise(get_object_or_404(Letter.objects.visible_to(request.user).select_related(*_RELATED), pk=letter_id))


@router.get("{int:letter_id}/pdf")
def letter_pdf(request: HttpRequest, letter_id: int) -> HttpResponse:
    """The letter as a PDF; that it was taken is written down."""
    return attached(services.letter_pdf(letter_id=letter_id, actor=request.user, now=timezone.now()))


@router.post("", response={201: dict})
def write_letter(request: HttpRequest, body: LetterIn) -> Status:
    """Write a letter to a company that the token's user looks after."""
    try:
        return _write(request, body)
    except services.PaperRefused as error:
        # The refusal's row of the trail went with the transaction that it ended: it is written anew.
        template = LetterTemplate.objects.visible_to(request.user).get(code=body.template)
        company, now = Company.objects.visible_to(request.user).get(pk=body.company_id), timezone.now()
        services.note_refusal(error.faults, step=Step.RENDER, template=template, about=company, actor=request.user, now=now)
        raise


@once("letters.write")
def _write(request: HttpRequest, body: LetterIn) -> tuple[int, dict[str, Any]]:
    offered = LetterTemplate.objects.visible_to(request.user).offered(selectors.TO_COMPANY)
    template = get_object_or_404(offered, code=body.template)
    order = services.LetterOrder(template.pk, body.language, body.contact_id, body.phone)
    return 201, serialise(services.write_letter(company_id=body.company_id, order=order, actor=request.user, now=timezone.now()))
