"""The handoff: all reasons on the button, a seal at that moment, an endorsement by somebody else (domain 6.7, transitions 4 to 6, 22)."""

import datetime as dt

import pytest

from credit.decisions import services as decisions
from credit.handoff import permissions, selectors
from credit.handoff.choices import EVENT, WORK
from credit.handoff.models import Endorsement, Seal
from credit.handoff.services import escalate, submit_for_endorsement
from credit.memos.models import Section
from credit.memos.selectors import writers_of
from credit.packs import services as packs
from credit.packs.choices import Act, State, VersionState
from credit.packs.guarding import obstacles_of
from credit.packs.models import Pack
from credit.reviews import services as reviews
from crm.clients.models import Client
from crm.companies.models import Company, CompanyGroup
from crm.kernel.contributions import Reaction, register
from crm.kernel.errors import InvalidTransition, NotAllowed, RuleBroken
from crm.kernel.models import Outbox
from crm.kernel.worklist import WorkItem
from tests.cast import NOW, fresh
from tests.credit import making as base
from tests.credit.handoff import making
from tests.credit.memos import making as memos


def reasons(pack):
    version = base.draft(pack)
    version.pack = pack
    return [str(one.sentence) for one in obstacles_of(version, NOW)]


def submit(bank, pack, by="rm"):
    return submit_for_endorsement(pack_id=pack.pk, actor=fresh(bank.people[by]), now=NOW)


def states(pack):
    return {row.number: row.state for row in pack.versions.all()}


def item(pack):
    return WorkItem.objects.open().get(kind=WORK, subject_id=pack.pk)


def test_nothing_stands_in_the_way_of_a_complete_pack(bank):
    assert reasons(making.ready(bank)) == []


def test_all_reasons_stand_on_the_button_and_in_the_refusal(bank):
    pack = memos.writing(bank)
    making.papers_ready(bank, pack)
    Client.objects.filter(company=pack.company).update(kyc_due_on=NOW.date() - dt.timedelta(days=1))
    expected = [
        "The application is not complete.",
        "Adverse facts are neither written nor denied.",
        "The application is not attested.",
        "The KYC review of the client is overdue.",
        "Nobody visited the company lately.",
    ]
    assert reasons(pack) == expected
    refused = permissions.can_submit(user=bank.rm, pack=pack, version=_draft(pack), now=NOW)
    assert not refused
    assert all(sentence in str(refused.reason) for sentence in expected)
    with pytest.raises(RuleBroken) as caught:
        submit(bank, pack)
    assert all(sentence in str(caught.value) for sentence in expected)
    assert not Seal.objects.exists()


def _draft(pack):
    version = base.draft(pack)
    version.pack = pack
    return version


def test_a_pack_with_overdue_kyc_is_not_handed_off_and_one_due_today_is(bank):
    pack = making.ready(bank)
    client = Client.objects.filter(company=pack.company)
    client.update(kyc_due_on=NOW.date() - dt.timedelta(days=1))
    assert reasons(pack) == ["The KYC review of the client is overdue."]
    client.update(kyc_due_on=NOW.date())
    assert reasons(pack) == []


@pytest.mark.parametrize(("days", "along", "kind", "expected"), [
    (90, ("head",), "new", []),
    (91, ("head",), "new", ["Nobody visited the company lately."]),
    (5, (), "increase", ["The visit of 27 Feb 2026 had one person of the bank."]),
    (91, (), "renewal", []),
])  # fmt: skip
def test_new_requests_and_increases_need_two_of_the_bank_within_90_days(bank, days, along, kind, expected):
    pack = memos.writing(bank, kind=kind)
    making.visited(bank, pack, days=days, along=along)
    making.papers_ready(bank, pack)
    memos.attested(bank, pack)
    found = reasons(Pack.objects.get(pk=pack.pk))
    assert [sentence[:20] for sentence in found] == [sentence[:20] for sentence in expected]


def test_submitting_seals_the_version_and_ends_the_right_to_change(bank):
    pack, seal = making.submitted(bank)
    assert pack.state == State.ENDORSE
    assert states(pack) == {1: VersionState.SEALED}
    told = seal.told
    assert (told["pack"], told["version"], told["requested"], told["position"]) == (pack.number, 1, "30000000.00", 1)
    assert len(told["content"]["application"]) == 20
    assert item(pack).role == "RCH"
    with pytest.raises(NotAllowed, match="sealed"):
        base.facility(bank, pack, "LC")
    with pytest.raises(NotAllowed, match="sealed"):
        memos.write(bank, memos.section(pack.versions.get(), 2), "Later")
    with pytest.raises(NotAllowed, match="waits for the endorser already"):
        submit(bank, pack)


def test_only_its_manager_submits_and_only_from_the_application(bank):
    pack = making.ready(bank)
    with pytest.raises(NotAllowed, match="Only its relationship manager"):
        submit(bank, pack, "head")
    with pytest.raises(Pack.DoesNotExist):
        submit(bank, pack, "outsider")
    early = base.pack(bank, base.company(bank, name="Early", name_zh="早"))
    with pytest.raises(NotAllowed, match="Gather the papers first"):
        submit(bank, early)


def test_up_to_twenty_million_the_team_head_endorses_and_above_it_the_centre_head(bank):
    small, _seal = making.submitted(bank, amount="20000000")
    assert (item(small).role, item(small).unit) == ("TH", bank.team)


def test_above_twenty_million_it_is_not_the_team_heads(bank):
    large, _seal = making.submitted(bank, amount="20000001")
    assert (item(large).role, item(large).unit) == ("RCH", bank.units["centre"])
    with pytest.raises(NotAllowed, match="whom it was sent to"):
        making.decide(bank, large, by="head")
    assert making.decide(bank, large, by="centre").state == State.HANDED_OFF


def test_an_endorsement_hands_the_pack_to_credit(bank):
    register(Reaction(EVENT, "tests.credit_queue"))
    pack, seal = making.submitted(bank, amount="8000000")
    assert not Pack.objects.visible_to(bank.analyst).filter(pk=pack.pk).exists()
    making.decide(bank, pack)
    pack.refresh_from_db()
    assert (pack.state, pack.handed_off_at) == (State.HANDED_OFF, NOW)
    word = Endorsement.objects.get()
    assert (word.actor, word.post.role, word.total, word.authority) == (bank.head, "TH", 8_000_000, 20_000_000)
    assert pack.events.latest("pk").act == Act.ENDORSE
    assert not WorkItem.objects.open().filter(kind=WORK).exists()
    assert Pack.objects.visible_to(fresh(bank.analyst)).filter(pk=pack.pk).exists()
    assert Outbox.objects.filter(task="tests.credit_queue").latest("pk").args == {"pack_id": pack.pk, "version_id": seal.version_id}


def test_an_endorser_writes_their_own_view(bank):
    pack, _seal = making.submitted(bank, amount="8000000")
    with pytest.raises(RuleBroken, match="Say why"):
        making.decide(bank, pack, view=" ")


def test_who_wrote_a_section_does_not_endorse(bank):
    pack = memos.writing(bank, amount="8000000")
    making.visited(bank, pack)
    making.papers_ready(bank, pack)
    version = memos.written(bank, pack)
    memos.write(bank, memos.section(version, 19), "The head's own words", by="head")
    memos.services.attest(pack_id=pack.pk, none_known=False, actor=bank.rm, now=NOW)
    submit(bank, pack)
    assert item(pack).role == "RCH"
    with pytest.raises(NotAllowed, match="You wrote a part"):
        making.decide(bank, pack, by="head")
    assert making.decide(bank, pack, by="centre").state == State.HANDED_OFF


def test_nobody_endorses_their_own_request(bank):
    pack, _seal = making.submitted(bank, amount="8000000")
    with pytest.raises(NotAllowed, match="their own request"):
        making.decide(bank, pack, by="rm")
    for name in ("rm2", "head2", "analyst"):
        with pytest.raises(Pack.DoesNotExist):
            making.decide(bank, pack, by=name)


def test_what_is_sent_back_becomes_the_next_version_and_the_sealed_one_stays(bank):
    pack, seal = making.submitted(bank, amount="8000000")
    making.decide(bank, pack, "send_back", view="The stress case is missing.")
    pack.refresh_from_db()
    assert pack.state == State.DRAFT
    assert states(pack) == {1: VersionState.ON_HOLD, 2: VersionState.DRAFT}
    assert Seal.objects.get().hash == seal.hash
    packs.start_docs(pack_id=pack.pk, actor=fresh(bank.rm), now=NOW)
    Pack.objects.filter(pk=pack.pk).update(state=State.WRITING_A)
    assert reasons(Pack.objects.get(pk=pack.pk)) == ["The application is not attested."]
    memos.services.attest(pack_id=pack.pk, none_known=False, actor=bank.rm, now=NOW)
    again = submit(bank, pack)
    assert states(pack) == {1: VersionState.SUPERSEDED, 2: VersionState.SEALED}
    assert (again.position, again.previous_hash) == (2, seal.hash)


def test_a_change_after_the_handoff_is_sealed_as_the_next_version(bank):
    pack, first = making.endorsed(bank)
    opened = packs.open_version(pack_id=pack.pk, reason="Audited accounts replaced", actor=fresh(bank.rm), now=NOW)
    base.facility(bank, pack, "LC", "2000000")
    making.papers_ready(bank, pack)
    memos.services.attest(pack_id=pack.pk, none_known=False, actor=bank.rm, now=NOW)
    second = submit(bank, pack)
    pack.refresh_from_db()
    assert (pack.state, pack.requested) == (State.ENDORSE, 10_000_000)
    assert states(pack) == {1: VersionState.SUPERSEDED, 2: VersionState.SEALED}
    assert Seal.objects.get(pk=first.pk).hash == first.hash != second.hash
    assert second.version_id == opened.pk
    assert making.decide(bank, pack).state == State.HANDED_OFF


def test_the_team_head_passes_up_and_the_clock_does_too(bank):
    pack, _seal = making.submitted(bank, amount="8000000")
    assert item(pack).due_at == dt.datetime(2026, 3, 6, 9, 30, tzinfo=dt.UTC)
    escalate(subject_id=pack.pk, now=NOW + dt.timedelta(days=4))
    assert item(pack).role == "RCH"
    with pytest.raises(RuleBroken, match="Nobody stands above"):
        making.decide(bank, pack, "pass_up", by="centre")
    escalate(subject_id=pack.pk, now=NOW + dt.timedelta(days=9))
    assert item(pack).role == "RCH"


def test_a_pack_that_does_not_wait_is_not_endorsed(bank):
    pack, _seal = making.endorsed(bank)
    with pytest.raises(NotAllowed, match="does not wait"):
        making.decide(bank, pack)


def test_a_decided_pack_is_not_submitted(bank):
    pack = making.ready(bank)
    Pack.objects.filter(pk=pack.pk).update(state=State.CANCELLED)
    with pytest.raises((NotAllowed, InvalidTransition)):
        submit(bank, pack)


def test_the_page_names_what_stands_in_the_way_and_the_approvals_inbox_decides(bank, browse):
    pack = memos.writing(bank, amount="8000000")
    html = browse(bank.rm).get(f"/credit/packs/{pack.pk}/").content.decode()
    assert "Hand off to credit" in html
    assert "The application is not attested." in html
    making.visited(bank, pack)
    making.papers_ready(bank, pack)
    memos.attested(bank, pack)
    browser = browse(fresh(bank.rm))
    assert browser.get(f"/credit/packs/{pack.pk}/submit/").status_code == 200
    assert browser.post(f"/credit/packs/{pack.pk}/submit/", {"submission": "a" * 32}).status_code == 302
    head = browse(fresh(bank.head))
    page = head.get(f"/approvals/{item(pack).pk}/").content.decode()
    assert "Trust receipt" in page
    answer = head.post(f"/approvals/{item(pack).pk}/", {"act": "endorse", "view": "Seen it.", "submission": "b" * 32})
    assert answer.status_code == 302, answer.content.decode()[:1500]
    assert Pack.objects.get(pk=pack.pk).state == State.HANDED_OFF
    html = browse(fresh(bank.analyst)).get(f"/credit/packs/{pack.pk}/").content.decode()
    assert "Endorsed by" in html
    assert "Seen it." in html


def test_who_wrote_a_section_stays_its_writer_when_somebody_writes_over_it(bank):
    pack = memos.writing(bank)
    row = memos.section(base.draft(pack), 2)
    memos.write(bank, row, "By the head", by="head")
    memos.write(bank, Section.objects.get(pk=row.pk), "By the manager")
    memos.write(bank, Section.objects.get(pk=row.pk), "By the manager", by="centre", done=False)
    version = base.draft(pack)
    assert Section.objects.get(pk=row.pk).written_by == bank.rm
    assert writers_of(version) == {bank.rm.pk, bank.head.pk}
    assert selectors.endorsing_role(pack, 1, 20_000_000, {bank.rm.pk}, NOW) == "TH"
    assert selectors.endorsing_role(pack, 1, 20_000_000, writers_of(version), NOW) == "RCH"


@pytest.mark.parametrize(("confirmed_on", "expected"), [
    (None, ["The group’s tree is not confirmed."]),
    (dt.date(2025, 3, 4), ["The group’s tree is not confirmed."]),
    (dt.date(2025, 3, 5), []),
])  # fmt: skip
def test_the_tree_of_the_group_was_confirmed_within_twelve_months(bank, confirmed_on, expected):
    pack = making.ready(bank)
    tree = CompanyGroup.objects.create(name_en="Golden Hill Group", confirmed_on=confirmed_on)
    Company.objects.filter(pk=pack.company_id).update(group=tree)
    assert reasons(Pack.objects.get(pk=pack.pk)) == expected


def test_what_was_to_be_done_about_the_version_before_is_dropped(bank):
    pack, _seal = making.endorsed(bank)
    reviews.assign(pack_id=pack.pk, analyst_id=bank.analyst.pk, actor=fresh(bank.analyst), now=NOW)
    reviews.rate(pack_id=pack.pk, rating="R2", reason="Steady margins", actor=bank.analyst, now=NOW)
    decisions.route(pack_id=pack.pk, is_connected=False, exception="", actor=bank.analyst, now=NOW)
    assert WorkItem.objects.open().filter(kind="credit_decision", subject_id=pack.pk).exists()
    packs.open_version(pack_id=pack.pk, reason="A newer valuation", actor=bank.rm, now=NOW)
    assert WorkItem.objects.open().filter(kind="credit_decision", subject_id=pack.pk).exists()
    making.papers_ready(bank, pack)
    memos.services.attest(pack_id=pack.pk, none_known=False, actor=bank.rm, now=NOW)
    submit(bank, pack)
    assert set(WorkItem.objects.open().filter(subject_id=pack.pk).values_list("kind", flat=True)) == {"pack_endorse"}
