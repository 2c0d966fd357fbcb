"""Who looks after a company: the one record of it. Called by deals and clients inside their own operations, whose permission they check."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from crm.companies.choices import CoverageKind
from crm.companies.models import Company, Coverage
from crm.kernel.errors import RuleBroken
from crm.kernel.reactions import announce
from crm.staff.choices import UnitKind
from crm.staff.models import Post

COVERED = "companies.covered"
"""Announced with `company_ids` when others look after companies than before: who may see what hangs on them has changed."""


@transaction.atomic
def take_on(*, company: Company, kind: CoverageKind, post: Post, actor: Any, now: dt.datetime) -> Coverage:
    """From now on this post looks after the company, as client or as prospect.

    Of two at once one gets it, by a unique constraint; the other is refused with RuleBroken (code `covered`), which names nobody.
    """
    row = Coverage(company=company, kind=kind, post=post, from_at=now, **owner_columns(post))
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if not company.coverage.current().filter(kind=kind).exists():
            raise
        raise RuleBroken(_("Somebody looks after this company already."), code="covered") from None
    company.__dict__.pop("current_coverage", None)
    announce(COVERED, actor=actor, company_ids=[company.pk])
    return row


@transaction.atomic
def end_coverage(*, company: Company, kind: CoverageKind, actor: Any, now: dt.datetime) -> Coverage | None:
    """From now on nobody looks after the company as client (or prospect). Returns the row that ended, None where there was none."""
    row = company.coverage.current().select_for_update(of=("self",)).filter(kind=kind).first()
    if row is not None:
        row.to_at = now
        row.save(update_fields=["to_at"])
        company.__dict__.pop("current_coverage", None)
        announce(COVERED, actor=actor, company_ids=[company.pk])
    return row


def owner_columns(post: Post) -> dict[str, Any]:
    """Owner, team and centre of what a post looks after."""
    return {"owner": post.user, "team": post.unit if post.unit.kind == UnitKind.TEAM else None, "centre": post.unit.centre}
