"""Groups of the cast by what domain 1.2 gives them."""

from tests.cast import PEOPLE

ANONYMOUS = "anonymous"
EVERYBODY = frozenset(PEOPLE)
ADMINS = frozenset({"admin", "admin2"})
COMPLIANCE = frozenset({"compliance", "compliance2"})
HEAD_OFFICE = frozenset({"ho", "ho2"})
READERS_OF_ALL = HEAD_OFFICE | COMPLIANCE | {"auditor"}
STAFF_READERS = ADMINS | COMPLIANCE | {"auditor"}
RELATIONSHIP = frozenset({"arm", "rm", "rm2", "sibling", "outsider"})
TEAM_HEADS = frozenset({"head", "head2", "outhead"})
CENTRE_HEADS = frozenset({"centre"})
BRANCH = frozenset({"lobby", "branch"})
BUSINESS = RELATIONSHIP | TEAM_HEADS | CENTRE_HEADS
# Who reaches what `rm` looks after: the owner, the team head, the centre head, and those who read all.
OVER_RM = frozenset({"rm", "head", "centre"}) | READERS_OF_ALL
# A second person in the same role and unit answers as the first; those of other teams and centres do not.
# One for each way to see: those of a scope are told apart before a database is asked, so that one hears them all and others these.
EACH_SCOPE = ("rm", "rm2", "outsider", "head", "centre", "ho", "compliance", "auditor", "finance", "analyst", "lobby", "editor", "admin")
ASKED = tuple(name for name in PEOPLE if name not in {"ho2", "analyst2", "co2", "approver", "compliance2"})
