"""Addresses of payments."""

from django.urls import path

from credit.payments import views

app_name = "payments"
urlpatterns = [
    path("", views.PaymentList.as_view(), name="payment_list"),
    path("of/<int:pk>/new/", views.PaymentAsk.as_view(), name="payment_ask"),
    path("<int:pk>/", views.PaymentDetail.as_view(), name="payment_detail"),
    path("<int:pk>/check/", views.PaymentCheck.as_view(), name="payment_check"),
    path("<int:pk>/pay/", views.PaymentPay.as_view(), name="payment_pay"),
    path("<int:pk>/reject/", views.PaymentReject.as_view(), name="payment_reject"),
    path("<int:pk>/voucher/", views.VoucherBring.as_view(), name="voucher_bring"),
    path("lists/", views.MonthListList.as_view(), name="list_list"),
    path("lists/<int:pk>/", views.MonthListDetail.as_view(), name="list_detail"),
    path("lists/<int:pk>/bring/", views.MonthListBring.as_view(), name="list_bring"),
    path("lists/<int:pk>/paper/", views.MonthListPaper.as_view(), name="list_paper"),
    path("vouchers/<int:pk>/", views.VoucherDownload.as_view(), name="voucher_download"),
]
