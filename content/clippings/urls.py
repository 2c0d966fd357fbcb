"""Addresses of news."""

from django.urls import path

from content.clippings import views

app_name = "clippings"
urlpatterns = [
    path("", views.NewsList.as_view(), name="clipping_list"),
    path("<int:pk>/", views.ClippingDetail.as_view(), name="clipping_detail"),
    path("of/<int:pk>/", views.CompanyNews.as_view(), name="company_news"),
    path("mentions/<int:pk>/confirm/", views.MentionConfirm.as_view(), name="mention_confirm"),
    path("mentions/<int:pk>/refuse/", views.MentionRefuse.as_view(), name="mention_refuse"),
]
