"""The letter by which the client is asked for papers, from allow-listed fields (domain 1.3, rule 1)."""

import datetime as dt
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.checklists import selectors
from credit.checklists.requesting import CONTEXT
from credit.checklists.services.papers import request_papers
from credit.packs import permissions as packs_permissions
from credit.packs import selectors as packs
from credit.packs.models import Pack
from crm.kernel.errors import RuleBroken
from crm.papers import services as papers
from crm.papers.models import Letter
from crm.papers.services import LetterOrder


def write_request(*, pack_id: int, order: LetterOrder, actor: Any, now: dt.datetime) -> Letter:
    """Write the client what we still need, and note each of those papers as requested.

    Pack.DoesNotExist where hidden; NotAllowed for others than the manager of a draft; RuleBroken where nothing is to be asked for; else
    as `papers.write_letter`, whose refusals stay on the trail: call it outside a transaction that a refusal would end.
    """
    pack = Pack.objects.visible_to(actor).select_related("company", "centre", "owner").get(pk=pack_id)
    version = packs.draft_of(pack)
    packs_permissions.can_change(user=actor, pack=pack, version=version).require()
    if version is None:
        raise RuleBroken(_("No version is open."))
    version.pack = pack
    items = selectors.asked_of_client(version, selectors.today_of(pack, now))
    if not items:
        raise RuleBroken(_("Nothing is to be asked of the client."))
    letter = papers.write_letter(company_id=pack.company_id, order=replace(order, context=CONTEXT, about=pack), actor=actor, now=now)
    request_papers(pack_id=pack.pk, item_ids=[item.pk for item in items], actor=actor, now=now)
    return letter
