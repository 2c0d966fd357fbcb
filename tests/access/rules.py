"""Who reaches each address by GET, from domain 1.2. An address without a rule fails the build.

`targets`: which records of the world the address names. Everybody signed in who is not in `who` gets `others`: 404 where the record is
hidden from them, 403 where they may know of it but not do this; `refused` are those who see the record and are refused.
"""

from dataclasses import dataclass

from tests.access.people import (
    ADMINS,
    BRANCH,
    BUSINESS,
    CENTRE_HEADS,
    COMPLIANCE,
    EVERYBODY,
    HEAD_OFFICE,
    OVER_RM,
    READERS_OF_ALL,
    RELATIONSHIP,
    TEAM_HEADS,
)

NOBODY: frozenset[str] = frozenset()
OWNER = frozenset({"rm"})
WORKERS = frozenset({"rm", "head", "centre"})
BUSINESS_READERS = BUSINESS | READERS_OF_ALL
DIRECTORY = EVERYBODY - ADMINS
DIRECTORY_FACTS = DIRECTORY - BRANCH
CLIENT_NAMES = BRANCH | {"finance"}
# A team mate sees the outline of a deal: company, stage, owner.
DEAL_READERS = OVER_RM | {"rm2"}
POST_ONLY = 405
IMPORTERS = BUSINESS | HEAD_OFFICE
IMPORT_READERS = OWNER | READERS_OF_ALL
# Domain 1.2, "Clippings": all but administrators read public ones; who adds them, and centre heads, say whom they mean.
NEWS = EVERYBODY - ADMINS
INTERNAL_NEWS = NEWS - BRANCH - {"cad", "cad2", "ops", "specialist"}
CLIPPERS = RELATIONSHIP | TEAM_HEADS | {"editor"}

CREDIT_APPROVERS = frozenset({"co1", "co2", "approver"})
CONCESSION_READERS = BUSINESS_READERS | CREDIT_APPROVERS | {"chair", "ops", "finance"}
SEE_CONCESSION = OVER_RM | {"finance"}
# Whoever holds a post in which requests are decided; a request itself only in its queue.
DECIDERS = EVERYBODY - RELATIONSHIP - BRANCH - ADMINS - {"analyst", "analyst2", "specialist", "editor", "auditor"}
FIGURE_FILES = HEAD_OFFICE | {"finance", "ops", "auditor"}
SPREAD_READERS = BUSINESS_READERS | CREDIT_APPROVERS | {"analyst", "analyst2", "chair", "cad", "cad2"}
GIVERS = BUSINESS | HEAD_OFFICE
GIFT_READERS = BUSINESS | READERS_OF_ALL | {"finance", "ops"}
OVER_GIFT = OVER_RM | {"finance"}
IN_STOCK = frozenset({"arm", "rm", "rm2", "sibling", "head", "head2", "centre", "ops", "finance"}) | READERS_OF_ALL
# Figures: seen by all where their table is open; changed by two people, a person's own by the heads. Covers by those who decide.
CHANGE_READERS = READERS_OF_ALL | {"head", "centre"}
COVERS = frozenset({"head", "head2", "centre"} | HEAD_OFFICE)
HOSTS = BUSINESS | HEAD_OFFICE
CHECKERS = READERS_OF_ALL | {"finance"}
SEE_EVENTS = OVER_RM | {"finance"}
DECIDE_EVENTS = frozenset({"head", "centre"}) | HEAD_OFFICE
# Hospitality: the host, the heads above, those who check the whole bank; the books for those alone.
# Credit packs: who looks after them, their heads, those who read all; the credit department once they are handed off.
PACK_READERS = BUSINESS_READERS | CREDIT_APPROVERS | {"analyst", "analyst2", "chair", "cad", "cad2"}
TEAM_MATES = frozenset({"arm", "rm2"})
SEE_SEALED = OVER_RM | CREDIT_APPROVERS | {"analyst", "analyst2", "chair"}
SEE_PAPER = OVER_RM | TEAM_MATES
# What the credit department does with packs that were handed off, and what follows its decision.
CREDIT_STAFF = CREDIT_APPROVERS | {"analyst", "analyst2", "chair"}
ANALYSTS = frozenset({"analyst", "analyst2"})
CAD = frozenset({"cad", "cad2"})
SEE_DECIDED = SEE_SEALED | CAD
REVIEWER = frozenset({"analyst"})
# Red flags: with the client, and for those who judge; the credit department verifies papers, and nobody who speaks with the client.
FLAG_READERS = BUSINESS_READERS | CREDIT_STAFF
SEE_FLAG = OVER_RM | CREDIT_STAFF
NEAR_FLAG = WORKERS | CREDIT_STAFF | COMPLIANCE
SEE_CHECK = CREDIT_STAFF | READERS_OF_ALL | CENTRE_HEADS
DIRECTORY_READERS = CREDIT_STAFF | READERS_OF_ALL | {"editor"}
DIRECTORY_KEEPERS = CREDIT_STAFF | {"editor"}
SEE_PAYMENT = SEE_DECIDED | {"ops"}
SEE_STANDING = OVER_RM | CREDIT_APPROVERS | {"chair"}
SEE_SURPRISE = frozenset({"rm", "centre"}) | READERS_OF_ALL
SEE_CLIENT = OVER_RM | CLIENT_NAMES
# What was due and done about a live loan: for those near it and those who approve, not for analysts and administration.
DUTY_READERS = BUSINESS_READERS | CREDIT_APPROVERS | {"chair"}
SEE_HANDOVER = OVER_RM | {"rm2"}
SIGNERS = frozenset({"rm", "rm2", "head"})
BENCH = CREDIT_APPROVERS | {"chair", "auditor"}
SEE_DUTIES = OVER_RM | CREDIT_APPROVERS | {"chair"}


@dataclass(frozen=True)
class Rule:
    """Who gets the page (`opens`, usually 200); what the refused and all others get."""

    who: frozenset[str]
    targets: tuple[str, ...] = ()
    others: int = 403
    refused: frozenset[str] = NOBODY
    opens: int = 200
    query: str = ""

    def expected(self, name: str) -> int:
        """The status that GET answers this person."""
        if name in self.who:
            return self.opens
        return 403 if name in self.refused else self.others


def own(target: str, opens: int = 200) -> Rule:
    """A record that is `rm`'s alone."""
    return Rule(OWNER, (target,), 404, opens=opens)


def part(who: frozenset[str], *targets: str) -> Rule:
    """A part of a company: administrators do not see the company, others who see it are refused."""
    return Rule(who, targets or ("company",), 404, refused=DIRECTORY - who)


def record(who: frozenset[str], target: str, seen_by: frozenset[str] = OVER_RM) -> Rule:
    """A record that `seen_by` see; of them `who` may do this."""
    return Rule(who, (target,), 404, refused=seen_by - who)
