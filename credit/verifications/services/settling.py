"""The answer with its channel, name, time and original, and what it makes of the paper; silence after the bank's days (domain 7.5)."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from credit.flags.services.traces import file_of
from credit.packs.rules import line, refuse
from credit.reviews.rules import text
from credit.verifications import permissions
from credit.verifications.choices import ANSWERED, FLAG_OF, WAITING, Act, Channel, Kind, Result, State
from credit.verifications.models import Verification
from credit.verifications.services.asking import MESSAGE
from credit.verifications.services.steps import finish, flag, load, locked, move, write

_WORDS = {
    Result.NOT_ISSUED: _("The carrier says that %(number)s was not issued."),
    Result.ALTERED: _("%(number)s was altered."),
    Result.NO_REPLY: _("No reply about %(number)s within the bank’s days."),
}


@transaction.atomic
def settle(
    *,
    verification_id: int,
    result: str,
    message: str,
    actor: Any,
    now: dt.datetime,
    channel: str = "",
    name: str = "",
    told_at: dt.datetime | None = None,
    file_id: int | None = None,
) -> Verification:
    """Keep an answer and settle the verification by it; of a bill NOT_ISSUED raises RF-03, ALTERED RF-08.

    NotAllowed for others than the credit department. RuleBroken without the words; for an answer to what nobody was asked; without its
    channel, name or time; for a web page as the only proof; for NO_REPLY, which time alone gives; for a foreign file.
    """
    verification = locked(verification_id, actor)
    permissions.can_settle(user=actor, verification=verification).require()
    if result not in Result.values or result == Result.NO_REPLY:
        raise refuse("result", _("Pick one of the choices. No reply is written by time alone."))
    words = text(message, MESSAGE, "message", _("Write down what was answered, or why it cannot be checked."))
    told: dict[str, Any] = {"channel": channel, "name": line(name, 200), "told_at": told_at}
    if result in ANSWERED:
        _check_answer(verification, result, told, now)
    write(verification, Act.SETTLE, actor=actor, now=now, message=words, file=file_of(file_id, actor), **told)
    _conclude(verification, result, actor=actor, now=now)
    return verification


def _check_answer(verification: Verification, result: str, told: dict[str, Any], now: dt.datetime) -> None:
    if verification.state not in WAITING:
        raise refuse("result", _("Nobody was asked yet. Send it first."))
    if told["channel"] not in Channel.values:
        raise refuse("channel", _("Say by which channel the answer came."))
    if not told["name"]:
        raise refuse("name", _("Say who answered."))
    asked = verification.sent_at.replace(second=0, microsecond=0) if verification.sent_at else now  # answers are timed to the minute
    if told["told_at"] is None or not asked <= told["told_at"] <= now:
        raise refuse("told_at", _("Say when, between the question and now."))
    if result == Result.GENUINE and told["channel"] == Channel.WEB and verification.kind == Kind.BILL:
        raise refuse("channel", _("A web page alone confirms nothing. Ask the carrier."))


def _conclude(verification: Verification, result: str, *, actor: Any, now: dt.datetime) -> None:
    verification.result, verification.settled_at = result, now
    move(verification, State.DONE, actor=actor, reason=Act.SETTLE, fields=("result", "settled_at"))
    finish(verification, actor=actor, now=now)
    code = FLAG_OF.get(Result(result)) if verification.kind == Kind.BILL else None
    if code:
        flag(verification, code, _WORDS[Result(result)] % {"number": verification.number}, actor=actor, now=now)


def watch(*, now: dt.datetime) -> int:
    """Settle as NO_REPLY what nobody answered in time; of a bill that raises RF-05. Returns how many; safe to run again."""
    late = Verification.objects.filter(state__in=WAITING, reply_by__lte=now)
    return sum([_give_up(pk, now) for pk in sorted(late.values_list("pk", flat=True))])


@transaction.atomic
def _give_up(pk: int, now: dt.datetime) -> int:
    Verification.objects.select_for_update(of=("self",)).get(pk=pk)
    verification = load(pk)
    if verification.state not in WAITING or verification.reply_by is None or verification.reply_by > now:
        return 0
    write(verification, Act.SETTLE, actor=None, now=now)
    _conclude(verification, Result.NO_REPLY, actor=None, now=now)
    return 1
