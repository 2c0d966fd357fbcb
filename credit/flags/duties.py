"""What red flags ask of people, for accountability files: answered within their clocks. Hushed flags ask nothing of a manager."""

from collections.abc import Iterator

from credit.accountability.parts import Duty, Scope, of_work
from credit.flags.choices import CLOCKED, SUBJECT, FlagWork
from credit.flags.models import Flag
from crm.kernel.addresses import url_of

KINDS = {str(one): one.label for one in FlagWork if one in CLOCKED}


def found(scope: Scope) -> Iterator[Duty]:
    """Notes, explanations, plans and visits that fell due. Two statements."""
    flags = Flag.objects.filter(client_id=scope.client_id)
    names = dict(flags.order_by("pk").values_list("pk", "code"))
    yield from of_work(
        scope, subject_type=SUBJECT, subjects=flags.values("pk"), kinds=KINDS, names=names, url=lambda pk: url_of("flags:flag_detail", pk)
    )
