"""Figures that head office changed and that wait for a second person; heads who are away, and who keeps their desks."""

import datetime as dt

from crm.demo.seeds.bank import Bank
from crm.policy import services as policies
from crm.policy.querysets import people_below
from crm.policy.rules import Proposal
from crm.staff.selectors import deputies_for
from crm.staff.services import Absence, name_deputy

_DAY = dt.timedelta(days=1)


def plant(bank: Bank) -> None:
    """One change that holds, one for everybody and one person's that wait; a desk that the team head keeps, and who keeps theirs soon."""
    ho, second, head = bank.people["ho"], bank.people["ho2"], bank.people["head"]
    then = bank.now - 40 * _DAY
    more_files = Proposal("visits.attachments", {"files": 25}, then.date() + _DAY, "Photos of whole floors need more room")
    change = policies.propose_change(actor=ho, now=then, proposal=more_files)
    policies.approve_change(change_id=change.pk, actor=second, now=then)
    more_leads = Proposal("deals.lead_cap", {"SRM": 90, "RM": 130}, bank.today + 30 * _DAY, "Room for the leads of the spring fairs")
    policies.propose_change(actor=ho, now=bank.now, proposal=more_leads)
    person = people_below(head).filter(posts__role="RM")[0]
    fewer = Proposal("deals.lead_cap", {"RM": 60}, bank.today + _DAY, "Leads lie untouched for months", person_id=person.pk)
    policies.propose_change(actor=head, now=bank.now, proposal=fewer)
    colleague = next(other for other in deputies_for(head, now=bank.now) if other.actor.has_role("TH"))
    away = Absence(colleague.pk, head.pk, bank.today, bank.today + 6 * _DAY, "Annual leave")
    name_deputy(actor=colleague, now=bank.now, absence=away)
    soon = Absence(head.pk, colleague.pk, bank.today + 20 * _DAY, bank.today + 24 * _DAY, "Training in Singapore")
    name_deputy(actor=head, now=bank.now, absence=soon)
