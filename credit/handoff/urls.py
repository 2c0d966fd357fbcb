"""Addresses of the handoff."""

from django.urls import path

from credit.handoff import views

app_name = "handoff"
urlpatterns = [
    path("packs/<int:pk>/submit/", views.Submit.as_view(), name="submit"),
    path("versions/<int:pk>/pdf/", views.VersionPdf.as_view(), name="version_pdf"),
    path("versions/<int:pk>/zip/", views.VersionZip.as_view(), name="version_zip"),
]
