"""Who raises, answers and closes red flags (domain 1.2 and 7.4). The services ask the same functions as the buttons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.flags.choices import FlagState, Severity, SuggestionState
from credit.flags.models import Flag, Suggestion
from credit.flags.querysets import CREDIT, READERS_OF_ALL, centres_headed, knows_all
from credit.packs.models import Pack
from crm.clients.models import Client
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role

READERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, *READERS_OF_ALL, *CREDIT)
RAISERS = (*RELATIONSHIP_ROLES, Role.TH, Role.RCH, Role.HO, Role.COMP, *CREDIT, Role.LOB, Role.BH, Role.OPS)
OFFICERS = (Role.CO, Role.CC)
_CLOSED = _("This flag is closed.")


def can_read_flags(*, user: Any) -> Permission:
    """The business side, head office, the credit department, compliance and audit."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads no red flags."))


def reads(user: Any) -> bool:
    """For the menu."""
    return bool(can_read_flags(user=user))


def raises(user: Any) -> bool:
    """May raise one at all."""
    return bool(user.actor.has_role(*RAISERS))


def clients_of(user: Any) -> Any:
    """The clients on whom this person may raise a flag: those they see, and the credit department's whose pack they see."""
    seen = Client.objects.visible_to(user)
    if user.actor.has_role(*CREDIT):
        return Client.objects.filter(company__in=Pack.objects.visible_to(user).values("company_id")) | seen
    return seen


def can_raise(*, user: Any, client: Client | None = None) -> Permission:
    """Anyone who sees the client; audit and administrators change nothing."""
    if not raises(user):
        return denied(_("Your post raises no red flags."))
    if client is not None and not clients_of(user).filter(pk=client.pk).exists():
        return denied(_("This client is not yours to see."))
    return ALLOWED


def can_raise_on(*, user: Any, company_id: int) -> Permission:
    """`can_raise` on the client that the company is. Denied where it is none, or none that the person sees."""
    allowed = can_raise(user=user)
    if not allowed or clients_of(user).filter(company_id=company_id).exists():
        return allowed
    return denied(_("This client is not yours to see."))


def owns(user: Any, flag: Flag) -> bool:
    """Looks after the flag's client."""
    return bool(flag.client.owner_id == user.pk)


def heads_team(user: Any, client: Client) -> bool:
    """The head of the client's team, at that desk or keeping it."""
    return any(post.role == Role.TH and post.unit_id == client.team_id for post in user.actor.deciding_posts)


def heads_centre(user: Any, client: Client) -> bool:
    """The head of the client's centre, at that desk or keeping it."""
    return any(post.role == Role.RCH and post.unit_id == client.centre_id for post in user.actor.deciding_posts)


def can_answer(*, user: Any, flag: Flag) -> Permission:
    """Whoever looks after the client, their heads, the credit department and compliance, while it is open."""
    if not flag.is_open:
        return denied(_CLOSED)
    near = owns(user, flag) or heads_team(user, flag.client) or heads_centre(user, flag.client)
    if near or user.actor.has_role(*CREDIT, Role.COMP):
        return ALLOWED
    return denied(_("Whoever looks after the client, their heads, the credit department and compliance answer a flag."))


def can_call_legal(*, user: Any, flag: Flag) -> Permission:
    """Note that the legal department knows: credit approvers and compliance, of a flag that it is called in for."""
    if not flag.entry.legal:
        return denied(_("The legal department is not called in for this flag."))
    fits = user.actor.has_role(*OFFICERS, Role.COMP)
    return ALLOWED if fits else denied(_("Credit approvers and compliance call in the legal department."))


def can_read_off(*, user: Any, flag: Flag) -> Permission:
    """Say that one has read it: a head of the client, or of a critical one a credit approver or compliance."""
    if not flag.is_open:
        return denied(_CLOSED)
    if flag.severity == Severity.CRITICAL:
        fits = user.actor.has_role(*OFFICERS, Role.COMP)
        return ALLOWED if fits else denied(_("Credit approvers and compliance read critical flags off."))
    fits = heads_team(user, flag.client) or heads_centre(user, flag.client)
    return ALLOWED if fits else denied(_("The heads of the client read flags off."))


def _other_eyes(user: Any, flag: Flag) -> Permission:
    if not flag.is_open:
        return denied(_CLOSED)
    if flag.raised_by_id == user.pk:
        return denied(_("Whoever raised a flag does not close it."))
    if owns(user, flag):
        return denied(_("Whoever looks after the client does not close its flags."))
    return ALLOWED


def can_close(*, user: Any, flag: Flag) -> Permission:
    """M and L by the team head or above, H by the centre head, C by a credit approver and compliance, each once (domain 7.4)."""
    other = _other_eyes(user, flag)
    if not other:
        return other
    if flag.severity == Severity.CRITICAL:
        return _can_sign(user, flag)
    if heads_centre(user, flag.client):
        return ALLOWED
    if flag.severity == Severity.HIGH:
        return denied(_("The head of the centre closes a high flag."))
    return ALLOWED if heads_team(user, flag.client) else denied(_("The head of the team closes this flag."))


def signing_role(user: Any, flag: Flag) -> str:
    """As what this person would sign a critical flag off: "CO" for credit, "COMP"; empty where neither is missing."""
    missing = {"CO", "COMP"} - ({flag.signed_as} if flag.state == FlagState.CLOSING else set())
    if "CO" in missing and user.actor.has_role(*OFFICERS):
        return "CO"
    return "COMP" if "COMP" in missing and user.actor.has_role(Role.COMP) else ""


def _can_sign(user: Any, flag: Flag) -> Permission:
    if not user.actor.has_role(*OFFICERS, Role.COMP):
        return denied(_("A credit approver and compliance close a critical flag together."))
    if flag.state == FlagState.CLOSING and flag.signed_by_id == user.pk:
        return denied(_("You have signed. A second person closes it."))
    if not signing_role(user, flag):
        return denied(_("Your side has signed. The other side closes it."))
    return ALLOWED


def can_keep_open(*, user: Any, flag: Flag) -> Permission:
    """Refuse the second signature: the flag stays open."""
    if flag.state != FlagState.CLOSING:
        return denied(_("Nobody has signed this flag off."))
    other = _other_eyes(user, flag)
    return _can_sign(user, flag) if other else other


def can_rule(*, user: Any, suggestion: Suggestion) -> Permission:
    """Take up or refuse what the news suggests: whoever looks after the client, their heads, credit, compliance."""
    if suggestion.state != SuggestionState.OPEN:
        return denied(_("This suggestion is settled."))
    client = suggestion.client
    near = client.owner_id == user.pk or heads_team(user, client) or client.centre_id in centres_headed(user)
    if near or user.actor.has_role(*CREDIT, Role.COMP):
        return ALLOWED
    return denied(_("Whoever looks after the client, their heads, the credit department and compliance rule on it."))


def is_told(user: Any, flag: Flag) -> bool:
    """May read all of a flag: of a hushed one whoever only raised it sees no more than that (tipping-off)."""
    return not flag.is_hushed or knows_all(user) or flag.client.centre_id in centres_headed(user)
