"""Roles, grades and kinds of units (domain 1.1)."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """The actors of domain 1.1 (the credit committee counted with the approvers), the product specialist, and other systems of the bank."""

    ARM = "ARM", _("Assistant relationship manager")
    RM = "RM", _("Relationship manager")
    SRM = "SRM", _("Senior relationship manager")
    TH = "TH", _("Team head")
    RCH = "RCH", _("Regional-centre head")
    HO = "HO", _("Head office")
    CA = "CA", _("Credit analyst")
    CO = "CO", _("Credit approver")
    CC = "CC", _("Credit committee")
    CAD = "CAD", _("Credit administration")
    COMP = "COMP", _("Compliance")
    FIN = "FIN", _("Finance department")
    OPS = "OPS", _("Business office (counter)")
    LOB = "LOB", _("Lobby manager")
    BH = "BH", _("Branch head")
    EDIT = "EDIT", _("Content editor")
    ADM = "ADM", _("Administrator")
    AUD = "AUD", _("Internal audit")
    HR = "HR", _("Human resources")
    SPEC = "SPEC", _("Product specialist")
    SYS = "SYS", _("Credit system")


SERVE_THE_BANK = (Role.CA, Role.CAD, Role.OPS, Role.ADM)
"""Roles whose queues may have no unit: whoever holds the role anywhere takes from them."""


class UnitKind(models.TextChoices):
    """The tree: head office, regional centres, their teams and branches, departments."""

    HEAD_OFFICE = "head_office", _("Head office")
    CENTRE = "centre", _("Regional centre")
    TEAM = "team", _("Team")
    BRANCH = "branch", _("Branch")
    DEPARTMENT = "department", _("Department")


class Jurisdiction(models.TextChoices):
    """Whose law and policy set applies."""

    HK = "HK", _("Hong Kong")
    CN = "CN", _("Mainland China")


class ChangeState(models.TextChoices):
    """A proposed change of posts waits for a second administrator."""

    PROPOSED = "proposed", _("Waiting for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")


CHANGE_WORK = "post_change"
"""The kind of the work item that puts a proposed change before the other administrators."""

CHANGE_TRANSITIONS = {ChangeState.PROPOSED: {ChangeState.APPROVED, ChangeState.REFUSED}}


class AccountAct(models.TextChoices):
    """What an administrator does with somebody's account."""

    LET_IN = "let_in", _("Let in again")
    SHUT_OUT = "shut_out", _("Shut out")
    UNLOCKED = "unlocked", _("Unlocked")
    NEW_PASSWORD = "new_password", _("New password set")
    CORRECTED = "corrected", _("Details corrected")


class CoverState(models.TextChoices):
    """Where a leave cover stands."""

    COMING = "coming", pgettext_lazy("leave cover", "to come")
    HOLDS = "holds", pgettext_lazy("leave cover", "holds now")
    OVER = "over", pgettext_lazy("leave cover", "over")


RELATIONSHIP_ROLES = (Role.ARM, Role.RM, Role.SRM)
GRADES = {Role.ARM: 1, Role.RM: 2, Role.SRM: 3, Role.TH: 4, Role.RCH: 5, Role.HO: 6}
GRADED_CO = (1, 2, 3)
TOP_GRADE = 6

# Which kind of unit a role's post may belong to.
UNITS_OF = {
    Role.ARM: {UnitKind.TEAM},
    Role.RM: {UnitKind.TEAM},
    Role.SRM: {UnitKind.TEAM},
    Role.TH: {UnitKind.TEAM},
    Role.RCH: {UnitKind.CENTRE},
    Role.HO: {UnitKind.HEAD_OFFICE, UnitKind.DEPARTMENT},
    Role.LOB: {UnitKind.BRANCH},
    Role.BH: {UnitKind.BRANCH},
    Role.OPS: {UnitKind.BRANCH, UnitKind.DEPARTMENT, UnitKind.CENTRE},
    Role.SYS: {UnitKind.HEAD_OFFICE, UnitKind.DEPARTMENT, UnitKind.CENTRE},
}

# Of which kinds of units a unit may be part. The bank has one head office, and it stands under nothing.
PARENTS_OF: dict[str, tuple[UnitKind, ...]] = {
    UnitKind.HEAD_OFFICE: (),
    UnitKind.CENTRE: (UnitKind.HEAD_OFFICE,),
    UnitKind.TEAM: (UnitKind.CENTRE,),
    UnitKind.BRANCH: (UnitKind.CENTRE,),
    UnitKind.DEPARTMENT: (UnitKind.HEAD_OFFICE, UnitKind.CENTRE, UnitKind.DEPARTMENT),
}

USUAL_ZONES: dict[str, str] = {Jurisdiction.HK: "Asia/Hong_Kong", Jurisdiction.CN: "Asia/Shanghai"}
"""The time zone of a unit for which nobody chose one."""

# Whose desk a deputy may keep while they are away (domain 1.2, "Delegation"): who decides something. Heads stand in for heads; others for
# their own role.
DECIDING_ROLES = (Role.TH, Role.RCH, Role.HO, Role.CO, Role.CC, Role.CAD, Role.COMP, Role.FIN, Role.OPS)
HEADS = (Role.TH, Role.RCH, Role.HO)


def stands_in(*, role: str, grade: int, for_role: str, for_grade: int) -> bool:
    """Whether a post of this role and grade may keep the desk of another: of the same family, and of the same or a higher grade."""
    same_family = role == for_role or (role in HEADS and for_role in HEADS)
    return for_role in DECIDING_ROLES and same_family and grade >= for_grade
