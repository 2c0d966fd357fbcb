"""The parts of the handoff guard that no other feature owns (domain 6.7): KYC, visit, group tree."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from credit.handoff import selectors
from credit.packs.choices import PackKind
from credit.packs.models import PackVersion
from credit.packs.parts import HandoffCheck, Obstacle
from credit.packs.selectors import facilities_of
from crm.kernel.addresses import url_of

_VISITED = (PackKind.NEW, PackKind.INCREASE)


def _today(version: PackVersion, now: dt.datetime) -> dt.date:
    return timezone.localdate(now, version.pack.centre.zone)


def request(version: PackVersion, now: dt.datetime) -> Iterator[Obstacle]:
    """Something is asked for."""
    if not facilities_of(version):
        yield Obstacle(_("Nothing is asked for."), url="#facilities")


def kyc(version: PackVersion, now: dt.datetime) -> Iterator[Obstacle]:
    """The review of the client is not overdue."""
    due = selectors.about_company(version)["kyc_due_on"]
    if due is not None and due < _today(version, now):
        yield Obstacle(
            _("The KYC review of the client is overdue."),
            _("It was due on %(day)s.") % {"day": date_format(due)},
            version.pack.company.get_absolute_url(),
        )


def visit(version: PackVersion, now: dt.datetime) -> Iterator[Obstacle]:
    """New requests and increases stand on a visit by two of the bank, not older than the bank's days."""
    pack = version.pack
    if pack.kind not in _VISITED:
        return
    days = selectors.figures(pack, now)["visit_days"]
    facts, since = selectors.about_company(version), now - dt.timedelta(days=days)
    if facts["last_by_two"] is not None and facts["last_by_two"] >= since:
        return
    last = facts["last_visit"]
    detail = _("A new request or an increase needs two persons of the bank within %(days)s days.") % {"days": days}
    url = f"{url_of('visits:plan_create')}?company={pack.company_id}"
    if last is None or last < since:
        yield Obstacle(_("Nobody visited the company lately."), detail, url)
    else:
        day = date_format(timezone.localdate(last, pack.centre.zone))
        yield Obstacle(_("The visit of %(day)s had one person of the bank.") % {"day": day}, detail, url)


def group(version: PackVersion, now: dt.datetime) -> Iterator[Obstacle]:
    """The tree of the company's group was confirmed within the bank's months."""
    tree = version.pack.company.group
    if tree is None:
        return
    months = selectors.figures(version.pack, now)["group_months"]
    if tree.confirmed_on is None or _months_between(tree.confirmed_on, _today(version, now)) >= months:
        detail = _("It is confirmed every %(months)s months.") % {"months": months}
        yield Obstacle(_("The group’s tree is not confirmed."), detail, tree.get_absolute_url())


def _months_between(start: dt.date, end: dt.date) -> int:
    """Whole months gone by."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


CHECKS = (
    HandoffCheck("request", request, order=5),
    HandoffCheck("kyc", kyc, order=40),
    HandoffCheck("visit", visit, order=50),
    HandoffCheck("group", group, order=60),
)
