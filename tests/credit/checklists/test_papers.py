"""Papers received, checked by a second person, waived, left out; what stands in the way of the handoff (domain 6.3, 6.4, 6.7)."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from credit.checklists import parts, selectors, services
from credit.checklists.choices import ChecklistWork, ItemState, WaiverState
from credit.checklists.models import ChecklistItem, Document, Waiver
from credit.checklists.services import Received
from credit.packs import services as packs
from credit.packs.choices import State
from credit.packs.models import PackVersion
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.models import StoredFile, WorkItem
from tests.cast import NOW, fresh
from tests.credit import filing, making

TODAY = filing.TODAY


def loaded(pack) -> PackVersion:
    return PackVersion.objects.select_related("pack__centre").get(pk=making.draft(pack).pk)


def test_one_document_stands_for_several_papers_and_they_wait_for_a_second_person(bank):
    pack = making.in_docs(bank)
    [document] = filing.receive(bank, pack, "H10", "H11", on=dt.date(2026, 1, 31))
    assert {use.item.code for use in document.uses.all()} == {"H10", "H11"}
    accounts, management = filing.item(pack, "H10"), filing.item(pack, "H11")
    assert (accounts.state, accounts.received_by, accounts.valid_until) == (ItemState.RECEIVED, bank.rm, None)
    assert management.valid_until == dt.date(2026, 7, 30)


def test_the_same_content_again_is_the_document_that_is_there(bank):
    pack = making.in_docs(bank)
    first, second = filing.receive(bank, pack, "H10")[0], filing.receive(bank, pack, "H13")[0]
    assert first == second
    assert Document.objects.count() == 1


def test_who_received_a_paper_does_not_check_it(bank):
    pack = making.in_docs(bank)
    filing.receive(bank, pack, "H10")
    with pytest.raises(NotAllowed, match="second person"):
        filing.check(bank, pack, "H10", by="rm")
    filing.check(bank, pack, "H10", by="rm2")
    item = filing.item(pack, "H10")
    assert (item.state, item.checked_by, item.original_sighted) == (ItemState.CHECKED, bank.rm2, True)
    with pytest.raises(DatabaseError), transaction.atomic():
        ChecklistItem.objects.filter(pk=item.pk).update(checked_by=bank.rm)


def test_a_colleague_of_the_team_sees_a_paper_only_while_it_waits_to_be_checked(bank):
    pack = making.in_docs(bank)
    [document] = filing.receive(bank, pack, "H10")
    mate, stranger = fresh(bank.rm2), fresh(bank.sibling)
    assert [item.code for item in ChecklistItem.objects.visible_to(mate)] == ["H10"]
    assert list(Document.objects.visible_to(mate)) == [document]
    assert not ChecklistItem.objects.visible_to(stranger).exists()
    assert not Document.objects.visible_to(stranger).exists()
    filing.check(bank, pack, "H10")
    assert not ChecklistItem.objects.visible_to(mate).exists()
    assert not Document.objects.visible_to(mate).exists()


def test_a_paper_that_is_too_old_is_not_checked(bank):
    pack = making.in_docs(bank)
    filing.receive(bank, pack, "H06", on=TODAY - dt.timedelta(days=31))
    with pytest.raises(RuleBroken, match="too old"):
        filing.check(bank, pack, "H06")


def test_a_paper_that_is_sent_back_is_asked_for_again_with_the_reason(bank):
    pack = making.in_docs(bank)
    filing.receive(bank, pack, "H10")
    item = filing.item(pack, "H10")
    with pytest.raises(RuleBroken, match="Say why"):
        services.send_back_paper(item_id=item.pk, reason="", actor=bank.head, now=NOW)
    services.send_back_paper(item_id=item.pk, reason="Pages 4 to 9 are missing", actor=bank.head, now=NOW)
    item.refresh_from_db()
    assert (item.state, item.reason) == (ItemState.REQUESTED, "Pages 4 to 9 are missing")


def test_a_newer_paper_wipes_the_check_of_the_older_one(bank):
    pack = making.in_docs(bank)
    filing.receive(bank, pack, "H10")
    filing.check(bank, pack, "H10")
    filing.receive(bank, pack, "H10", name="newer.pdf")
    item = filing.item(pack, "H10")
    assert (item.state, item.checked_by, item.original_sighted) == (ItemState.RECEIVED, None, False)


def test_a_document_taken_away_leaves_its_papers_missing(bank):
    pack = making.in_docs(bank)
    [document] = filing.receive(bank, pack, "H10", "H11")
    filing.receive(bank, pack, "H11", name="other.pdf")
    services.remove_document(document_id=document.pk, actor=bank.rm, now=NOW)
    assert filing.item(pack, "H10").state == ItemState.MISSING
    assert filing.item(pack, "H11").state == ItemState.RECEIVED


def test_a_document_that_is_there_stands_for_further_papers(bank):
    pack = making.in_docs(bank)
    [document] = filing.receive(bank, pack, "H10")
    services.use_document(document_id=document.pk, item_ids=[filing.item(pack, "H13").pk], actor=bank.rm, now=NOW)
    assert filing.item(pack, "H13").state == ItemState.RECEIVED


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"file_ids": ()}, "files"),
        ({"item_ids": ()}, "items"),
        ({"item_ids": (1,)}, "items"),
        ({"dated_on": TODAY.replace(year=2027)}, "dated_on"),
    ],
)
def test_what_cannot_be_filed_says_where(bank, change, field):
    pack = making.in_docs(bank)
    given = {"file_ids": (filing.stored(bank, pack),), "item_ids": (filing.item(pack, "H10").pk,), "dated_on": TODAY} | change
    with pytest.raises(RuleBroken) as refused:
        services.receive_papers(pack_id=pack.pk, received=Received(**given), actor=bank.rm, now=NOW)
    assert field in refused.value.fields


def test_another_persons_file_is_not_found(bank):
    pack = making.in_docs(bank)
    file_id = filing.stored(bank, pack, by="head")
    with pytest.raises(StoredFile.DoesNotExist):
        services.receive_papers(
            pack_id=pack.pk, received=Received((file_id,), (filing.item(pack, "H10").pk,), TODAY), actor=bank.rm, now=NOW
        )


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("locked.pdf", filing.pdf(password="secret"), "encrypted_pdf"),
        ("broken.pdf", b"%PDF-1.7\nnothing of a file", "broken_pdf"),
        ("cut.pdf", filing.pdf()[:200], "broken_pdf"),
        ("photo.jpg", b"MZ\x90\x00 this program cannot be run", "file_type"),
        ("run.exe", b"MZ\x90\x00", "file_type"),
        ("page.html", b"<script>alert(1)</script>", "file_type"),
        ("photo.svg", b"<svg/>", "file_type"),
    ],
)
def test_a_file_that_is_not_what_it_says_or_cannot_be_opened_is_refused_with_the_reason(bank, name, content, code):
    pack = making.in_docs(bank)
    with pytest.raises(RuleBroken) as refused:
        services.receive_file(SimpleUploadedFile(name, content), pack=pack, actor=bank.rm, now=NOW)
    assert refused.value.code == code
    assert refused.value.fields["files"]
    assert not StoredFile.objects.exists()


def test_a_file_above_the_size_of_the_policy_is_refused_before_it_is_read(bank):
    pack = making.in_docs(bank)
    upload = filing.upload()
    upload.size = 1024**3
    with pytest.raises(RuleBroken, match="larger than 30 MB"):
        services.receive_file(upload, pack=pack, actor=bank.rm, now=NOW)


def test_a_name_with_paths_and_controls_is_tidied(bank):
    pack = making.in_docs(bank)
    upload = filing.upload()
    upload._name = "../../etc/pass\x00wd\u202e.pdf"
    stored = services.receive_file(upload, pack=pack, actor=bank.rm, now=NOW)
    assert stored.name == "passwd.pdf"


def test_a_head_grants_a_waiver_and_it_runs_out(bank):
    pack = making.in_docs(bank)
    item = filing.item(pack, "H16")
    waiver = services.ask_waiver(item_id=item.pk, until=dt.date(2026, 3, 31), reason="One bank is late", actor=bank.rm, now=NOW)
    work = WorkItem.objects.get(kind=ChecklistWork.WAIVE)
    assert (waiver.level, work.role, work.unit) == ("TH", "TH", bank.team)
    services.decide_waiver(waiver_id=waiver.pk, act="approve", actor=bank.head, now=NOW)
    item.refresh_from_db()
    assert (item.state, item.waived_by, item.waived_level) == (ItemState.WAIVED, bank.head, "TH")
    assert not WorkItem.objects.open().filter(kind=ChecklistWork.WAIVE).exists()
    codes = {one.code for one in selectors.open_required(loaded(pack), dt.date(2026, 3, 31))}
    assert "H16" not in codes
    assert "H16" in {one.code for one in selectors.open_required(loaded(pack), dt.date(2026, 4, 1))}


def test_who_asked_never_grants_and_neither_does_another_head_or_one_below(bank):
    pack = making.in_docs(bank)
    small, large = filing.item(pack, "H16"), filing.item(pack, "H10")
    until = dt.date(2026, 3, 31)
    first = services.ask_waiver(item_id=small.pk, until=until, reason="Late", actor=bank.rm, now=NOW)
    second = services.ask_waiver(item_id=large.pk, until=until, reason="Late", actor=bank.rm, now=NOW)
    assert (first.level, second.level) == ("TH", "RCH")
    with pytest.raises(NotAllowed, match="own waiver"):
        services.decide_waiver(waiver_id=first.pk, act="approve", actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed, match="head whom it was sent to"):
        services.decide_waiver(waiver_id=second.pk, act="approve", actor=bank.head, now=NOW)
    with pytest.raises(Waiver.DoesNotExist):
        services.decide_waiver(waiver_id=first.pk, act="approve", actor=bank.head2, now=NOW)
    services.decide_waiver(waiver_id=first.pk, act="approve", actor=bank.centre, now=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        services.decide_waiver(waiver_id=second.pk, act="refuse", actor=bank.centre, now=NOW)
    services.decide_waiver(waiver_id=second.pk, act="refuse", actor=bank.centre, now=NOW, note_text="Needed")
    second.refresh_from_db()
    assert second.state == WaiverState.REFUSED
    assert filing.item(pack, "H10").state == ItemState.MISSING
    with pytest.raises(NotAllowed, match="decided already"):
        services.decide_waiver(waiver_id=second.pk, act="approve", actor=bank.centre, now=NOW)


def test_some_papers_nobody_waives_and_no_waiver_runs_for_ever(bank):
    pack = making.in_docs(bank)
    with pytest.raises(NotAllowed, match="Nobody waives"):
        services.ask_waiver(item_id=filing.item(pack, "H23").pk, until=dt.date(2026, 3, 31), reason="x", actor=bank.rm, now=NOW)
    item = filing.item(pack, "H16")
    for until in (TODAY, TODAY + dt.timedelta(days=91)):
        with pytest.raises(RuleBroken, match="90 days at most"):
            services.ask_waiver(item_id=item.pk, until=until, reason="x", actor=bank.rm, now=NOW)
    services.ask_waiver(item_id=item.pk, until=TODAY + dt.timedelta(days=90), reason="x", actor=bank.rm, now=NOW)
    with pytest.raises(RuleBroken, match="asked for already"):
        services.ask_waiver(item_id=item.pk, until=TODAY + dt.timedelta(days=9), reason="x", actor=bank.rm, now=NOW)


def test_a_paper_that_comes_ends_the_waiver_that_was_asked_for(bank):
    pack = making.in_docs(bank)
    waiver = services.ask_waiver(item_id=filing.item(pack, "H16").pk, until=dt.date(2026, 3, 31), reason="x", actor=bank.rm, now=NOW)
    filing.receive(bank, pack, "H16")
    waiver.refresh_from_db()
    assert waiver.state == WaiverState.OVER
    assert not WorkItem.objects.open().filter(kind=ChecklistWork.WAIVE).exists()


def test_a_required_paper_is_not_left_out_and_another_is_with_a_reason(bank):
    pack = making.in_docs(bank)
    with pytest.raises(NotAllowed, match="Ask for a waiver"):
        services.leave_out(item_id=filing.item(pack, "H10").pk, reason="No", actor=bank.rm, now=NOW)
    item = filing.item(pack, "H22")
    services.leave_out(item_id=item.pk, reason="No licence is needed", actor=bank.rm, now=NOW)
    services.ask_again(item_id=item.pk, actor=bank.rm, now=NOW)
    item.refresh_from_db()
    assert item.state == ItemState.MISSING


def test_the_application_begins_once_eighty_per_cent_of_the_required_papers_are_in(bank):
    pack = making.in_docs(bank)
    wanted = filing.required(making.draft(pack))
    enough = -(-len(wanted) * 80 // 100)
    codes = [item.code for item in wanted]
    filing.receive(bank, pack, *codes[: enough - 1])
    with pytest.raises(RuleBroken, match=f"{enough - 1} of {len(codes)} required papers are in"):
        packs.start_writing(pack_id=pack.pk, actor=bank.rm, now=NOW)
    filing.receive(bank, pack, codes[enough - 1], name="one more.pdf")
    assert packs.start_writing(pack_id=pack.pk, actor=bank.rm, now=NOW).state == State.WRITING_A


def test_the_handoff_is_held_up_by_each_required_paper_that_is_not_checked_or_waived(bank):
    pack = making.in_docs(bank)
    filing.complete(bank, pack)
    assert parts.not_ready(loaded(pack), NOW) == []
    [late] = parts.not_ready(loaded(pack), NOW + dt.timedelta(days=31))
    assert "H06 expired" in late.detail
    filing.receive(bank, pack, "H10", name="newer.pdf")
    [obstacle] = parts.not_ready(loaded(pack), NOW)
    assert (obstacle.sentence, obstacle.detail, obstacle.url) == ("1 paper is not checked or waived", "H10", "#papers")


def test_the_papers_of_a_sealed_version_never_change_and_the_next_one_carries_them(bank):
    pack = making.in_docs(bank)
    making.party(bank, pack, person_name="Chan Tai Man")
    filing.complete(bank, pack)
    first = making.sealed(pack)
    kept = parts.content(PackVersion.objects.get(pk=first.pk))
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        ChecklistItem.objects.filter(version=first).update(reason="Slipped in")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Document.objects.filter(version=first).update(title="Slipped in")
    second = packs.open_version(pack_id=pack.pk, reason="Accounts replaced", actor=bank.rm, now=NOW)
    assert parts.content(PackVersion.objects.get(pk=second.pk)) == kept
    filing.receive(bank, pack, "H10", name="replaced.pdf")
    assert parts.content(PackVersion.objects.get(pk=first.pk)) == kept
    changed = parts.content(PackVersion.objects.get(pk=second.pk))
    assert len(changed["papers"]["H10"]["documents"]) == 2
    assert {document.code for document in parts.documents(PackVersion.objects.get(pk=second.pk))} == {"H10"} | {
        parts.documents(PackVersion.objects.get(pk=first.pk))[0].code
    }


def test_the_manager_is_reminded_once_of_papers_that_expire(bank):
    pack = making.in_docs(bank)
    filing.receive(bank, pack, "H06", on=TODAY)
    assert services.remind(now=NOW) == 0
    soon = NOW + dt.timedelta(days=25)
    assert services.remind(now=soon) == 1
    assert services.remind(now=soon) == 0
    work = WorkItem.objects.open().get(kind=ChecklistWork.EXPIRES)
    assert (work.assignee, work.due_at.date()) == (bank.rm, TODAY + dt.timedelta(days=30))
    filing.receive(bank, pack, "H06", on=TODAY + dt.timedelta(days=24), name="new search.pdf", now=soon)
    services.remind(now=soon)
    assert not WorkItem.objects.open().filter(kind=ChecklistWork.EXPIRES).exists()


def test_others_bring_no_papers(bank):
    pack = making.in_docs(bank)
    item = filing.item(pack, "H10")
    with pytest.raises(NotAllowed, match="Only its relationship manager"):
        services.request_papers(pack_id=pack.pk, item_ids=[item.pk], actor=bank.head, now=NOW)
    with pytest.raises(NotAllowed, match="check papers"):
        services.check_paper(item_id=item.pk, original_sighted=False, actor=bank.compliance, now=NOW)
    with pytest.raises(ChecklistItem.DoesNotExist):
        services.check_paper(item_id=item.pk, original_sighted=False, actor=bank.outsider, now=NOW)
