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
from crm.companies.views.groups import GroupDetail, GroupList, GroupMembers, GroupUpdate

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
    "GroupDetail",
    "GroupList",
    "GroupMembers",
    "GroupUpdate",
    "IdentifierCreate",
    "NameCreate",
    "NameRemove",
]
