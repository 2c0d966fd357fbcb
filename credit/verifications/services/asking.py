"""Asking who issued a paper, through the independent directory and never through the paper; asking once more (domain 7.5, step 4)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.packs.rules import refuse
from credit.reviews.rules import text
from credit.verifications import permissions, rules, selectors
from credit.verifications.choices import Act, CheckWork, Kind, State
from credit.verifications.models import DirectoryContact, Verification
from credit.verifications.services.steps import ask, finish, locked, move, write
from crm.visits.rules import closing_time

MESSAGE = 8000


@transaction.atomic
def send(*, verification_id: int, contact_id: int, message: str, actor: Any, now: dt.datetime) -> Verification:
    """Note what was asked of whom; the clocks of asking again and of the reply run from now.

    NotAllowed for others than the credit department; RuleBroken for a contact of another kind or carrier, one that is not in use, and
    one that the paper itself names.
    """
    verification = locked(verification_id, actor)
    permissions.can_send(user=actor, verification=verification).require()
    words = text(message, MESSAGE, "message", _("Write down what was asked."))
    contact = DirectoryContact.objects.visible_to(actor).filter(pk=contact_id, is_used=True, kind=verification.kind).first()
    if contact is None or (verification.kind == Kind.BILL and contact.scac != verification.scac):
        raise refuse("directory_contact", _("Pick a contact of the directory, for this carrier."))
    if rules.is_of_the_paper(contact.address, verification.contact):
        raise refuse("directory_contact", _("The paper names this contact itself: it confirms nothing. Find an independent one."))
    told, calendar = selectors.figures(on=selectors.today_of(verification.client, now)), selectors.calendar_of(verification.client, now)
    today = selectors.today_of(verification.client, now)
    verification.asked, verification.sent_at = contact, now
    verification.chase_at = closing_time(calendar.add_working_days(today, told["chase_days"]), calendar)
    verification.reply_by = closing_time(calendar.add_working_days(today, told["reply_days"]), calendar)
    move(verification, State.SENT, actor=actor, reason=Act.SEND, fields=("asked", "sent_at", "chase_at", "reply_by"))
    write(verification, Act.SEND, actor=actor, now=now, message=words, channel=contact.channel, name=contact.name, told_at=now)
    finish(verification, actor=actor, now=now)
    ask(verification, CheckWork.CHASE, actor=actor, due_at=verification.chase_at)
    return verification


@transaction.atomic
def chase(*, verification_id: int, message: str, actor: Any, now: dt.datetime) -> Verification:
    """Note that the same contact was asked again. NotAllowed; RuleBroken without the words."""
    verification = locked(verification_id, actor)
    permissions.can_chase(user=actor, verification=verification).require()
    words = text(message, MESSAGE, "message", _("Write down what was asked."))
    contact = verification.asked
    move(verification, State.CHASED, actor=actor, reason=Act.CHASE)
    channel, name = (contact.channel, contact.name) if contact else ("", "")
    write(verification, Act.CHASE, actor=actor, now=now, message=words, told_at=now, channel=channel, name=name)
    finish(verification, actor=actor, now=now)
    return verification
