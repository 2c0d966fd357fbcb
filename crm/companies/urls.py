"""Addresses of companies, people and groups."""

from django.urls import path

from crm.companies import views

app_name = "companies"
urlpatterns = [
    path("companies/", views.CompanyList.as_view(), name="company_list"),
    path("companies/add/", views.CompanyCreate.as_view(), name="company_create"),
    path("companies/<int:pk>/", views.CompanyDetail.as_view(), name="company_detail"),
    path("companies/<int:pk>/change/", views.CompanyUpdate.as_view(), name="company_update"),
    path("companies/<int:pk>/timeline/", views.CompanyTimeline.as_view(), name="company_timeline"),
    path("companies/<int:pk>/people/", views.CompanyPeople.as_view(), name="company_people"),
    path("companies/<int:pk>/people/add/", views.ContactCreate.as_view(), name="contact_create"),
    path("companies/<int:pk>/names/", views.CompanyNames.as_view(), name="company_names"),
    path("companies/<int:pk>/names/add/", views.NameCreate.as_view(), name="name_create"),
    path("companies/<int:pk>/names/<int:part_id>/remove/", views.NameRemove.as_view(), name="name_remove"),
    path("companies/<int:pk>/numbers/add/", views.IdentifierCreate.as_view(), name="identifier_create"),
    path("companies/<int:pk>/numbers/<int:part_id>/remove/", views.IdentifierRemove.as_view(), name="identifier_remove"),
    path("companies/<int:pk>/addresses/add/", views.AddressCreate.as_view(), name="address_create"),
    path("companies/<int:pk>/addresses/<int:part_id>/remove/", views.AddressRemove.as_view(), name="address_remove"),
    path("companies/<int:pk>/sources/", views.CompanySources.as_view(), name="company_sources"),
    path("companies/<int:pk>/members/", views.CompanyGroupMembers.as_view(), name="company_members"),
    path("companies/<int:pk>/group/", views.CompanyGroupChoice.as_view(), name="company_group"),
    path("companies/<int:pk>/history/", views.CompanyHistory.as_view(), name="company_history"),
    path("contacts/", views.ContactList.as_view(), name="contact_list"),
    path("contacts/<int:pk>/", views.ContactDetail.as_view(), name="contact_detail"),
    path("contacts/<int:pk>/known/", views.ContactKnown.as_view(), name="contact_known"),
    path("contacts/<int:pk>/history/", views.ContactHistory.as_view(), name="contact_history"),
    path("contacts/<int:pk>/change/", views.ContactUpdate.as_view(), name="contact_update"),
    path("contacts/<int:pk>/consent/", views.ContactConsent.as_view(), name="contact_consent"),
    path("contacts/<int:pk>/opt-out/", views.ContactOptOut.as_view(), name="contact_opt_out"),
    path("contacts/<int:pk>/left/", views.ContactLeft.as_view(), name="contact_left"),
    path("groups/", views.GroupList.as_view(), name="group_list"),
    path("groups/<int:pk>/", views.GroupDetail.as_view(), name="group_detail"),
    path("groups/<int:pk>/members/", views.GroupMembers.as_view(), name="group_members"),
    path("groups/<int:pk>/people/", views.GroupPeople.as_view(), name="group_people"),
    path("groups/<int:pk>/confirm/", views.GroupConfirm.as_view(), name="group_confirm"),
    path("groups/<int:pk>/rename/", views.GroupUpdate.as_view(), name="group_update"),
]
