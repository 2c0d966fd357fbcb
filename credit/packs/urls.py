"""Addresses of credit packs."""

from django.urls import path

from credit.packs import views

app_name = "packs"
urlpatterns = [
    path("packs/", views.PackList.as_view(), name="pack_list"),
    path("packs/new/", views.PackCreate.as_view(), name="pack_create"),
    path("packs/of/<int:pk>/", views.CompanyPacks.as_view(), name="company_packs"),
    path("packs/<int:pk>/", views.PackDetail.as_view(), name="pack_detail"),
    path("packs/<int:pk>/cards/<slug:slug>/", views.PackCard.as_view(), name="pack_card"),
    path("packs/<int:pk>/steps/", views.PackEvents.as_view(), name="pack_events"),
    path("packs/<int:pk>/compare/", views.VersionCompare.as_view(), name="version_compare"),
    path("packs/<int:pk>/papers/start/", views.DocsStart.as_view(), name="start_docs"),
    path("packs/<int:pk>/application/start/", views.WritingStart.as_view(), name="start_writing"),
    path("packs/<int:pk>/withdraw/", views.PackWithdraw.as_view(), name="withdraw"),
    path("packs/<int:pk>/versions/open/", views.VersionOpen.as_view(), name="open_version"),
    path("packs/<int:pk>/versions/drop/", views.VersionDrop.as_view(), name="drop_version"),
    path("packs/<int:pk>/borrower/", views.BorrowerKind.as_view(), name="borrower_kind"),
    path("packs/<int:pk>/facilities/new/", views.FacilityCreate.as_view(), name="facility_create"),
    path("facilities/<int:pk>/", views.FacilityUpdate.as_view(), name="facility_update"),
    path("facilities/<int:pk>/remove/", views.FacilityRemove.as_view(), name="facility_remove"),
    path("packs/<int:pk>/parties/new/", views.PartyCreate.as_view(), name="party_create"),
    path("parties/<int:pk>/", views.PartyUpdate.as_view(), name="party_update"),
    path("parties/<int:pk>/remove/", views.PartyRemove.as_view(), name="party_remove"),
    path("packs/<int:pk>/security/new/", views.SecurityCreate.as_view(), name="security_create"),
    path("security/<int:pk>/", views.SecurityUpdate.as_view(), name="security_update"),
    path("security/<int:pk>/remove/", views.SecurityRemove.as_view(), name="security_remove"),
]
