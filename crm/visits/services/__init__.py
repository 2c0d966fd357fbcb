"""Business operations on visits: plan, log, change, add, attach, sign off, keep a promise."""

from crm.visits.services.elsewhere import settle_coverage
from crm.visits.services.findable import follow_companies
from crm.visits.services.follow_up import add_addendum, attach, complete_promise, receive_file, reopen_promise, sign_off
from crm.visits.services.notes import change_visit, log_visit, pitch_warning
from crm.visits.services.passing import pass_promises
from crm.visits.services.plans import cancel_visit, plan_visit, replan_visit

__all__ = [
    "add_addendum",
    "attach",
    "cancel_visit",
    "change_visit",
    "complete_promise",
    "follow_companies",
    "log_visit",
    "pass_promises",
    "pitch_warning",
    "plan_visit",
    "receive_file",
    "reopen_promise",
    "replan_visit",
    "settle_coverage",
    "sign_off",
]
