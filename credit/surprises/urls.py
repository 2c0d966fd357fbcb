"""Addresses of monitoring and surprise visits."""

from django.urls import path

from credit.surprises import views

app_name = "surprises"
urlpatterns = [
    path("monitoring/", views.MonitoringBoard.as_view(), name="board"),
    path("visits/", views.VisitList.as_view(), name="visit_list"),
    path("visits/<int:pk>/", views.VisitDetail.as_view(), name="visit_detail"),
    path("visits/<int:pk>/check-in/", views.CheckIn.as_view(), name="check_in"),
    path("visits/<int:pk>/record/", views.Record.as_view(), name="record"),
    path("visits/<int:pk>/worker.js", views.VisitWorker.as_view(), name="worker"),
    path("visits/<int:pk>/cancel/", views.Cancel.as_view(), name="cancel"),
    path("visits/photos/<int:pk>/", views.PhotoDownload.as_view(), name="photo"),
    path("visits/go/<int:pk>/", views.Go.as_view(), name="go"),
    path("visits/premises/<int:pk>/", views.KeepPremises.as_view(), name="premises"),
    path("visits/of/<int:pk>/", views.CompanyVisits.as_view(), name="company_visits"),
    path("monitoring/plan/<int:pk>/", views.ReadPlan.as_view(), name="plan"),
]
