"""Addresses of visits."""

from django.urls import path

from crm.visits import views

app_name = "visits"
urlpatterns = [
    path("", views.VisitList.as_view(), name="visit_list"),
    path("log/", views.VisitCreate.as_view(), name="visit_create"),
    path("log/call/", views.CallCreate.as_view(), name="call_create"),
    path("plan/", views.PlanCreate.as_view(), name="plan_create"),
    path("companies/", views.CompanyFind.as_view(), name="company_find"),
    path("of/<int:pk>/", views.CompanyVisits.as_view(), name="company_visits"),
    path("<int:pk>/", views.VisitDetail.as_view(), name="visit_detail"),
    path("<int:pk>/note/", views.VisitNotes.as_view(), name="visit_notes"),
    path("<int:pk>/history/", views.VisitHistory.as_view(), name="visit_history"),
    path("<int:pk>/edit/", views.VisitUpdate.as_view(), name="visit_update"),
    path("<int:pk>/replan/", views.VisitReplan.as_view(), name="visit_replan"),
    path("<int:pk>/cancel/", views.VisitCancel.as_view(), name="visit_cancel"),
    path("<int:pk>/addendum/", views.AddendumCreate.as_view(), name="addendum_create"),
    path("<int:pk>/attach/", views.AttachmentCreate.as_view(), name="attachment_create"),
    path("<int:pk>/sign-off/", views.SignOff.as_view(), name="visit_sign_off"),
    path("promises/<int:pk>/keep/", views.PromiseKeep.as_view(), name="promise_keep"),
    path("attachments/<int:pk>/", views.AttachmentDownload.as_view(), name="attachment_download"),
]
