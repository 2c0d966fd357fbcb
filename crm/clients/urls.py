"""Addresses of clients."""

from django.urls import path

from crm.clients import views

app_name = "clients"
urlpatterns = [
    path("", views.ClientList.as_view(), name="client_list"),
    path("<int:pk>/", views.ClientDetail.as_view(), name="client_detail"),
    path("<int:pk>/tiers/", views.ClientTiers.as_view(), name="client_tiers"),
    path("<int:pk>/history/", views.ClientHistory.as_view(), name="client_history"),
    path("<int:pk>/tier/", views.ClientTier.as_view(), name="client_tier"),
    path("<int:pk>/kyc/", views.ClientKyc.as_view(), name="client_kyc"),
    path("<int:pk>/transfer/", views.ClientTransfer.as_view(), name="client_transfer"),
    path("<int:pk>/status/", views.ClientStatusChange.as_view(), name="client_status"),
]
