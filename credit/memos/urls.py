"""Addresses of applications."""

from django.urls import path

from credit.memos import views

app_name = "memos"
urlpatterns = [
    path("packs/<int:pk>/application/", views.Application.as_view(), name="application"),
    path("packs/<int:pk>/attest/", views.Attest.as_view(), name="attest"),
    path("sections/<int:pk>/", views.SectionUpdate.as_view(), name="section_update"),
]
