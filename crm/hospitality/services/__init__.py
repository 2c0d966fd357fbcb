"""Operations on hospitality: one function for each, guarded by the permission that its button asks."""

from crm.hospitality.services.claiming import ask_more, decide_more, file_claim, query_claim, verify_claim
from crm.hospitality.services.deciding import approve, consent, pass_up, reopen, send_back
from crm.hospitality.services.posting import claw_back, pay_batch, post_claims, posting_file
from crm.hospitality.services.reporting import report_event
from crm.hospitality.services.requests import cancel_request, change_request, draft_request, submit_request
from crm.hospitality.services.terms import keep_terms

__all__ = [
    "approve",
    "ask_more",
    "cancel_request",
    "change_request",
    "claw_back",
    "consent",
    "decide_more",
    "draft_request",
    "file_claim",
    "keep_terms",
    "pass_up",
    "pay_batch",
    "post_claims",
    "posting_file",
    "query_claim",
    "reopen",
    "report_event",
    "send_back",
    "submit_request",
    "verify_claim",
]
