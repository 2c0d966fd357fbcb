"""Addresses of red flags."""

from django.urls import path

from credit.flags import views

app_name = "flags"
urlpatterns = [
    path("", views.FlagBoard.as_view(), name="flag_list"),
    path("raise/", views.FlagRaise.as_view(), name="flag_raise"),
    path("of/<int:pk>/", views.CompanyFlags.as_view(), name="company_flags"),
    path("<int:pk>/", views.FlagDetail.as_view(), name="flag_detail"),
    path("<int:pk>/answer/", views.FlagAnswer.as_view(), name="flag_answer"),
    path("<int:pk>/read/", views.FlagRead.as_view(), name="flag_read"),
    path("<int:pk>/close/", views.FlagClose.as_view(), name="flag_close"),
    path("<int:pk>/keep-open/", views.FlagKeep.as_view(), name="flag_keep"),
    path("suggestions/", views.Suggestions.as_view(), name="suggestion_list"),
    path("suggestions/<int:pk>/take/", views.SuggestionTake.as_view(), name="suggestion_take"),
    path("suggestions/<int:pk>/refuse/", views.SuggestionRefuse.as_view(), name="suggestion_refuse"),
    path("evidence/<int:pk>/", views.EvidenceDownload.as_view(), name="evidence"),
]
