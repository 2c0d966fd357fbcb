"""Addresses of hospitality."""

from django.urls import path

from crm.hospitality import views

app_name = "hospitality"
urlpatterns = [
    path("", views.RequestList.as_view(), name="request_list"),
    path("new/", views.RequestCreate.as_view(), name="request_create"),
    path("of/<int:pk>/", views.CompanyHospitality.as_view(), name="company_hospitality"),
    path("of/<int:pk>/room/", views.RequestRoom.as_view(), name="request_room"),
    path("effect/", views.EffectPage.as_view(), name="effect"),
    path("exceptions/", views.Exceptions.as_view(), name="exceptions"),
    path("postings/", views.BatchList.as_view(), name="batch_list"),
    path("postings/new/", views.BatchCreate.as_view(), name="batch_create"),
    path("postings/<int:pk>/", views.BatchDetail.as_view(), name="batch_detail"),
    path("postings/<int:pk>/pay/", views.BatchPay.as_view(), name="batch_pay"),
    path("postings/<int:pk>/file/", views.BatchFile.as_view(), name="batch_file"),
    path("receipts/<int:pk>/", views.ReceiptDownload.as_view(), name="receipt_download"),
    path("more/<int:pk>/grant/", views.ExtraGrant.as_view(), name="extra_grant"),
    path("more/<int:pk>/refuse/", views.ExtraRefuse.as_view(), name="extra_refuse"),
    path("<int:pk>/", views.RequestDetail.as_view(), name="request_detail"),
    path("<int:pk>/outline/", views.RequestOutline.as_view(), name="request_outline"),
    path("<int:pk>/reported/", views.RequestReport.as_view(), name="request_report"),
    path("<int:pk>/claimed/", views.RequestClaim.as_view(), name="request_claim"),
    path("<int:pk>/history/", views.RequestHistory.as_view(), name="request_history"),
    path("<int:pk>/edit/", views.RequestUpdate.as_view(), name="request_update"),
    path("<int:pk>/submit/", views.RequestSubmit.as_view(), name="request_submit"),
    path("<int:pk>/cancel/", views.RequestCancel.as_view(), name="request_cancel"),
    path("<int:pk>/consent/", views.RequestConsent.as_view(), name="request_consent"),
    path("<int:pk>/approve/", views.RequestApprove.as_view(), name="request_approve"),
    path("<int:pk>/return/", views.RequestReturn.as_view(), name="request_return"),
    path("<int:pk>/reject/", views.RequestReject.as_view(), name="request_reject"),
    path("<int:pk>/pass-up/", views.RequestPassUp.as_view(), name="request_pass_up"),
    path("<int:pk>/reopen/", views.RequestReopen.as_view(), name="request_reopen"),
    path("<int:pk>/report/", views.ReportCreate.as_view(), name="report_create"),
    path("<int:pk>/report/room/", views.ReportRoom.as_view(), name="report_room"),
    path("<int:pk>/claim/", views.ClaimCreate.as_view(), name="claim_create"),
    path("<int:pk>/claim/check/", views.ClaimVerify.as_view(), name="claim_verify"),
    path("<int:pk>/claim/query/", views.ClaimQuery.as_view(), name="claim_query"),
    path("<int:pk>/claim/claw-back/", views.ClaimClawBack.as_view(), name="claim_claw_back"),
    path("<int:pk>/more/", views.ExtraCreate.as_view(), name="extra_create"),
]
