"""Addresses of concessions."""

from django.urls import path

from crm.concessions import views

app_name = "concessions"
urlpatterns = [
    path("", views.ConcessionList.as_view(), name="concession_list"),
    path("new/", views.ConcessionCreate.as_view(), name="concession_create"),
    path("register/", views.RegisterList.as_view(), name="register"),
    path("report/", views.MonthReport.as_view(), name="report"),
    path("looks/", views.ProbeList.as_view(), name="probe_list"),
    path("conflicts/", views.ConflictList.as_view(), name="conflict_list"),
    path("conflicts/of/<int:pk>/", views.ConflictDeclare.as_view(), name="conflict_declare"),
    path("conflicts/<int:pk>/end/", views.ConflictEnd.as_view(), name="conflict_end"),
    path("suspensions/", views.SuspensionList.as_view(), name="suspension_list"),
    path("suspensions/new/", views.SuspensionCreate.as_view(), name="suspension_create"),
    path("suspensions/<int:pk>/lift/", views.SuspensionLift.as_view(), name="suspension_lift"),
    path("of/<int:pk>/level/", views.LevelLook.as_view(), name="level_look"),
    path("of/<int:pk>/", views.CompanyConcessions.as_view(), name="company_concessions"),
    path("<int:pk>/", views.ConcessionDetail.as_view(), name="concession_detail"),
    path("<int:pk>/request/", views.ConcessionRequest.as_view(), name="concession_request"),
    path("<int:pk>/delivered/", views.ConcessionDelivered.as_view(), name="concession_delivered"),
    path("<int:pk>/evidence/", views.EvidenceDownload.as_view(), name="evidence_download"),
    path("<int:pk>/events/", views.ConcessionEvents.as_view(), name="concession_events"),
    path("<int:pk>/decide/", views.ConcessionDecide.as_view(), name="concession_decide"),
    path("<int:pk>/answer/", views.ConcessionAnswer.as_view(), name="concession_answer"),
    path("<int:pk>/withdraw/", views.ConcessionWithdraw.as_view(), name="concession_withdraw"),
    path("<int:pk>/tell/", views.ConcessionTell.as_view(), name="concession_tell"),
    path("<int:pk>/apply/", views.ConcessionApply.as_view(), name="concession_apply"),
    path("<int:pk>/promise/", views.PromiseKeep.as_view(), name="promise_keep"),
    path("<int:pk>/revoke/", views.ConcessionRevoke.as_view(), name="concession_revoke"),
    path("<int:pk>/letter/", views.ConfirmationWrite.as_view(), name="confirmation_write"),
]
