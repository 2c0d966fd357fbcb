"""Addresses of notifications and mails."""

from django.urls import path

from crm.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.NotificationList.as_view(), name="notification_list"),
    path("read/", views.NotificationsRead.as_view(), name="notifications_read"),
    path("mails/", views.MailList.as_view(), name="mail_list"),
    path("mails/<int:pk>/", views.MailDetail.as_view(), name="mail_detail"),
]
