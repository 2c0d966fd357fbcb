"""Addresses of the inbox."""

from django.urls import path

from crm.approvals import views

app_name = "approvals"
urlpatterns = [
    path("", views.RequestList.as_view(), name="request_list"),
    path("decided/", views.DecidedList.as_view(), name="decided_list"),
    path("together/", views.Together.as_view(), name="request_together"),
    path("<int:pk>/", views.RequestDetail.as_view(), name="request_detail"),
]
