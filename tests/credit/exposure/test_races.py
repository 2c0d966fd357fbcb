"""Two packs of one group decided at once, as real processes: the headroom is never exceeded (scenario 12, invariant 22)."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from credit.exposure import selectors, services
from credit.packs.choices import State
from credit.packs.models import Pack
from crm.companies.models import CompanyGroup
from tests.cast import NOW
from tests.credit import making
from tests.credit.exposure.test_exposure import M, sealed_pack, tier1
from tests.together import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PACKS, FIT = 8, 3


def test_of_eight_packs_decided_at_once_as_many_are_approved_as_fit(bank):
    group = CompanyGroup.objects.create(name_en="Golden Hill Group", name_zh="金山集團")
    tier1(Decimal(FIT * 20 + 10) * M * 100 * 100 / 25 / 90)
    packs = []
    for number in range(PACKS):
        company = making.company(bank, name=f"Golden Hill {number}")
        company.group = group
        company.save(update_fields=["group"])
        packs.append(sealed_pack(bank, company, 20 * M))

    def decide(pack: Pack) -> Callable[[], Any]:
        def act() -> None:
            with transaction.atomic():
                held = Pack.objects.select_related("company__group", "centre").get(pk=pack.pk)
                services.check(held, held.versions.get(), now=NOW)
                Pack.objects.filter(pk=pack.pk).update(state=State.APPROVED)

        return act

    found = at_once([decide(pack) for pack in packs])
    assert sorted(found) == ["done"] * FIT + ["exceeds_headroom"] * (PACKS - FIT)
    exposure = selectors.exposure_of(selectors.Holder.of(packs[0].company), jurisdiction="HK", on=NOW.date())
    assert exposure.amounts.approved == FIT * 20 * M
    assert exposure.headroom == 10 * M
