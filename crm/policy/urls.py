"""Addresses of the policy screens. A table stands under its own name."""

from django.urls import path

from crm.policy import views

app_name = "policy"
urlpatterns = [
    path("", views.TableList.as_view(), name="table_list"),
    path("changes/", views.ChangeList.as_view(), name="change_list"),
    path("changes/<int:pk>/", views.ChangeDetail.as_view(), name="change_detail"),
    path("changes/<int:pk>/approve/", views.ChangeApprove.as_view(), name="change_approve"),
    path("changes/<int:pk>/refuse/", views.ChangeRefuse.as_view(), name="change_refuse"),
    path("changes/<int:pk>/withdraw/", views.ChangeWithdraw.as_view(), name="change_withdraw"),
    path("<str:table>/", views.TableDetail.as_view(), name="table_detail"),
    path("<str:table>/propose/", views.ChangeCreate.as_view(), name="change_create"),
    path("<str:table>/person/", views.OwnCreate.as_view(), name="own_create"),
]
