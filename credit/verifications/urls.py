"""Addresses of verifications."""

from django.urls import path

from credit.verifications import views

app_name = "verifications"
urlpatterns = [
    path("", views.VerificationList.as_view(), name="verification_list"),
    path("new/", views.VerificationOpen.as_view(), name="verification_open"),
    path("<int:pk>/", views.VerificationDetail.as_view(), name="verification_detail"),
    path("<int:pk>/ship/", views.ShipNote.as_view(), name="note_ship"),
    path("<int:pk>/send/", views.VerificationSend.as_view(), name="send"),
    path("<int:pk>/chase/", views.VerificationChase.as_view(), name="chase"),
    path("<int:pk>/settle/", views.VerificationSettle.as_view(), name="settle"),
    path("originals/<int:pk>/", views.OriginalDownload.as_view(), name="original"),
    path("directory/", views.ContactList.as_view(), name="contact_list"),
    path("directory/new/", views.ContactCreate.as_view(), name="contact_create"),
    path("directory/<int:pk>/", views.ContactUpdate.as_view(), name="contact_update"),
]
