"""Addresses of webhooks."""

from django.urls import path

from credit.systems import views

app_name = "systems"
urlpatterns = [
    path("webhooks/", views.WebhookList.as_view(), name="webhook_list"),
    path("webhooks/<int:pk>/", views.WebhookDetail.as_view(), name="webhook_detail"),
    path("webhooks/<int:pk>/end/", views.WebhookEnd.as_view(), name="webhook_end"),
]
