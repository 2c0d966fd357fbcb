"""Addresses of exposure."""

from django.urls import path

from credit.exposure import views

app_name = "exposure"
urlpatterns = [
    path("exposure/", views.ExposureList.as_view(), name="exposure_list"),
    path("exposure/of/<int:pk>/", views.ExposureDetail.as_view(), name="exposure_detail"),
]
