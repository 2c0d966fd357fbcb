"""Pages of companies, people and groups."""

from crm.companies.views.companies import (
    AddressCreate,
    CompanyCreate,
    CompanyDetail,
    CompanyGroupChoice,
    CompanyList,
    CompanyUpdate,
    IdentifierCreate,
    NameCreate,
    NameRemove,
)
from crm.companies.views.contacts import (
    ContactConsent,
    ContactCreate,
    ContactDetail,
    ContactHistory,
    ContactKnown,
    ContactLeft,
    ContactList,
    ContactOptOut,
    ContactUpdate,
)
from crm.companies.views.fragments import CompanyGroupMembers, CompanyHistory, CompanyNames, CompanyPeople, CompanySources, CompanyTimeline
from crm.companies.views.groups import GroupConfirm, GroupDetail, GroupList, GroupMembers, GroupPeople, GroupUpdate

__all__ = [
    "AddressCreate",
    "CompanyCreate",
    "CompanyDetail",
    "CompanyGroupChoice",
    "CompanyGroupMembers",
    "CompanyHistory",
    "CompanyList",
    "CompanyNames",
    "CompanyPeople",
    "CompanySources",
    "CompanyTimeline",
    "CompanyUpdate",
    "ContactConsent",
    "ContactCreate",
    "ContactDetail",
    "ContactHistory",
    "ContactKnown",
    "ContactLeft",
    "ContactList",
    "ContactOptOut",
    "ContactUpdate",
    "GroupConfirm",
    "GroupDetail",
    "GroupList",
    "GroupMembers",
    "GroupPeople",
    "GroupUpdate",
    "IdentifierCreate",
    "NameCreate",
    "NameRemove",
]
