"""Pages of packs: the register, a pack with its versions, beginning one, what it asks for, its steps."""

from credit.packs.views.content import (
    FacilityCreate,
    FacilityRemove,
    FacilityUpdate,
    PartyCreate,
    PartyRemove,
    PartyUpdate,
    SecurityCreate,
    SecurityRemove,
    SecurityUpdate,
)
from credit.packs.views.pages import CompanyPacks, PackCard, PackDetail, PackEvents, PackList, VersionCompare
from credit.packs.views.steps import BorrowerKind, DocsStart, PackCreate, PackWithdraw, VersionDrop, VersionOpen, WritingStart

__all__ = [
    "BorrowerKind",
    "CompanyPacks",
    "DocsStart",
    "FacilityCreate",
    "FacilityRemove",
    "FacilityUpdate",
    "PackCard",
    "PackCreate",
    "PackDetail",
    "PackEvents",
    "PackList",
    "PackWithdraw",
    "PartyCreate",
    "PartyRemove",
    "PartyUpdate",
    "SecurityCreate",
    "SecurityRemove",
    "SecurityUpdate",
    "VersionCompare",
    "VersionDrop",
    "VersionOpen",
    "WritingStart",
]
