"""Addresses of accountability files."""

from django.urls import path

from credit.accountability import views

app_name = "accountability"
urlpatterns = [
    path("", views.FileList.as_view(), name="file_list"),
    path("<int:pk>/", views.FileDetail.as_view(), name="file_detail"),
    path("<int:pk>/write/", views.EntryWrite.as_view(), name="entry_write"),
    path("of/<int:pk>/", views.FileOfPack.as_view(), name="file_of_pack"),
    path("papers/<int:pk>/", views.PaperDownload.as_view(), name="paper"),
    path("frozen/<int:pk>/pdf/", views.FrozenPdf.as_view(), name="frozen_pdf"),
]
