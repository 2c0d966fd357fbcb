"""What verifications add to shared screens, the bank's figures for them, and what must hold."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from credit.accountability.parts import DutySource
from credit.flags.parts import FlagWitness
from credit.verifications import duties, permissions
from credit.verifications.choices import FLAG_OF, CheckWork, Kind
from credit.verifications.models import Step, Verification
from credit.verifications.services import verify_open_bills
from crm.kernel.contributions import ApiRouter, Invariant, NavItem, PaletteCommand, PolicyTable, WorkKind, register

HEADING = _("Verifications")


def _unflagged() -> Iterator[str]:
    """What the domain calls a flag is one: a denied, altered or unanswered bill."""
    for result, code in FLAG_OF.items():
        rows = Verification.objects.filter(kind=Kind.BILL, result=result).exclude(flags__code=code)
        for pk in rows.values_list("pk", flat=True).order_by("pk"):
            yield f"Verification {pk}: its result is {result}, and no {code} was raised."


def _without_hash() -> Iterator[str]:
    for pk in Step.objects.filter(sha256="").exclude(message="").values_list("pk", flat=True).order_by("pk"):
        yield f"Step {pk}: its message has no hash."


register(
    NavItem(HEADING, "verifications:verification_list", "check", order=440, section=_("Credit"), shown=permissions.reads),
    PaletteCommand(
        HEADING, "verifications:verification_list", "check", words=_("bill of lading container carrier"), order=48, shown=permissions.reads
    ),
    PaletteCommand(
        _("Directory of contacts"), "verifications:contact_list", "people", words=_("carrier contact"), order=49, shown=permissions.keeps
    ),
    WorkKind(CheckWork.SEND, CheckWork.SEND.label, "mail", "verifications:verification_detail"),
    WorkKind(CheckWork.CHASE, CheckWork.CHASE.label, "clock", "verifications:verification_detail"),
    FlagWitness("verifications", verify_open_bills),
    DutySource("verifications", duties.KINDS, duties.found, order=40),
    Invariant("verifications.flags", "Every denied, altered or unanswered bill has its flag", _unflagged),
    Invariant("verifications.hash", "Every message is kept with its hash", _without_hash),
    PolicyTable(
        "verifications.rules",
        _("Verifying bills of lading"),
        HEADING,
        "days",
        labels={
            "chase_days": _("Asked again after (working days)"),
            "reply_days": _("No reply after (working days)"),
            "large_above": _("Every deal above (HKD)"),
            "random_percent": _("Of the others, by chance"),
        },
        units={"large_above": "money", "random_percent": "percent"},
        order=650,
    ),
    ApiRouter("verifications", "credit.verifications.api.router", order=97),
)
