"""Clients with live credit are handed over by a list that three people sign; others are given by their head (domain 2.4, 7.7)."""

import datetime as dt
import io

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from pypdf import PdfReader

from credit.accountability import services as duties
from credit.accountability.models import DutyFile
from credit.handovers import parts, services
from credit.handovers.contributions import _unsigned
from credit.handovers.models import Handover, Signature
from credit.risk import services as risk
from crm.clients import services as clients
from crm.clients.models import Client
from crm.companies.models import Coverage
from crm.kernel import todo
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import TimelineRow, WorkItem
from crm.staff.models import Post
from tests.cast import NOW, fresh
from tests.companies.making import ask
from tests.credit.monitoring import making, promising
from tests.credit.monitoring.test_accountability import DAY
from tests.prospects.deals import making as dealing

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(bank):
    return making.client(bank)


@pytest.fixture
def live(bank, client):
    return making.pack_in(bank, client, "available")


@pytest.fixture
def handover(bank, client, live):
    making.flag(bank, client, "RF-10")
    making.flag(bank, client, "RF-03", by="compliance")
    due = NOW + 3 * DAY
    todo.add_task(actor=fresh(bank.rm), now=NOW, title="Send the fee sheet", due_at=due, company_id=client.company_id)
    return begun(bank, client)


def begun(bank, client, by="rm", to="rm2", witness="head", now=NOW):
    told = {"incoming_id": bank.people[to].pk, "witness_id": bank.people[witness].pk, "reason": "Moves to Shatin"}
    return services.begin_handover(client_id=client.pk, actor=fresh(bank.people[by]), now=now, **told)


def signed(bank, handover, who, now=NOW + DAY, **values):
    return services.sign(handover_id=handover.pk, actor=fresh(bank.people[who]), now=now, **values)


def given(bank, client, by="head", to="rm2", reason="Balance of books"):
    return clients.transfer_client(client_id=client.pk, owner_id=bank.people[to].pk, reason=reason, actor=fresh(bank.people[by]), now=NOW)


def labels(handover):
    return {section["code"]: [row["label"] for row in section["rows"]] for section in handover.told["sections"] if section["rows"]}


def test_a_client_without_credit_is_given_by_its_head_with_what_hangs_on_it(bank, client):
    todo.add_task(actor=fresh(bank.rm), now=NOW, title="Call", due_at=NOW + DAY, company_id=client.company_id)
    making.flag(bank, client, "RF-10")
    given(bank, client)
    client.refresh_from_db()
    assert (client.owner, client.team) == (bank.rm2, bank.team)
    rows = Coverage.objects.filter(company=client.company, kind="client").order_by("from_at").values_list("owner", "to_at")
    assert list(rows) == [(bank.rm.pk, NOW), (bank.rm2.pk, None)]
    assert set(WorkItem.objects.open().filter(company=client.company).values_list("assignee", flat=True)) == {bank.rm2.pk}
    assert not TimelineRow.objects.filter(company=client.company, owner=bank.rm).exists()


@pytest.mark.parametrize(
    ("values", "said"), [({"reason": " "}, "Say why"), ({"to": "outsider"}, "centre"), ({"to": "co1"}, "relationship manager")]
)
def test_a_plain_transfer_needs_a_reason_and_a_manager_of_the_centre(bank, client, values, said):
    with pytest.raises(RuleBroken, match=said):
        given(bank, client, **values)


def test_a_manager_does_not_give_a_client_away(bank, client):
    with pytest.raises(NotAllowed, match="head of its team or centre"):
        given(bank, client, by="rm")


def test_with_live_credit_a_plain_transfer_is_refused_with_its_reason(bank, client, live):
    with pytest.raises(NotAllowed, match="list that three people sign"):
        given(bank, client)


def test_the_list_names_all_that_is_open_and_nothing_that_is_hushed(bank, handover, live):
    told = labels(handover)
    assert any("Send the fee sheet" in label for label in told["work"])
    assert [label[:5] for label in told["flags"]] == ["RF-10"]
    assert told["packs"] == [f"{live.number} · HKD 30,000,000"]
    assert "RF-03" not in handover.content


def test_the_client_moves_with_the_third_signature_and_not_before(bank, handover, live):
    duties.open_file(pack_id=live.pk, now=NOW)
    for who in ("rm", "head"):
        signed(bank, handover, who)
    assert Client.objects.get().owner == bank.rm
    signed(bank, handover, "rm2")
    handover.refresh_from_db()
    live.refresh_from_db()
    assert (handover.state, Client.objects.get().owner, live.owner) == ("done", bank.rm2, bank.rm2)
    assert WorkItem.objects.open().get(title="Send the fee sheet").assignee == bank.rm2
    assert not WorkItem.objects.open().filter(kind="handover_sign").exists()
    assert DutyFile.objects.get().originator == bank.rm  # responsible for the origination, whoever looks after the client
    assert list(_unsigned()) == []


def test_nobody_signs_twice_nor_for_another(bank, handover):
    signed(bank, handover, "rm")
    with pytest.raises(NotAllowed, match="has signed"):
        signed(bank, handover, "rm")
    with pytest.raises(NotAllowed, match="takes over and the witness sign"):
        signed(bank, handover, "centre")
    with pytest.raises(Handover.DoesNotExist):
        signed(bank, handover, "outsider")


@pytest.mark.parametrize(
    ("values", "field"), [({"to": "outsider"}, "incoming"), ({"witness": "rm2"}, "witness"), ({"witness": "outhead"}, "witness")]
)
def test_three_different_people_of_the_unit_make_a_handover(bank, client, live, values, field):
    with pytest.raises(RuleBroken) as refused:
        begun(bank, client, **values)
    assert field in refused.value.fields


def test_only_the_manager_and_the_heads_begin_and_one_at_a_time(bank, client, handover):
    with pytest.raises(Client.DoesNotExist):
        begun(bank, client, by="sibling")
    with pytest.raises(NotAllowed, match="open already"):
        begun(bank, client, by="head")


def test_what_came_up_since_stops_the_signing_until_the_list_is_made_anew(bank, client, handover):
    signed(bank, handover, "rm")
    making.flag(bank, client, "RF-12", now=NOW + DAY)
    with pytest.raises(RuleBroken, match="RF-12") as refused:
        signed(bank, handover, "head", now=NOW + 2 * DAY)
    assert refused.value.code == "changed"
    services.renew_list(handover_id=handover.pk, actor=fresh(bank.rm2), now=NOW + 2 * DAY)
    for who in ("head", "rm2"):
        signed(bank, handover, who, now=NOW + 2 * DAY)
    assert Client.objects.get().owner == bank.rm  # who signed the list before signs again
    signed(bank, handover, "rm", now=NOW + 2 * DAY)
    assert Client.objects.get().owner == bank.rm2


def test_what_was_done_since_stops_nobody(bank, handover):
    item = WorkItem.objects.open().get(title="Send the fee sheet")
    todo.complete_task(item_id=item.pk, actor=fresh(bank.rm), now=NOW + DAY)
    assert signed(bank, handover, "rm")


def test_the_head_signs_in_the_place_of_who_has_left_with_a_reason(bank, client, live):
    handover = begun(bank, client, by="head", witness="arm")
    with pytest.raises(NotAllowed, match="witness sign"):
        signed(bank, handover, "head", reason="Left in February")
    Post.objects.filter(user=bank.rm).update(to_at=NOW)
    with pytest.raises(RuleBroken, match="Say why"):
        signed(bank, handover, "head")
    assert signed(bank, handover, "head", reason="Left in February").side == "out"
    signed(bank, handover, "arm")
    signed(bank, handover, "rm2")
    assert Client.objects.get().owner == bank.rm2


def test_a_handover_is_dropped_with_a_reason_by_who_began_it(bank, handover):
    with pytest.raises(NotAllowed, match="began it"):
        services.drop_handover(handover_id=handover.pk, reason="No", actor=fresh(bank.rm2), now=NOW)
    with pytest.raises(RuleBroken):
        services.drop_handover(handover_id=handover.pk, reason=" ", actor=fresh(bank.rm), now=NOW)
    services.drop_handover(handover_id=handover.pk, reason="He stays", actor=fresh(bank.rm), now=NOW)
    with pytest.raises(NotAllowed, match="has ended"):
        signed(bank, handover, "rm")
    assert not WorkItem.objects.open().filter(kind="handover_sign").exists()


def test_the_database_keeps_signatures_and_what_is_done(bank, handover):
    for who in ("rm", "head", "rm2"):
        signed(bank, handover, who)
    changes = (
        lambda: Signature.objects.update(reason="x"),
        lambda: Handover.objects.update(content="{}"),
        lambda: Handover.objects.all()._raw_delete("default"),
    )
    for change in changes:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_the_page_shows_the_list_and_is_signed_there_and_the_pdf_names_the_signers(bank, handover, browse):
    page = reverse("handovers:handover_detail", args=[handover.pk])
    told = browse(bank.rm2).get(page).content.decode()
    assert "Send the fee sheet" in told
    assert reverse("handovers:sign", args=[handover.pk]) in told
    sent = {"submission": "6f9619ff-8b86-4d01-b42d-00c04fc964ff", "reason": ""}
    assert browse(bank.rm2).post(reverse("handovers:sign", args=[handover.pk]), sent).status_code == 302
    answer = browse(bank.head).get(reverse("handovers:list_pdf", args=[handover.pk]), {"language": "zh-hant"})
    text = "\n".join(one.extract_text() for one in PdfReader(io.BytesIO(answer.content)).pages)
    assert handover.number in text
    assert bank.rm2.name in text
    assert "Send the fee sheet" in text


def test_the_list_of_handovers_costs_few_statements(bank, handover, browse, django_assert_max_num_queries):
    browser = browse(bank.head)
    browser.get("/")
    with django_assert_max_num_queries(12):
        assert handover.number in browser.get(reverse("handovers:handover_list")).content.decode()


def test_the_api_signs(bank, handover):
    assert ask(bank.rm2, f"credit-handovers/{handover.pk}/sign", {"reason": ""}).json()["signatures"][0]["side"] == "in"
    assert ask(bank.outsider, f"credit-handovers/{handover.pk}").status_code == 404


def test_the_api_begins_makes_the_list_anew_and_drops_once_each(bank, client, live):
    told = {"client_id": client.pk, "incoming_id": bank.rm2.pk, "witness_id": bank.head.pk, "reason": "Moves to Shatin"}
    for _turn in range(2):
        answer = ask(bank.rm, "credit-handovers", told, **{"Idempotency-Key": "begin-1"})
        assert (answer.status_code, answer.json()["state"], answer.json()["witness"]) == (201, "open", "head")
    made = Handover.objects.get()
    assert ask(bank.sibling, "credit-handovers", told).status_code == 404
    assert ask(bank.head, "credit-handovers", told).status_code == 403  # one at a time
    making.flag(bank, client, "RF-12", now=NOW + DAY)
    again = ask(bank.rm2, f"credit-handovers/{made.pk}/renew", {})
    assert again.status_code == 200
    assert "RF-12" in str(again.json()["sections"])
    assert ask(bank.rm2, f"credit-handovers/{made.pk}/drop", {"reason": "No"}).status_code == 403
    dropped = ask(bank.rm, f"credit-handovers/{made.pk}/drop", {"reason": "He stays"})
    assert (dropped.status_code, dropped.json()["state"]) == (200, "dropped")


def test_covenants_stand_on_the_list_and_one_that_falls_due_since_stops_the_signing(bank):
    pack = promising.live(bank)
    promising.opened(bank, pack)
    later = promising.in_force(bank, pack, promising.undertaking(first_on=dt.date(2026, 6, 30)))
    client = pack.company.client
    handover = begun(bank, client, witness="centre", now=promising.at(dt.date(2026, 4, 2)))
    rows = next(section["rows"] for section in handover.told["sections"] if section["code"] == "covenants")
    assert [(row["due_on"], row["note"]) for row in rows] == [("2026-04-30", "waiting"), ("2026-06-30", "next")]
    assert rows[0]["label"].startswith(f"{pack.number} · Gearing")
    signed(bank, handover, "rm", now=promising.at(dt.date(2026, 4, 3)))
    promising.night(dt.date(2026, 6, 30))
    assert later.tests.exists()
    with pytest.raises(RuleBroken, match="Negative pledge"):
        signed(bank, handover, "rm2", now=promising.at(dt.date(2026, 7, 2)))
    services.renew_list(handover_id=handover.pk, actor=fresh(bank.rm), now=promising.at(dt.date(2026, 7, 2)))
    for who in ("rm", "rm2", "centre"):
        signed(bank, handover, who, now=promising.at(dt.date(2026, 7, 3)))
    client.refresh_from_db()
    assert client.owner == bank.rm2
    assert set(WorkItem.objects.open().filter(kind="covenant_paper").values_list("assignee", flat=True)) == {bank.rm2.pk}


def test_pursuits_and_proposed_classes_stand_on_the_list(bank, client, live):
    dealing.on_company(fresh(bank.rm), client.company, kind="existing", need="A longer line")
    standing = making.standing(bank, client)
    risk.propose(standing_id=standing.pk, loan_class=1, grade=3, reason="Low debt", actor=fresh(bank.rm), now=NOW)
    rows = {section["code"]: [(row["label"], row["note"]) for row in section["rows"]] for section in begun(bank, client).told["sections"]}
    assert rows["deals"] == [("INBOUND · A longer line", "S0")]
    assert rows["classes"] == [("Pass", "proposed")]


def test_every_section_of_the_list_has_a_source(bank, handover):
    assert {section["code"] for section in handover.told["sections"]} == {source.code for source in parts.sources()}
