"""What the use of a loan's money raises on its client (RF-15 to RF-18)."""

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.flags.choices import Origin
from credit.flags.services import raise_flag
from credit.packs.models import Pack
from crm.clients.models import Client

FOR_FORBIDDEN = _("It is said to be for “%(word)s”.")


def flag_use(pack: Pack, code: str, note: str, *, actor: Any, now: dt.datetime, link: str) -> None:
    """On the client; a company that is no client yet has none to bear it."""
    client = Client.objects.filter(company_id=pack.company_id).first()
    if client is not None:
        raise_flag(client_id=client.pk, code=code, note=note, actor=actor, now=now, origin=Origin.PAYMENT, link=link)
