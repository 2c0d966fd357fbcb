"""Addresses of news."""

from django.urls import path

from content.clippings import views

app_name = "clippings"
urlpatterns = [
    path("", views.NewsList.as_view(), name="clipping_list"),
    path("inbox/", views.InboxList.as_view(), name="inbox"),
    path("inbox/publish/", views.InboxPublish.as_view(), name="inbox_publish"),
    path("inbox/tag/", views.InboxTag.as_view(), name="inbox_tag"),
    path("inbox/published/", views.PublishedList.as_view(), name="inbox_published"),
    path("inbox/published/tag/", views.PublishedTag.as_view(), name="published_tag"),
    path("inbox/published/withdraw/", views.PublishedWithdraw.as_view(), name="published_withdraw"),
    path("<int:pk>/", views.ClippingDetail.as_view(), name="clipping_detail"),
    path("of/<int:pk>/", views.CompanyNews.as_view(), name="company_news"),
    path("of/group/<int:pk>/", views.GroupNews.as_view(), name="group_news"),
    path("mentions/<int:pk>/confirm/", views.MentionConfirm.as_view(), name="mention_confirm"),
    path("mentions/<int:pk>/refuse/", views.MentionRefuse.as_view(), name="mention_refuse"),
]
