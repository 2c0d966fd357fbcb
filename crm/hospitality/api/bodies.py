"""What is sent to the API of hospitality, and as what the services take it."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field

from crm.hospitality.models import HospitalityRequest
from crm.hospitality.rules import Bill, Carried, Invited, Told, Wish
from crm.web.bodies import Body, Day, Moment, RecordId, Version

Line = Annotated[str, Field(max_length=300)]
Name = Annotated[str, Field(max_length=120)]
Text = Annotated[str, Field(max_length=2_000)]
Amount = Annotated[Decimal, Field(max_digits=14)]


class GuestIn(Body):
    """A guest: a contact's id, or the name of somebody new."""

    contact_id: RecordId | None = None
    name: Name = ""
    title: Name = ""
    company: Name = ""
    official: bool = False
    family: bool = False

    def invited(self) -> Invited:
        """As the service takes it."""
        return Invited(self.contact_id, self.name, self.title, self.company, self.official, self.family)


class EventPlanIn(Body):
    """What somebody wants to do. Times carry their zone; the estimate is for all, in the centre's currency."""

    event_at: Moment
    venue: Line
    kind: str
    purpose: str
    estimate: Amount
    guests: Annotated[list[GuestIn], Field(max_length=500)]
    colleague_ids: Annotated[list[RecordId], Field(max_length=50)] = []
    note: Line = ""
    away: bool = False
    draft: bool = False
    visit_id: RecordId | None = None

    def wish(self) -> Wish:
        """As the service takes it."""
        plain = ("event_at", "venue", "kind", "purpose", "estimate", "note", "away", "visit_id")
        values: dict[str, Any] = {name: getattr(self, name) for name in plain}
        return Wish(**values, guests=tuple(guest.invited() for guest in self.guests), colleague_ids=tuple(self.colleague_ids))


class WishIn(EventPlanIn):
    """For a company's guests."""

    company_id: RecordId


class EventChangeIn(EventPlanIn):
    """A draft, or what was returned, as it is to be; `version` is the one that was read."""

    version: Version


class BillIn(Body):
    """A bill, line by line."""

    food: Amount = Decimal(0)
    drink: Amount = Decimal(0)
    other: Amount = Decimal(0)
    service: Amount = Decimal(0)
    tip: Amount = Decimal(0)

    def bill(self) -> Bill:
        """As the service takes it."""
        return Bill(self.food, self.drink, self.other, self.service, self.tip)


class CarriedIn(Body):
    """Something that a guest carried away."""

    what: Name
    value: Amount
    guest: Name = ""


class ReportIn(Body):
    """The report of an event; `came` names the invited guests who came, all of them where it is left out."""

    bill: BillIn
    means: str
    relationship: str
    purposes: Annotated[list[str], Field(max_length=6)]
    topics: Text
    result: Text
    declared: bool
    came: Annotated[list[RecordId], Field(max_length=200)] | None = None
    more: Annotated[list[GuestIn], Field(max_length=200)] = []
    colleague_ids: Annotated[list[RecordId], Field(max_length=50)] = []
    venue: Line = ""
    client_requests: Text = ""
    commitments: Text = ""
    intelligence: Text = ""
    next_step: Line = ""
    next_step_on: Day | None = None
    deviation: Text = ""
    carried: Annotated[list[CarriedIn], Field(max_length=10)] = []

    def told(self, event: HospitalityRequest) -> Told:
        """As the service takes it."""
        came = tuple(event.guests.values_list("pk", flat=True)) if self.came is None else tuple(self.came)
        texts = ("topics", "client_requests", "commitments", "result", "intelligence", "next_step", "deviation")
        plain = ("means", "relationship", "venue", "next_step_on", "declared", *texts)
        return Told(
            bill=self.bill.bill(),
            purposes=tuple(self.purposes),
            came=came,
            more=tuple(guest.invited() for guest in self.more),
            colleague_ids=tuple(self.colleague_ids),
            carried=tuple(Carried(thing.what, thing.value, thing.guest) for thing in self.carried),
            **{name: getattr(self, name) for name in plain},
        )


class SlipIn(Body):
    """A receipt; its picture is a file of one's own that was brought to `files`."""

    merchant: Name
    number: Annotated[str, Field(max_length=60)]
    day: Day
    amount: Amount
    file_id: RecordId | None = None


class ClaimIn(Body):
    """The receipts; a corrected bill where finance asks for one."""

    receipts: Annotated[list[SlipIn], Field(max_length=20)]
    bill: BillIn | None = None


class DecisionIn(Body):
    """What is decided: `consent` is compliance's, the others are the level's; all but approving and consenting need a reason."""

    act: Literal["approve", "return", "reject", "pass_up", "consent"]
    reason: Line = ""


class EventReasonIn(Body):
    """Why."""

    reason: Line


class HospitalityStepIn(Body):
    """Nothing besides."""


class ClaimCheckIn(Body):
    """What finance reads off the receipts itself."""

    total: Amount
    heads: Annotated[int, Field(ge=1, le=200)]


class MoreIn(EventReasonIn):
    """A part of one's own cost that is asked for."""

    amount: Amount


class MoreDecisionIn(Body):
    """Granted, or refused with a reason."""

    grant: bool
    reason: Line = ""
