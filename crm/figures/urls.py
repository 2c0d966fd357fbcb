"""Addresses of figures."""

from django.urls import path

from crm.figures import views

app_name = "figures"
urlpatterns = [
    path("", views.FileList.as_view(), name="file_list"),
    path("<int:pk>/", views.FileDetail.as_view(), name="file_detail"),
    path("of/group/<int:pk>/", views.GroupFigures.as_view(), name="group_figures"),
    path("of/<int:pk>/", views.CompanyFigures.as_view(), name="company_figures"),
]
