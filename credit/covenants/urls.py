"""Addresses of covenants."""

from django.urls import path

from credit.covenants import views

app_name = "covenants"
urlpatterns = [
    path("", views.CovenantList.as_view(), name="covenant_list"),
    path("of/<int:pk>/new/", views.CovenantPropose.as_view(), name="covenant_propose"),
    path("company/<int:pk>/", views.CompanyCovenants.as_view(), name="company_covenants"),
    path("<int:pk>/", views.CovenantDetail.as_view(), name="covenant_detail"),
    path("<int:pk>/confirm/", views.CovenantConfirm.as_view(), name="covenant_confirm"),
    path("<int:pk>/refuse/", views.CovenantRefuse.as_view(), name="covenant_refuse"),
    path("<int:pk>/replace/", views.CovenantReplace.as_view(), name="covenant_replace"),
    path("<int:pk>/waive/", views.WaiverAskUntil.as_view(), name="waiver_ask_until"),
    path("tests/<int:pk>/", views.TestDetail.as_view(), name="test_detail"),
    path("tests/<int:pk>/receive/", views.PaperReceive.as_view(), name="paper_receive"),
    path("tests/<int:pk>/result/", views.ResultRecord.as_view(), name="result_record"),
    path("tests/<int:pk>/cure/", views.BreachCure.as_view(), name="breach_cure"),
    path("tests/<int:pk>/waive/", views.WaiverAsk.as_view(), name="waiver_ask"),
    path("evidence/<int:pk>/", views.EvidenceDownload.as_view(), name="evidence"),
]
