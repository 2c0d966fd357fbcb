"""Addresses of the brief, under /news/brief/."""

from django.urls import path

from content.brief import views

app_name = "brief"
urlpatterns = [
    path("", views.BriefPage.as_view(), name="brief"),
    path("card/", views.BriefCard.as_view(), name="brief_card"),
    path("done/", views.ReadingDone.as_view(), name="reading_done"),
    path("days/<int:pk>/", views.ReadingDayPage.as_view(), name="reading_day"),
    path("stories/<int:pk>/not-relevant/", views.StoryPutAside.as_view(), name="story_put_aside"),
]
