"""The parts of the handoff guard that no other feature owns (domain 6.7): KYC, visit, group tree, exposure."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from credit.handoff import selectors
from credit.handoff.parts import GroupConfirmed, GroupTotal
from credit.packs.choices import PackKind
from credit.packs.models import PackVersion
from credit.packs.parts import HandoffCheck, Obstacle
from credit.packs.selectors import facilities_of
from crm.kernel.addresses import url_of
from crm.kernel.contributions import of

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
    """The group's tree was confirmed within the bank's months, where groups know of it."""
    for source in of(GroupConfirmed):
        if not source.has_group(version):
            continue
        months = selectors.figures(version.pack, now)["group_months"]
        on = source.on(version)
        if on is None or _months_between(on, _today(version, now)) >= months:
            yield Obstacle(
                _("The group’s tree is not confirmed."), _("It is confirmed every %(months)s months.") % {"months": months}, "#group"
            )


def _months_between(start: dt.date, end: dt.date) -> int:
    """Whole months gone by."""
    return (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)


def exposure(version: PackVersion, now: dt.datetime) -> Iterator[Obstacle]:
    """The group's exposure is computed, where a feature knows of it."""
    if of(GroupTotal) and selectors.group_total(version, now) is None:
        yield Obstacle(_("The group’s exposure is not computed."), url=url_of("packs:pack_detail", version.pack_id))


CHECKS = (
    HandoffCheck("request", request, order=5),
    HandoffCheck("kyc", kyc, order=40),
    HandoffCheck("visit", visit, order=50),
    HandoffCheck("group", group, order=60),
    HandoffCheck("exposure", exposure, order=70),
)
