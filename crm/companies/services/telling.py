"""What stands on a company's timeline of what was done to its facts and people."""

import datetime as dt
from typing import Any

from crm.companies.models import Company
from crm.kernel.worklist import TimelineRow


def tell(company: Company, kind: str, *, title: str, facts: dict[str, Any], subject: Any, actor: Any, now: dt.datetime) -> None:
    """Put it on the timeline, for those who look after the company; nowhere where nobody does. `subject`: the record that it leads to."""
    for row in company.current_coverage[:1]:
        TimelineRow.objects.create(
            company_id=company.pk,
            kind=kind,
            at=now,
            actor=actor,
            owner_id=row.owner_id,
            team_id=row.team_id,
            centre_id=row.centre_id,
            title=title[:300],
            facts=facts,
            subject_type=subject._meta.label_lower,
            subject_id=subject.pk,
        )
