"""Classes by days, grade and watch; proposed, reviewed, set; lowered at once, improved slowly (domain 7.1, invariant 28)."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from credit.risk import rules, selectors, services
from credit.risk.choices import Ground, LoanClass, ProposalState
from credit.risk.models import Movement, Proposal, Standing
from crm.kernel.contributions import Invariant, of
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.notifications.models import Notification
from tests.cast import NOW, fresh
from tests.credit.monitoring import making

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("place", "days", "best"),
    [
        ("HK", 0, 1), ("HK", 1, 2), ("HK", 90, 2), ("HK", 91, 3), ("HK", 180, 3), ("HK", 181, 4), ("HK", 4000, 4),
        ("CN", 0, 1), ("CN", 1, 2), ("CN", 90, 2), ("CN", 91, 3), ("CN", 270, 3), ("CN", 271, 4), ("CN", 360, 4), ("CN", 361, 5),
    ],
)  # fmt: skip
def test_days_overdue_are_a_ceiling_by_jurisdiction(db, place, days, best):
    assert rules.best_class(days, selectors.figures(place, making.TODAY).ladder) == best


@pytest.mark.parametrize(
    ("loan_class", "grade", "watch", "risk"),
    [
        (1, 3, [], "R1"), (1, 4, [], "R2"), (1, 6, [], "R2"), (1, None, [], "R2"), (1, 1, ["trade"], "R3"),
        (2, 1, [], "R4"), (3, 1, [], "R5"), (4, 1, [], "R5"), (5, 1, ["new"], "R5"),
    ],
)  # fmt: skip
def test_the_internal_class_follows_loan_class_grade_and_watch(db, loan_class, grade, watch, risk):
    assert selectors.figures("HK", making.TODAY).risk_class(loan_class, grade, watch) == risk


def test_a_client_with_more_than_half_of_its_use_in_trade_finance_is_watched(bank):
    half, more = making.client(bank), making.client(bank, name="Tai Wo Garments", name_zh="太和製衣")
    for one, trade in ((half, 1_000_000), (more, 1_000_001)):
        making.drawn(one, "OD", 1_000_000)
        making.drawn(one, "ULC", trade)
    assert making.standing(bank, half).risk_class == "R2"
    assert (making.standing(bank, more).risk_class, Standing.objects.get(client=more).watch) == ("R3", ["trade"])


def test_the_first_twelve_months_are_watched(bank):
    new = making.client(bank, opened_on=dt.date(2025, 3, 5))
    old = making.client(bank, name="Tai Wo Garments", name_zh="", opened_on=dt.date(2025, 3, 4))
    assert [making.standing(bank, one).risk_class for one in (new, old)] == ["R3", "R2"]


def test_the_night_classes_borrowers_lowers_by_days_and_improves_nothing(bank):
    late, good, idle = making.client(bank), making.client(bank, name="Good", name_zh=""), making.client(bank, name="Idle", name_zh="")
    for one in (late, good):
        making.drawn(one)
    making.conduct(late, 91)
    assert services.classify(on=making.TODAY, now=NOW) == {"clients": 2, "moved": 2}
    assert Standing.objects.get(client=late).loan_class == LoanClass.SUBSTANDARD
    assert not Standing.objects.filter(client=idle).exists()
    assert services.classify(on=making.TODAY, now=NOW) == {"clients": 2, "moved": 0}
    tomorrow = making.TODAY + dt.timedelta(days=1)
    making.conduct(good, 1, on=tomorrow)  # and of the late one nothing: its excess is paid
    assert services.classify(on=tomorrow, now=NOW + DAY)["moved"] == 1
    row = Standing.objects.get(client=late)
    assert (row.loan_class, row.days_overdue) == (3, 0)
    assert Standing.objects.get(client=good).risk_class == "R4"
    assert list(
        Movement.objects.filter(standing__client=good).order_by("pk").values_list("ground", "old_risk_class", "new_risk_class")
    ) == [
        ("opened", "", "R2"),
        ("days", "R2", "R4"),
    ]


def test_figures_that_fail_for_a_week_say_nothing(bank):
    late = making.client(bank)
    making.drawn(late, on=making.TODAY)
    making.conduct(late, 30, on=making.TODAY)
    services.classify(on=making.TODAY, now=NOW)
    later = making.TODAY + dt.timedelta(days=7)
    assert services.classify(on=later, now=NOW + 7 * DAY)["moved"] == 0
    row = Standing.objects.get(client=late)
    assert (row.loan_class, row.days_overdue, row.days_on) == (2, 30, making.TODAY)


def test_manager_proposes_head_reviews_credit_sets_three_people(bank):
    standing = making.standing(bank)
    proposal = services.propose(standing_id=standing.pk, loan_class=1, grade=3, reason="Audited, low debt", actor=bank.rm, now=NOW)
    assert Notification.objects.filter(user=bank.head, kind="risk_proposal").exists()
    for who in (bank.rm, bank.co1, bank.outhead):
        with pytest.raises((NotAllowed, Proposal.DoesNotExist)):
            services.review(proposal_id=proposal.pk, actor=fresh(who), now=NOW)
    with pytest.raises(NotAllowed, match="does not wait for credit"):
        services.set_class(proposal_id=proposal.pk, actor=bank.co1, now=NOW)
    services.review(proposal_id=proposal.pk, note="Agreed", actor=bank.head, now=NOW)
    with pytest.raises(NotAllowed, match="approver of the credit department"):
        services.set_class(proposal_id=proposal.pk, actor=bank.head, now=NOW)
    moved = services.set_class(proposal_id=proposal.pk, actor=bank.co1, now=NOW)
    assert (moved.old_risk_class, moved.new_risk_class, moved.ground) == ("R2", "R1", Ground.SET)
    assert Proposal.objects.get().state == ProposalState.SET
    assert standing.history.count() == 2


def test_the_database_refuses_two_pairs_of_eyes_for_three(bank):
    standing = making.standing(bank)
    one = services.propose(standing_id=standing.pk, loan_class=1, grade=3, reason="Low debt", actor=bank.rm, now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=one.pk).update(reviewed_by=bank.rm)
    with pytest.raises(IntegrityError), transaction.atomic():
        Proposal.objects.filter(pk=one.pk).update(state="set", reviewed_by=bank.head, ended_by=bank.head)


def test_no_class_is_better_than_the_days_allow(bank):
    late = making.client(bank)
    making.conduct(late, 91)
    standing = making.standing(bank, late)
    with pytest.raises(RuleBroken, match="91 days overdue: Substandard is the best class possible"):
        services.propose(standing_id=standing.pk, loan_class=2, grade=None, reason="They will pay", actor=bank.rm, now=NOW)


def test_evidence_lowers_at_once_and_six_months_pass_before_an_improvement(bank):
    standing = making.standing(bank)
    moved = services.downgrade(standing_id=standing.pk, loan_class=2, evidence="Nobody there", actor=bank.rm, now=NOW)
    assert (moved.old_risk_class, moved.new_risk_class) == ("R2", "R4")
    assert Notification.objects.filter(kind="risk_moved", user=bank.co1).count() == 1
    standing.refresh_from_db()
    told = {"standing_id": standing.pk, "loan_class": 1, "grade": None, "reason": "All is well", "actor": bank.rm}
    with pytest.raises(RuleBroken, match="not before 2026-09-04"):
        services.propose(now=NOW + 183 * DAY, **told)
    assert services.propose(now=NOW + 184 * DAY, **told).state == ProposalState.PROPOSED


def test_evidence_never_improves_and_needs_words(bank):
    standing = making.standing(bank)
    services.downgrade(standing_id=standing.pk, loan_class=3, evidence="Gone", actor=bank.head, now=NOW)
    with pytest.raises(RuleBroken, match="Evidence lowers a class"):
        services.downgrade(standing_id=standing.pk, loan_class=2, evidence="Back", actor=bank.co1, now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.downgrade(standing_id=standing.pk, loan_class=4, evidence=" ", actor=bank.co1, now=NOW)
    with pytest.raises(NotAllowed, match="lowers no classes"):
        services.downgrade(standing_id=standing.pk, loan_class=4, evidence="Gone", actor=bank.auditor, now=NOW)


def test_a_class_is_seen_by_who_sees_the_client_and_by_credit(bank):
    standing = making.standing(bank)
    seen = {name for name, one in bank.people.items() if Standing.objects.visible_to(fresh(one)).filter(pk=standing.pk).exists()}
    credit = {"co1", "co2", "approver", "chair"}
    assert seen == {"rm", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"} | credit


def broken() -> list[str]:
    return [line for one in of(Invariant) if one.code.startswith("risk.") for line in one.broken()]


def test_movements_last_and_the_invariants_hold(bank):
    standing = making.standing(bank)
    with pytest.raises(DatabaseError), transaction.atomic():
        Movement.objects.update(reason="never")
    assert broken() == []
    Standing.objects.filter(pk=standing.pk).update(days_overdue=91, days_on=making.TODAY)
    assert len(broken()) == 1


def test_pages_show_the_class_and_offer_only_what_may_be_done(bank, browse):
    standing = making.standing(bank)
    page = browse(bank.rm).get(standing.get_absolute_url()).content.decode()
    assert "R2" in page
    assert "/propose/" in page
    assert "/propose/" not in browse(bank.co1).get(standing.get_absolute_url()).content.decode()
    sent = browse(bank.rm).post(f"/credit/risk/{standing.pk}/propose/", {"loan_class": "1", "grade": "2", "reason": "Audited"})
    assert sent.status_code == 302
    proposal = Proposal.objects.get()
    assert browse(bank.head).post(f"/credit/risk/proposals/{proposal.pk}/review/", {"note": ""}).status_code == 302
    assert browse(bank.co2).post(f"/credit/risk/proposals/{proposal.pk}/set/", {"note": ""}).status_code == 302
    assert "R1" in browse(bank.rm).get(f"/credit/risk/of/{standing.client.company_id}/").content.decode()
    assert "Lok Sang" in browse(bank.head).get("/credit/risk/").content.decode()
    assert browse(bank.outsider).get(standing.get_absolute_url()).status_code == 404
