"""Business operations on deals: `actor` and an aware `now` always; hidden is Deal.DoesNotExist, a refusal a DomainError.

open_deal(company_id=, terms=Terms(source, kind, owner_id, values)) -> Deal
start_prospect(facts=CompanyFacts, terms=, not_same_because=) -> Deal       a company that may be new: taken over where it is known and free
ask_coverage(asked=, company_id=) -> Coverer                                "who covers this company?", logged
advance(deal_id=, to_stage=, answers=Answers(...)) -> Advance               moved, or what still waits for its second pair of eyes
move_back, nurture, reopen(deal_id=, ..., reason=), lose(deal_id=, loss=Loss(...)) -> Deal
state_evidence(deal_id=, criterion=, statement=), confirm_evidence(evidence_id=), decline_evidence(evidence_id=, reason=) -> Evidence
update_deal(deal_id=, version=, changes={column: value}) -> Deal            columns of `rules.EDITABLE`
complete_next_step, reopen_next_step(item_id=) -> WorkItem
assign(deal_id=, owner_id=, reason=) -> Deal
record_activity(deal_id=, at=), renew_after_visit(visit_id=), follow_client(client=), follow_names(company_ids=)   what outbox tasks call
"""

from prospects.deals.services.changes import complete_next_step, follow_names, reopen_next_step, update_deal
from prospects.deals.services.evidence import confirm_evidence, decline_evidence, state_evidence
from prospects.deals.services.opening import Coverer, ask_coverage, companies_meant, open_deal, start_prospect
from prospects.deals.services.ownership import assign, follow_client, record_activity, renew_after_visit
from prospects.deals.services.stages import Advance, advance, lose, move_back, nurture, reopen

__all__ = [
    "Advance",
    "Coverer",
    "advance",
    "ask_coverage",
    "assign",
    "companies_meant",
    "complete_next_step",
    "confirm_evidence",
    "decline_evidence",
    "follow_client",
    "follow_names",
    "lose",
    "move_back",
    "nurture",
    "open_deal",
    "record_activity",
    "renew_after_visit",
    "reopen",
    "reopen_next_step",
    "start_prospect",
    "state_evidence",
    "update_deal",
]
