"""Addresses of the information library."""

from django.urls import path

from content.library import views

app_name = "library"
urlpatterns = [
    path("", views.SheetList.as_view(), name="sheet_list"),
    path("<int:pk>/", views.SheetDetail.as_view(), name="sheet_detail"),
    path("<int:pk>/file/", views.SheetFile.as_view(), name="sheet_file"),
]
