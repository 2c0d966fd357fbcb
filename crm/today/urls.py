"""Addresses of Today and its tasks."""

from django.urls import path

from crm.today import views

app_name = "today"
urlpatterns = [
    path("", views.Today.as_view(), name="today"),
    path("tasks/", views.WorkList.as_view(), name="work_list"),
    path("tasks/add/", views.TaskCreate.as_view(), name="task_create"),
    path("tasks/<int:pk>/done/", views.TaskDone.as_view(), name="task_done"),
    path("tasks/<int:pk>/reopen/", views.TaskReopen.as_view(), name="task_reopen"),
    path("tasks/<int:pk>/postpone/", views.TaskPostpone.as_view(), name="task_postpone"),
    path("tasks/<int:pk>/drop/", views.TaskDrop.as_view(), name="task_drop"),
]
