"""A live limit: annual review, suspension, restoration, cancellation, maturity (domain 6.8 row 20, 7.8); conditions by a day (6.7)."""

import datetime as dt

import pytest
from django.urls import reverse

from credit.decisions import permissions, services
from credit.decisions.models import Condition
from credit.packs.choices import State
from credit.packs.parts import LimitStop
from crm.figures.models import FigureFile, LimitUse
from crm.kernel import contributions
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import WorkItem
from crm.notifications.models import Notification
from crm.staff.models import Post
from tests.cast import NOW, fresh
from tests.credit import deciding

DAY = dt.timedelta(days=1)
# Live on 4 March 2026: the review is due on 4 March 2027, begins 60 days before and stops drawing 60 days after.
BEGINS = dt.datetime(2027, 1, 3, 2, tzinfo=dt.UTC)
STOPS = dt.datetime(2027, 5, 4, 2, tzinfo=dt.UTC)


def state(pack):
    pack.refresh_from_db()
    return pack.state


def long_life(bank, **values):
    return deciding.live(bank, tenor=36, **values)


def test_a_review_falls_due_sixty_days_ahead_and_stops_drawing_sixty_days_late(bank):
    pack = long_life(bank)
    assert services.age(now=BEGINS - DAY) == {"due": 0, "suspended": 0, "matured": 0}
    assert services.age(now=BEGINS) == {"due": 1, "suspended": 0, "matured": 0}
    assert state(pack) == State.REVIEW_DUE
    item = WorkItem.objects.open().get(kind="credit_annual")
    assert (item.assignee, item.due_at.date()) == (bank.rm, dt.date(2027, 3, 4))
    assert services.age(now=BEGINS) == {"due": 0, "suspended": 0, "matured": 0}
    assert permissions.may_draw(pack)
    assert services.age(now=STOPS - DAY)["suspended"] == 0
    assert services.age(now=STOPS)["suspended"] == 1
    assert state(pack) == State.SUSPENDED
    assert permissions.may_draw(pack).reason == "The limit is suspended: nothing more is drawn under it."
    assert pack.events.get(act="suspend").reason == "The annual review is overdue."


def test_a_limit_that_nobody_looked_at_for_long_goes_through_both_steps_at_once(bank):
    pack = long_life(bank)
    assert services.age(now=STOPS) == {"due": 1, "suspended": 1, "matured": 0}
    assert state(pack) == State.SUSPENDED


def test_a_limit_matures_with_its_longest_facility(bank):
    pack = deciding.live(bank)
    ends = dt.datetime(2027, 3, 4, 2, tzinfo=dt.UTC)
    assert services.age(now=ends - DAY) == {"due": 1, "suspended": 0, "matured": 0}
    assert services.age(now=ends) == {"due": 0, "suspended": 0, "matured": 1}
    assert state(pack) == State.MATURED
    assert not WorkItem.objects.open().filter(kind="credit_annual").exists()
    assert permissions.may_draw(pack).reason == "The limit is not live."


def test_a_review_ends_once_a_review_pack_of_the_client_is_granted(bank):
    pack = long_life(bank)
    services.age(now=BEGINS)
    with pytest.raises(RuleBroken, match="No review pack of this client was granted"):
        services.restore(pack_id=pack.pk, reason="Looked at", actor=bank.co1, now=BEGINS + DAY)
    other = deciding.up(bank, of=pack.company, kind="renewal")
    deciding.decide(bank, other, by="co2", now=BEGINS + DAY)
    services.restore(pack_id=pack.pk, reason="Renewed", actor=fresh(bank.co1), now=BEGINS + DAY)
    assert state(pack) == State.AVAILABLE
    assert not WorkItem.objects.open().filter(kind="credit_annual").exists()
    assert services.age(now=STOPS)["due"] == 0
    assert services.age(now=dt.datetime(2027, 11, 5, 2, tzinfo=dt.UTC))["due"] == 1


def test_approvers_suspend_and_another_of_the_approving_level_restores(bank):
    pack = long_life(bank)
    for name in ("rm", "head", "analyst", "cad"):
        with pytest.raises(NotAllowed, match="Credit approvers and the credit committee suspend"):
            services.suspend(pack_id=pack.pk, reason="Fraud", actor=bank.people[name], now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.suspend(pack_id=pack.pk, reason=" ", actor=bank.co1, now=NOW)
    with pytest.raises(NotAllowed, match="neither suspended nor due"):
        services.restore(pack_id=pack.pk, reason="Fine", actor=bank.co1, now=NOW)
    services.suspend(pack_id=pack.pk, reason="Invoices twice financed", actor=bank.co1, now=NOW)
    assert state(pack) == State.SUSPENDED
    told = set(Notification.objects.filter(kind="credit_limit").values_list("user__username", flat=True))
    assert told == {"rm", "cad", "cad2"}
    with pytest.raises(NotAllowed, match="Only a limit that may be drawn"):
        services.suspend(pack_id=pack.pk, reason="Again", actor=bank.co1, now=NOW)
    with pytest.raises(NotAllowed, match="Another person than suspended"):
        services.restore(pack_id=pack.pk, reason="Fine", actor=bank.co1, now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.restore(pack_id=pack.pk, reason="", actor=bank.chair, now=NOW)
    services.restore(pack_id=pack.pk, reason="The second invoice was withdrawn", actor=bank.chair, now=NOW)
    assert state(pack) == State.AVAILABLE


def test_below_the_level_that_approved_nobody_restores(bank):
    pack = long_life(bank)
    services.suspend(pack_id=pack.pk, reason="Late", actor=bank.chair, now=NOW)
    Post.objects.filter(user=bank.co1).update(grade=0)
    with pytest.raises(NotAllowed, match="Only the level that approved restores"):
        services.restore(pack_id=pack.pk, reason="Fine", actor=fresh(bank.co1), now=NOW)


def test_the_system_suspends_and_what_stops_the_limit_keeps_it_so(bank, monkeypatch):
    pack = long_life(bank)
    services.suspend(pack_id=pack.pk, reason="A critical flag is open", actor=None, now=NOW)
    services.suspend(pack_id=pack.pk, reason="A critical flag is open", actor=None, now=NOW)
    assert pack.events.filter(act="suspend", actor=None).count() == 1
    stop = LimitStop("tests.flag", lambda company_ids: dict.fromkeys(company_ids, "A critical flag is open."))
    before = contributions.of
    monkeypatch.setattr("credit.packs.parts.of", lambda kind: [stop] if kind is LimitStop else before(kind))
    with pytest.raises(RuleBroken, match="A critical flag is open"):
        services.restore(pack_id=pack.pk, reason="Fine", actor=bank.co1, now=NOW)
    monkeypatch.undo()
    services.age(now=BEGINS)
    assert state(pack) == State.SUSPENDED
    services.restore(pack_id=pack.pk, reason="The flag is closed", actor=fresh(bank.co1), now=BEGINS)
    assert state(pack) == State.REVIEW_DUE


def test_a_client_cancels_a_limit_under_which_nothing_is_drawn(bank):
    pack = long_life(bank)
    with pytest.raises(NotAllowed, match="Only its relationship manager"):
        services.cancel(pack_id=pack.pk, reason="Asked", actor=bank.co1, now=NOW)
    client = pack.company.client
    file = FigureFile.objects.create(
        kind="limits", on=NOW.date(), bank="B", name="limits.csv", sha256="0" * 64, state="done", started_at=NOW
    )
    amounts = {"limit": 1_500_000_00, "drawn": 200_000_00, "limit_hkd": 1_500_000_00, "drawn_hkd": 200_000_00}
    row = LimitUse.objects.create(
        client=client, file=file, on=NOW.date(), reference="L-1", facility="OD", currency="HKD", is_latest=True, **amounts
    )
    with pytest.raises(RuleBroken, match=r"HK\$ 200,000.00 is still drawn under it"):
        services.cancel(pack_id=pack.pk, reason="Client’s letter of 3 March", actor=bank.rm, now=NOW)
    LimitUse.objects.filter(pk=row.pk).update(drawn=0, drawn_hkd=0)
    services.cancel(pack_id=pack.pk, reason="Client’s letter of 3 March", actor=bank.rm, now=NOW)
    assert state(pack) == State.CANCELLED
    with pytest.raises(NotAllowed, match="The limit is not live"):
        services.cancel(pack_id=pack.pk, reason="Again", actor=bank.rm, now=NOW)


DUE = dt.date(2026, 6, 1)
CONDITIONS = ({"text": "Accounts of 2025", "due_on": DUE, "type": "financial"},)


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(2), dt.UTC)


def test_a_condition_is_reminded_of_four_times_and_escalates_once_it_is_late(bank):
    pack = deciding.live(bank, conditions=CONDITIONS)
    told = []
    for left in range(40, -3, -1):
        done = services.remind(now=at(DUE - left * DAY))
        if done["reminded"] or done["breached"]:
            told.append((left, done["reminded"], done["breached"]))
        assert services.remind(now=at(DUE - left * DAY)) == {"reminded": 0, "breached": 0}
    assert told == [(30, 1, 0), (14, 1, 0), (7, 1, 0), (1, 1, 0), (-1, 0, 1)]
    mine = WorkItem.objects.open().get(kind="credit_condition")
    assert (mine.assignee, mine.due_at.date()) == (bank.rm, DUE)
    late = WorkItem.objects.open().get(kind="credit_condition_late")
    assert (late.unit, late.role) == (pack.team, "TH")
    assert pack.events.filter(values__what="condition late").count() == 1


def test_nobody_is_reminded_of_what_is_met_and_what_was_late_is_closed(bank):
    pack = deciding.live(bank, conditions=(*CONDITIONS, {"text": "Insurance", "due_on": DUE + 5 * DAY, "type": "insurance"}))
    services.remind(now=at(DUE + DAY))
    first, second = Condition.objects.order_by("number")
    later = at(DUE + DAY)
    services.show_condition(condition_id=first.pk, evidence="Accounts of May", actor=bank.cad, now=later)
    services.check_condition(condition_id=first.pk, is_met=True, actor=bank.cad2, now=later)
    assert not WorkItem.objects.open().filter(kind="credit_condition_late").exists()
    assert WorkItem.objects.open().get(kind="credit_condition").due_at.date() == second.due_on
    services.waive_condition(condition_id=second.pk, reason="Covered", actor=bank.co1, now=later)
    assert not WorkItem.objects.open().filter(kind__startswith="credit_condition", subject_id=pack.pk).exists()
    assert services.remind(now=at(DUE + 10 * DAY)) == {"reminded": 0, "breached": 0}


def test_what_is_not_accepted_yet_is_not_reminded_of(bank):
    pack = deciding.up(bank)
    deciding.condition(bank, pack, kind="subsequent", text="Accounts", due_on=DUE)
    deciding.decide(bank, pack)
    assert services.remind(now=at(DUE + DAY)) == {"reminded": 0, "breached": 0}


def test_a_limit_is_suspended_restored_and_cancelled_from_its_page(bank, browse):
    pack = long_life(bank)
    page = reverse("packs:pack_detail", args=[pack.pk])
    text = browse(bank.co1).get(page).content.decode()
    assert all(words in text for words in ("Suspend the limit", "Annual review due", "Matures"))
    browse(bank.co1).post(reverse("decisions:suspend", args=[pack.pk]), {"reason": "Invoices twice financed"})
    seen = browse(bank.rm).get(page).content.decode()
    assert "Suspended: nothing more is drawn under it. Invoices twice financed" in seen
    browse(bank.chair).post(reverse("decisions:restore", args=[pack.pk]), {"reason": "Settled"})
    assert state(pack) == State.AVAILABLE
    browse(bank.rm).post(reverse("decisions:cancel", args=[pack.pk]), {"reason": "Client’s letter"})
    assert state(pack) == State.CANCELLED
