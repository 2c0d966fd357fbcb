"""Who begins packs, works on them, opens and drops versions, withdraws. The services ask the same functions as the buttons."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from credit.packs.choices import DECIDED, PRE_DECISION, Authorship, State, VersionState
from credit.packs.models import Pack, PackVersion
from crm.companies.models import Company
from crm.companies.permissions import covers
from crm.kernel.permission import ALLOWED, Permission, denied
from crm.staff.choices import RELATIONSHIP_ROLES, Role

MAKERS = (*RELATIONSHIP_ROLES, Role.TH)
READERS = (*MAKERS, Role.RCH, Role.HO, Role.COMP, Role.AUD, Role.CA, Role.CO, Role.CC, Role.CAD, Role.SYS)
_REOPENED_FROM = (
    *(State.HANDED_OFF, State.IN_REVIEW, State.WRITING_B, State.FACT_CHECK, State.FOR_DECISION),
    *(State.QUERY, State.DEFERRED, State.RETURNED),
)


def can_read_packs(*, user: Any) -> Permission:
    """Domain 1.2: the business side, head office, compliance, audit; credit, its administration and systems what reached them."""
    return ALLOWED if user.actor.has_role(*READERS) else denied(_("Your post reads no credit packs."))


def is_maker(user: Any) -> bool:
    """Holds a post in which packs are begun."""
    return bool(user.actor.has_role(*MAKERS))


def can_create_at_all(*, user: Any) -> Permission:
    """Relationship managers and team heads."""
    return ALLOWED if is_maker(user) else denied(_("Relationship managers and team heads begin credit packs."))


def can_create(*, user: Any, company: Company) -> Permission:
    """For a client or prospect that one looks after, or one's team does."""
    if not is_maker(user):
        return can_create_at_all(user=user)
    if not covers(user=user, company=company):
        return denied(_("Neither you nor your team looks after this company."))
    return ALLOWED


def can_create_with(user: Any, record: Any) -> Permission:
    """`can_create` for a company, or whatever belongs to one, as a record's button asks it."""
    return can_create(user=user, company=getattr(record, "company", record))


def owns(*, user: Any, pack: Pack) -> Permission:
    """The relationship manager of the pack."""
    if pack.owner_id == user.pk and is_maker(user):
        return ALLOWED
    return denied(_("Only its relationship manager works on this pack."))


def can_change(*, user: Any, pack: Pack, version: PackVersion | None) -> Permission:
    """The owner, while the version is a draft. With the seal this right ends (domain 6.7)."""
    owned = owns(user=user, pack=pack)
    if not owned:
        return owned
    if pack.state not in PRE_DECISION:
        return denied(_("This pack is decided or closed."))
    if version is None or not version.is_draft:
        return denied(_("This version is sealed. Open a new version to change it."))
    return ALLOWED


def can_start_docs(*, user: Any, pack: Pack) -> Permission:
    """The owner of a draft."""
    owned = owns(user=user, pack=pack)
    if not owned:
        return owned
    return ALLOWED if pack.state == State.DRAFT else denied(_("The papers of this pack are asked for already."))


def can_start_writing(*, user: Any, pack: Pack) -> Permission:
    """The owner under model A, once papers are gathered."""
    owned = owns(user=user, pack=pack)
    if not owned:
        return owned
    if pack.authorship != Authorship.RM:
        return denied(_("The credit department writes the application of this pack."))
    return ALLOWED if pack.state == State.DOCS else denied(_("The application is begun while papers are gathered."))


def can_withdraw(*, user: Any, pack: Pack) -> Permission:
    """The owner, before the decision."""
    owned = owns(user=user, pack=pack)
    if not owned:
        return owned
    return ALLOWED if pack.state in PRE_DECISION else denied(_("This pack is decided or closed."))


def can_open_version(*, user: Any, pack: Pack) -> Permission:
    """The owner, from the handoff until the decision; a version that is open already is worked on instead."""
    owned = owns(user=user, pack=pack)
    if not owned:
        return owned
    if pack.state in DECIDED:
        return denied(_("This pack is decided or closed."))
    if pack.state == State.ENDORSE:
        return denied(_("It waits for the endorser. Ask them to send it back."))
    if pack.state not in _REOPENED_FROM:
        return denied(_("This pack is not handed off. Change the draft."))
    if any(row.state == VersionState.DRAFT for row in pack.versions.all()):
        return denied(_("A new version is open already."))
    return ALLOWED


def can_drop_version(*, user: Any, pack: Pack) -> Permission:
    """The owner, of a version that was opened after a sealed one."""
    owned = owns(user=user, pack=pack)
    if not owned:
        return owned
    rows = list(pack.versions.all())
    if not any(row.state == VersionState.DRAFT for row in rows) or pack.state not in PRE_DECISION:
        return denied(_("No version is open that could be dropped."))
    if not any(row.state == VersionState.ON_HOLD for row in rows):
        return denied(_("This is the first version. Withdraw the pack instead."))
    if pack.state == State.DRAFT:
        return denied(_("The endorser sent the version before back. Work on this one, or withdraw the pack."))
    return ALLOWED
