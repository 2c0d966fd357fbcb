"""What the toolkit adds to the frame: the page of one's background work."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import NavItem, PaletteCommand, register

register(
    NavItem(_("Background work"), "web:job_list", "jobs", order=890, section=_("Know")),
    PaletteCommand(_("Background work"), "web:job_list", "jobs", words=_("imports exports progress"), order=90),
)
