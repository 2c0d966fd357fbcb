"""Addresses of the toolkit's own pages."""

from django.urls import path

from crm.web.views import jobs, saved

app_name = "web"
urlpatterns = [
    path("jobs/", jobs.JobList.as_view(), name="job_list"),
    path("jobs/<int:pk>/", jobs.JobDetail.as_view(), name="job_detail"),
    path("jobs/<int:pk>/progress/", jobs.JobProgress.as_view(), name="job_progress"),
    path("jobs/<int:pk>/file/", jobs.JobFile.as_view(), name="job_file"),
    path("jobs/<int:pk>/cancel/", jobs.JobCancel.as_view(), name="job_cancel"),
    path("views/save/", saved.SavedViewCreate.as_view(), name="savedview_create"),
    path("views/<int:pk>/change/", saved.SavedViewUpdate.as_view(), name="savedview_update"),
    path("views/<int:pk>/remove/", saved.SavedViewRemove.as_view(), name="savedview_remove"),
]
