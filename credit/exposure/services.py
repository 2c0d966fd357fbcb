"""The guard of a decision: under the lock of the group, what is approved never passes the stop (domain 6.9, invariant 22)."""

import datetime as dt
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from credit.exposure import selectors
from credit.exposure.selectors import HOME, SCOPE
from credit.packs.models import Pack, PackVersion
from crm.kernel import limits
from crm.kernel.errors import RuleBroken
from crm.kernel.money import Money


def check(pack: Pack, version: PackVersion, *, now: dt.datetime) -> Decimal:
    """Lock the holders that this pack adds to, and say what is left after it, in Hong Kong dollars; the least, of several holders.

    Call inside the deciding transaction, before the pack changes its state: two packs of one group decided at once wait for each other
    here, and the second one reads what the first one took. RuleBroken (code `exceeds_headroom`) says by how much it would pass the stop.
    """
    holders = selectors.holders_of(pack, version)
    limits.hold(SCOPE, [holder.key for holder in holders])
    on = timezone.localdate(now, pack.centre.zone)
    more, left = selectors.adds(pack, version, on=on), []
    for exposure in selectors.exposures(holders, jurisdiction=pack.jurisdiction, on=on):
        room = exposure.headroom - more
        if room < 0:
            beyond = Money(-room, HOME)
            raise RuleBroken(
                _("The request exceeds the headroom of %(holder)s by %(amount)s.") % {"holder": exposure.holder.name, "amount": beyond},
                code="exceeds_headroom",
            )
        left.append(room)
    return min(left)
