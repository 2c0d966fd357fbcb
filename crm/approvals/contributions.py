"""What the inbox adds to shared screens."""

from django.utils.translation import gettext_lazy as _

from crm.approvals import selectors
from crm.approvals.services import DIGEST, LATE, POLICY
from crm.kernel.contributions import ApiRouter, NavItem, NotificationKind, PaletteCommand, PolicyTable, TodayCard, register

register(
    NavItem(_("Approvals"), "approvals:request_list", "check", order=300, section=_("Decide"), shown=selectors.decides),
    PaletteCommand(_("Approvals"), "approvals:request_list", "check", words=_("decide approve inbox"), order=45, shown=selectors.decides),
    PaletteCommand(
        _("What I decided"), "approvals:decided_list", "history", words=_("decisions approvals"), order=46, shown=selectors.decides
    ),
    TodayCard("approvals", _("Approvals"), "approvals/today.html", selectors.on_today, order=5, shown=selectors.decides, column=2),
    NotificationKind(LATE, _("Late request")),
    NotificationKind(DIGEST, _("Requests that wait"), by_mail=True, at_once=True),
    PolicyTable(
        POLICY,
        _("Mail of the morning"),
        _("Approvals"),
        "minutes",
        labels={"minutes_before": _("Written before the centre opens")},
        order=800,
    ),
    ApiRouter("approvals", "crm.approvals.api.router", order=80),
)
