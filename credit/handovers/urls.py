"""Addresses of handovers."""

from django.urls import path

from credit.handovers import views

app_name = "handovers"
urlpatterns = [
    path("", views.HandoverList.as_view(), name="handover_list"),
    path("of/<int:pk>/", views.HandoverBegin.as_view(), name="handover_begin"),
    path("<int:pk>/", views.HandoverDetail.as_view(), name="handover_detail"),
    path("<int:pk>/sign/", views.Sign.as_view(), name="sign"),
    path("<int:pk>/renew/", views.Renew.as_view(), name="renew"),
    path("<int:pk>/drop/", views.Drop.as_view(), name="drop"),
    path("<int:pk>/pdf/", views.ListPdf.as_view(), name="list_pdf"),
]
