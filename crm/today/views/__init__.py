"""Today, and the work that stands on it."""

from crm.today.views.tasks import TaskCreate, TaskDone, TaskDrop, TaskPostpone, TaskReopen
from crm.today.views.today import Today, WorkList

__all__ = ["TaskCreate", "TaskDone", "TaskDrop", "TaskPostpone", "TaskReopen", "Today", "WorkList"]
