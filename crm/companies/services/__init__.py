"""Business operations on companies, their groups, their people, and who looks after them.

register_company(actor=, now=, facts=CompanyFacts(...), source=, not_same_because=) -> Company
correct_company(company_id=, version=, changes={...}, actor=, now=) -> Company
add_name, add_identifier, add_address(company_id=, ..., actor=, now=)
remove_name, remove_identifier, remove_address(company_id=, part_id=, reason=, actor=, now=) -> Company
form_group(company_id=, name_en=, name_zh=, actor=, now=), put_in_group(company_id=, group_id=, link=, ...), rename_group(...),
confirm_group(group_id=, ...)
take_on(company=, kind=, post=, actor=, now=) -> Coverage, end_coverage(company=, kind=, actor=, now=)
add_contact(company_id=, facts={...}, actor=, now=) -> Contact, change_contact(contact_id=, version=, changes={...}, ...)
record_consent, record_opt_out, state_opt_outs, contact_left(contact_id=, ..., actor=, now=)
"""

from crm.companies.services.contacts import (
    add_contact,
    change_contact,
    contact_left,
    record_consent,
    record_opt_out,
    state_opt_outs,
)
from crm.companies.services.coverage import end_coverage, take_on
from crm.companies.services.groups import confirm_group, form_group, put_in_group, rename_group
from crm.companies.services.identity import add_address, add_identifier, add_name, correct_company, register_company
from crm.companies.services.removing import remove_address, remove_identifier, remove_name

__all__ = [
    "add_address",
    "add_contact",
    "add_identifier",
    "add_name",
    "change_contact",
    "confirm_group",
    "contact_left",
    "correct_company",
    "end_coverage",
    "form_group",
    "put_in_group",
    "record_consent",
    "record_opt_out",
    "register_company",
    "remove_address",
    "remove_identifier",
    "remove_name",
    "rename_group",
    "state_opt_outs",
    "take_on",
]
