"""What Today adds to shared screens."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import LogEntry, NavItem, PaletteCommand, register

register(
    NavItem(_("Today"), "today:today", "today", order=10, on_phone=True),
    LogEntry(_("Task"), "today:task_create", "check", order=90),
    PaletteCommand(_("Add a task"), "today:task_create", "check", words=_("to do remind"), order=40),
)
