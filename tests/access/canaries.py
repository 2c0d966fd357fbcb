"""The words that tests/access/world.py plants, one or more in each record: who may hear of each, and where its first reader must."""

from dataclasses import dataclass

from tests.access.people import COMPLIANCE, OVER_RM, STAFF_READERS
from tests.access.rules import (
    CHANGE_READERS,
    COVERS,
    DIRECTORY,
    DIRECTORY_FACTS,
    IMPORT_READERS,
    IN_STOCK,
    INTERNAL_NEWS,
    NEWS,
    OWNER,
    SEE_CHECK,
    SEE_DECIDED,
    SEE_DUTIES,
    SEE_FLAG,
    SEE_HANDOVER,
    SEE_SEALED,
    SEE_SURPRISE,
)

PAGES, FRAGMENTS, SEARCH, API, CSV, XLSX = "pages", "fragments", "search", "api", "csv", "xlsx"
EVERYWHERE = frozenset({PAGES, FRAGMENTS, SEARCH, API, CSV, XLSX})
SEES_DATA = OVER_RM - {"ho", "ho2"}  # domain 1.2: head office reads contacts masked
ON_PAGES = frozenset({PAGES, FRAGMENTS})


@dataclass(frozen=True)
class Canary:
    """Who may hear of it; on which surfaces `finder` must, so that silence elsewhere means something."""

    may: frozenset[str]
    found_on: frozenset[str]
    finder: str = "rm"


CANARIES = {
    # Directory facts: for all but administrators; the branches see names alone.
    "Textiles": Canary(DIRECTORY, EVERYWHERE),
    "Logistics": Canary(DIRECTORY, EVERYWHERE),
    "qcsource": Canary(DIRECTORY_FACTS, ON_PAGES),
    "qclist": Canary(DIRECTORY_FACTS, ON_PAGES),
    # What stands in a relationship: for its owner, the heads above, and those who read all.
    "Christine": Canary(OVER_RM, EVERYWHERE),
    "61237654": Canary(SEES_DATA, frozenset({PAGES, API, CSV, XLSX})),
    "Qcnote": Canary(SEES_DATA, frozenset({PAGES, API})),
    "Qcgroup": Canary(OVER_RM, ON_PAGES),
    "qcsummary": Canary(OVER_RM, EVERYWHERE - {SEARCH}),
    "qcconcern": Canary(OVER_RM, frozenset({PAGES, API})),
    "qcpromise": Canary(OVER_RM, frozenset({PAGES})),
    "qcfile": Canary(OVER_RM, frozenset({PAGES})),
    "qcaddendum": Canary(OVER_RM, frozenset({PAGES})),
    "qcobjective": Canary(OVER_RM, EVERYWHERE - {SEARCH}),
    # Red flags with the client; of frauds in its papers nobody hears who could warn it, nor that a paper is being verified.
    "qcflag": Canary(SEE_FLAG, frozenset({PAGES, API})),
    "qchushed": Canary(SEE_CHECK, frozenset({API}), finder="compliance"),
    # Covenants: as the pack that they are of, from its decision on.
    "qccovenant": Canary(SEE_DECIDED, frozenset({PAGES, API})),
    "qcbreach": Canary(SEE_DECIDED, frozenset()),
    "qcbill": Canary(SEE_CHECK, frozenset({PAGES, API, CSV, XLSX}), finder="analyst"),
    "qcmoves": Canary(SEE_HANDOVER, frozenset({PAGES, API})),
    "qcobjection": Canary(SEE_DUTIES, frozenset({PAGES, API})),
    # What somebody watches is nobody else's business.
    "qcwatch": Canary(OWNER, frozenset({PAGES})),
    "qclooked": Canary(OWNER, frozenset({PAGES})),
    "qcconcession": Canary(OVER_RM, frozenset({PAGES, FRAGMENTS, API})),
    "qcreturned": Canary(OVER_RM, frozenset({PAGES, API})),
    "qcconflict": Canary(OVER_RM, frozenset({PAGES, FRAGMENTS, CSV, XLSX})),
    "qcsuspended": Canary(OVER_RM - OWNER, frozenset({PAGES, FRAGMENTS, CSV, XLSX}), finder="centre"),
    "qcneed": Canary(OVER_RM, frozenset({PAGES, API})),
    "qcevidence": Canary(OVER_RM, frozenset({PAGES})),
    "qctier": Canary(OVER_RM, ON_PAGES),
    # At a table with it: finance checks the claims of the whole bank.
    "Qcguest": Canary(OVER_RM | {"finance"}, frozenset({PAGES, FRAGMENTS, API, CSV, XLSX})),
    "qcvenue": Canary(OVER_RM | {"finance"}, frozenset({PAGES, FRAGMENTS, API})),
    "qcharvest": Canary(OVER_RM | {"finance"}, frozenset({PAGES, API})),
    "qctopic": Canary(OVER_RM | {"finance"}, frozenset({FRAGMENTS})),
    "qcmore": Canary(OVER_RM | {"finance"}, frozenset()),
    # Credit packs: drafts are their line's; a paper that waits to be checked is the team's too.
    "qcpurpose": Canary(OVER_RM, frozenset({PAGES, API})),
    "qcguarantor": Canary(OVER_RM, frozenset({PAGES, API})),
    "qcsecurity": Canary(OVER_RM, frozenset({PAGES, API})),
    "qcsection": Canary(OVER_RM, frozenset({PAGES})),
    "qcversion": Canary(OVER_RM, frozenset()),
    "qcdossier": Canary(OVER_RM | {"arm", "rm2"}, frozenset({PAGES})),
    "qcwaiver": Canary(OVER_RM, frozenset({PAGES}), finder="head"),
    # Letters to it; what was refused is compliance's and audit's.
    "qcletter": Canary(OVER_RM, frozenset({PAGES, FRAGMENTS, API})),
    "qcleak": Canary(COMPLIANCE | {"auditor"}, frozenset({PAGES, FRAGMENTS, CSV, XLSX}), finder="auditor"),
    # Figures of a company: as whoever looks after it.
    "qcstatement": Canary(SEE_SEALED, frozenset({FRAGMENTS, API})),
    "qcaccounts": Canary(SEE_SEALED, frozenset({FRAGMENTS})),
    # Gifts: as what they are given for; finance oversees them, the counter sees what it issues, a centre its catalogue.
    "Gerald": Canary(OVER_RM | {"finance", "ops"}, EVERYWHERE),
    "qcgift": Canary(OVER_RM | {"finance"}, frozenset({PAGES})),
    "qcreceived": Canary(OVER_RM | {"finance"}, EVERYWHERE - {SEARCH}),
    "qcitem": Canary(IN_STOCK, EVERYWHERE - {SEARCH}),
    # What somebody was told, and by mail, is theirs.
    "qcnotice": Canary(OWNER, frozenset({PAGES, FRAGMENTS, CSV, XLSX})),
    "qcmail": Canary(OWNER, frozenset({PAGES, FRAGMENTS, CSV, XLSX})),
    # The library: by class, as news.
    "qcsheet": Canary(NEWS, EVERYWHERE - {API}),
    "qcinternalsheet": Canary(INTERNAL_NEWS, EVERYWHERE - {API}),
    # News: by class; a deal's for whoever added it, compliance and audit; what waits for an editor not in lists at all.
    "qcpaper": Canary(NEWS, EVERYWHERE),
    "qcinternalnews": Canary(INTERNAL_NEWS, EVERYWHERE),
    "qcdealnews": Canary(OWNER | COMPLIANCE | {"auditor"}, EVERYWHERE),
    "qcwaiting": Canary(OWNER | COMPLIANCE | {"auditor", "editor"}, frozenset()),
    # One's own.
    "qctask": Canary(OWNER, frozenset({PAGES, FRAGMENTS})),
    "qcjob": Canary(OWNER, ON_PAGES),
    "qcview": Canary(OWNER, frozenset({PAGES})),
    "qcasked": Canary(OWNER | {"compliance", "compliance2", "auditor"}, frozenset()),
    "Qcrefused": Canary(IMPORT_READERS, frozenset({PAGES})),
    "qcreason": Canary(STAFF_READERS, frozenset({PAGES}), finder="admin"),
    # What is proposed of somebody's figures; who is away and why.
    "qclower": Canary(CHANGE_READERS, frozenset({PAGES, API}), finder="head"),
    "qcyard": Canary(SEE_SURPRISE, frozenset({API})),
    "qcaway": Canary(STAFF_READERS | COVERS, frozenset({PAGES}), finder="head"),
}

QUERIES = ("Yau", "Wah", "6123")
"""What is typed into search boxes. An answer repeats what was typed, so a word that was asked for is not counted as heard."""
