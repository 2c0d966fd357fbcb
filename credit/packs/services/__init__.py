"""Operations on packs: begun, filled, moved on, withdrawn; versions opened and dropped."""

from credit.packs.services.content import keep_facility, keep_party, keep_security, remove_facility, remove_party, remove_security
from credit.packs.services.packs import change_borrower_kind, create_pack, draft, start_docs, start_writing, withdraw
from credit.packs.services.passing import follow_client
from credit.packs.services.versions import drop_version, new_draft, open_version

__all__ = [
    "change_borrower_kind",
    "create_pack",
    "draft",
    "drop_version",
    "follow_client",
    "keep_facility",
    "keep_party",
    "keep_security",
    "new_draft",
    "open_version",
    "remove_facility",
    "remove_party",
    "remove_security",
    "start_docs",
    "start_writing",
    "withdraw",
]
