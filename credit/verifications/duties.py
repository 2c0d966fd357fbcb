"""What verifications ask of the credit department, for accountability files. Hushed: nobody who speaks with the client learns of them."""

import dataclasses
from collections.abc import Iterator

from credit.accountability.parts import Duty, Scope, of_work
from credit.verifications.choices import SUBJECT, CheckWork
from credit.verifications.models import Verification
from crm.kernel.addresses import url_of

KINDS = {str(one): one.label for one in (CheckWork.SEND, CheckWork.CHASE)}


def found(scope: Scope) -> Iterator[Duty]:
    """Papers that had to be sent, or asked for again, by a time. Two statements."""
    cases = Verification.objects.filter(client_id=scope.client_id)
    names = dict(cases.order_by("pk").values_list("pk", "number"))
    address = "verifications:verification_detail"
    rows = of_work(scope, subject_type=SUBJECT, subjects=cases.values("pk"), kinds=KINDS, names=names, url=lambda pk: url_of(address, pk))
    yield from (dataclasses.replace(one, is_hushed=True) for one in rows)
