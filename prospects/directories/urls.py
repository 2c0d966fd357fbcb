"""Addresses of directories."""

from django.urls import path

from prospects.directories import views

app_name = "directories"
urlpatterns = [
    path("", views.ImportList.as_view(), name="import_list"),
    path("sources/", views.SourceList.as_view(), name="source_list"),
    path("new/", views.ImportCreate.as_view(), name="import_create"),
    path("<int:pk>/", views.ImportDetail.as_view(), name="import_detail"),
    path("<int:pk>/columns/", views.ImportMap.as_view(), name="import_map"),
    path("<int:pk>/preview/", views.ImportPreview.as_view(), name="import_preview"),
    path("<int:pk>/sheet/", views.ImportSheet.as_view(), name="import_sheet"),
    path("<int:pk>/start/", views.ImportStart.as_view(), name="import_start"),
    path("<int:pk>/progress/", views.ImportProgress.as_view(), name="import_progress"),
    path("<int:pk>/duplicates/", views.ImportDuplicates.as_view(), name="import_duplicates"),
    path("<int:pk>/refused/", views.ImportRefused.as_view(), name="import_refused"),
    path("<int:pk>/refused/<str:file_format>/", views.RefusedDownload.as_view(), name="refused_download"),
    path("<int:pk>/updated/", views.ImportUpdated.as_view(), name="import_updated"),
    path("<int:pk>/rows/", views.ImportRows.as_view(), name="import_rows"),
    path("<int:pk>/take-back/", views.ImportRevert.as_view(), name="import_revert"),
    path("rows/<int:pk>/", views.RowDecide.as_view(), name="row_decide"),
]
