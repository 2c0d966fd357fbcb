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
    path("frozen/<int:pk>/convene/", views.Convene.as_view(), name="convene"),
    path("committees/<int:pk>/answer/", views.Answer.as_view(), name="answer"),
    path("committees/<int:pk>/vote/", views.Vote.as_view(), name="vote"),
    path("committees/<int:pk>/close/", views.CloseVote.as_view(), name="close_vote"),
    path("committees/<int:pk>/object/", views.Object.as_view(), name="object"),
    path("frozen/<int:pk>/pdf/", views.FrozenPdf.as_view(), name="frozen_pdf"),
]
