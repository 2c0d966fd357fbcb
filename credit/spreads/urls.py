"""Addresses of spreads."""

from django.urls import path

from credit.spreads import views

app_name = "spreads"
urlpatterns = [
    path("", views.SpreadList.as_view(), name="spread_list"),
    path("new/", views.SpreadBegin.as_view(), name="spread_begin"),
    path("of/<int:pk>/", views.CompanySpread.as_view(), name="company_spread"),
    path("<int:pk>/", views.SpreadDetail.as_view(), name="spread_detail"),
    path("<int:pk>/details/", views.DetailsChange.as_view(), name="details_change"),
    path("<int:pk>/type/", views.PeriodEnter.as_view(), name="period_enter"),
    path("<int:pk>/file/", views.FileBring.as_view(), name="file_bring"),
    path("<int:pk>/check/", views.SpreadCheck.as_view(), name="spread_check"),
    path("<int:pk>/ratios/", views.SpreadRatios.as_view(), name="spread_ratios"),
    path("<int:pk>/lines/", views.SpreadLines.as_view(), name="spread_lines"),
    path("<int:pk>/stress/", views.SpreadStress.as_view(), name="spread_stress"),
    path("<int:pk>/need/", views.SpreadNeed.as_view(), name="spread_need"),
    path("<int:pk>/past/", views.SpreadPast.as_view(), name="spread_past"),
    path("files/<int:pk>/", views.UploadMap.as_view(), name="upload_map"),
]
