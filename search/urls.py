"""Addresses of search."""

from django.urls import path

from search import views

app_name = "search"
urlpatterns = [
    path("", views.Search.as_view(), name="search"),
    path("palette/", views.Palette.as_view(), name="palette"),
]
