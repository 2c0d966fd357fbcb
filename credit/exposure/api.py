"""`/api/v1/exposure`: what stands with each group or company, of the packs that the caller sees."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Router

from credit.exposure import permissions, selectors
from credit.packs.models import Pack
from crm.web.api import identity

router = Router(tags=["exposure"])


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


@router.get("{int:borrower_id}")
def exposure_of(request: HttpRequest, borrower_id: int) -> dict[str, Any]:
    """Of the group that a company belongs to, else of the company, in Hong Kong dollars. The packs named are those that the caller sees."""
    permissions.can_read_exposure(user=request.user).require()
    seen = Pack.objects.visible_to(request.user)
    pack = seen.filter(company_id=borrower_id).select_related("company__group").first()
    if pack is None:
        raise Http404
    found = selectors.exposure_of(selectors.Holder.of(pack.company), jurisdiction=pack.jurisdiction, on=timezone.localdate())
    return _serialised(found, set(seen.filter(pk__in=[line.pack.pk for line in found.lines]).values_list("pk", flat=True)))
