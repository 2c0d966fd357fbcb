"""`/api/v1/exposure`: what stands with each group or company, of the packs that the caller sees."""

from decimal import Decimal
from typing import Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict

from credit.exposure import permissions, selectors
from credit.packs.models import Pack
from crm.web.api import identity
from crm.web.bodies import LARGEST_ID

router = Router(tags=["exposure"])


class ExposureLine(Schema):
    """A pack that counts, in Hong Kong dollars."""

    id: int
    number: str
    version: int
    amount: Decimal
    stands: str


class ExposureOut(Schema):
    """What stands with a group, or with a company that belongs to none, in Hong Kong dollars."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "id": 7, "name": "Golden Hill Group", "name_en": "Golden Hill Group", "name_zh": "金山集團", "url": "/groups/7/",
                "kind": "group", "currency": "HKD", "live": "30000000.00", "drawn": "12000000.00", "approved": "0.00", "excess": "0.00",
                "total": "30000000.00", "pending": "8000000.00", "legal_limit": "5000000000.00", "headroom": "4470000000.00",
                "packs": [{"id": 12, "number": "GH-2026-01", "version": 1, "amount": "8000000.00", "stands": "pending"}],
            }
        }
    )  # fmt: skip

    id: int
    name: str
    name_en: str
    name_zh: str
    url: str
    kind: Literal["group", "company"]
    currency: str
    live: Decimal
    drawn: Decimal
    approved: Decimal
    excess: Decimal | None
    total: Decimal
    pending: Decimal
    legal_limit: Decimal
    headroom: Decimal
    packs: list[ExposureLine]


def _serialised(exposure: selectors.Exposure, seen: set[int]) -> dict[str, Any]:
    amounts, thresholds = exposure.amounts, exposure.thresholds
    return {
        **identity(exposure.holder.record),
        "kind": "group" if exposure.holder.is_group else "company",
        "currency": selectors.HOME,
        "live": amounts.live,
        "drawn": amounts.drawn,
        "approved": amounts.approved,
        "excess": amounts.excess,
        "total": amounts.total,
        "pending": amounts.pending,
        "legal_limit": thresholds.legal,
        "headroom": exposure.headroom,
        "packs": [
            {"id": line.pack.pk, "number": line.pack.number, "version": line.version, "amount": line.amount, "stands": line.stands}
            for line in exposure.lines
            if line.pack.pk in seen
        ],
    }


@router.get("{int:borrower_id}", response=ExposureOut, summary="The exposure of a borrower's group")
def exposure_of(request: HttpRequest, borrower_id: int) -> dict[str, Any]:
    """Of the group that a company belongs to, else of the company, in Hong Kong dollars. The packs named are those that the caller sees."""
    permissions.can_read_exposure(user=request.user).require()
    seen = Pack.objects.visible_to(request.user)
    pack = seen.filter(company_id=borrower_id).select_related("company__group").first() if borrower_id <= LARGEST_ID else None
    if pack is None:
        raise Http404
    found = selectors.exposure_of(selectors.Holder.of(pack.company), jurisdiction=pack.jurisdiction, on=timezone.localdate())
    seen_ids = set(seen.filter(pk__in=[line.pack.pk for line in found.lines]).values_list("pk", flat=True))
    told = _serialised(found, seen_ids)
    # Excesses are granted as concessions, which systems never read.
    return told | {"excess": None} if getattr(request.user, "is_service", False) else told
