"""Addresses of capture, under /news/."""

from django.urls import path

from content.capture import views

app_name = "capture"
urlpatterns = [path("add/", views.ClippingAdd.as_view(), name="clipping_add")]
