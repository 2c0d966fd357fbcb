"""Names of companies and of people: taken apart, found as one types, compared. Everything stands on the folding of `crm.kernel.text`."""

from crm.kernel.names.keys import KEY_LENGTH, blocking_keys, search_keys, typed_key
from crm.kernel.names.legal import core_name, is_chinese, legal_form, split_scripts
from crm.kernel.names.likeness import Likeness, company_score, name_score
from crm.kernel.names.people import person_initials, person_keys

__all__ = [
    "KEY_LENGTH",
    "Likeness",
    "blocking_keys",
    "company_score",
    "core_name",
    "is_chinese",
    "legal_form",
    "name_score",
    "person_initials",
    "person_keys",
    "search_keys",
    "split_scripts",
    "typed_key",
]
