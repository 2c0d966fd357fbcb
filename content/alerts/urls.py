"""Addresses of alerts, under /news/alerts/."""

from django.urls import path

from content.alerts import views

app_name = "alerts"
urlpatterns = [
    path("", views.AlertList.as_view(), name="alert_list"),
    path("add/", views.AlertCreate.as_view(), name="alert_create"),
    path("preview/", views.AlertPreview.as_view(), name="alert_preview"),
    path("<int:pk>/", views.AlertUpdate.as_view(), name="alert_update"),
    path("<int:pk>/remove/", views.AlertRemove.as_view(), name="alert_remove"),
]
