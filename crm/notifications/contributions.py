"""What notifications add to shared screens."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import NavItem, PaletteCommand, register

register(
    NavItem(_("Notifications"), "notifications:notification_list", "info", order=95),
    PaletteCommand(_("Mails to me"), "notifications:mail_list", "mail", words=_("e-mail digest post"), order=880),
)
