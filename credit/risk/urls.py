"""Addresses of classes."""

from django.urls import path

from credit.risk import views

app_name = "risk"
urlpatterns = [
    path("risk/", views.StandingList.as_view(), name="standing_list"),
    path("risk/<int:pk>/", views.StandingDetail.as_view(), name="standing_detail"),
    path("risk/<int:pk>/propose/", views.Propose.as_view(), name="propose"),
    path("risk/<int:pk>/downgrade/", views.Downgrade.as_view(), name="downgrade"),
    path("risk/begin/<int:pk>/", views.Begin.as_view(), name="begin"),
    path("risk/proposals/<int:pk>/review/", views.Review.as_view(), name="review"),
    path("risk/proposals/<int:pk>/set/", views.SetClass.as_view(), name="set_class"),
    path("risk/proposals/<int:pk>/refuse/", views.Refuse.as_view(), name="refuse"),
    path("risk/proposals/<int:pk>/withdraw/", views.Withdraw.as_view(), name="withdraw"),
    path("risk/of/<int:pk>/", views.CompanyRisk.as_view(), name="company_risk"),
]
