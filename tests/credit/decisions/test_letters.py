"""The facility letter: told from the decision alone, drawn up by one and sent by another, kept for ever (domain 1.3 rule 1, 6.8 row 15)."""

import datetime as dt
import hashlib
import io

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from credit.decisions import services, terms
from credit.decisions.models import FacilityLetter
from credit.packs.choices import State
from credit.packs.parts import HandoffCheck
from crm.kernel.contributions import Invariant, of
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.files import StoredFile
from crm.kernel.worklist import WorkItem
from crm.notifications.models import Notification
from crm.papers.models import PaperRefusal
from crm.papers.services import PaperRefused
from crm.staff.services import create_token
from tests.cast import NOW
from tests.credit import deciding, making, reviewing
from tests.papers import making as papers

BODY = """{{ date }}

{{ company_name }}

{{ salutation }}

{{ facilities }}

{{ conditions_before }}

{{ conditions_after }}

{{ reference }}: {{ valid_until }}

{{ sender_name }}"""


def template(bank, **changes):
    texts = {
        f"{part}_{ending}": text for ending in ("en", "hant", "hans") for part, text in (("subject", "Your facilities"), ("body", BODY))
    }
    return papers.template(bank.editor, "facility", context="facility_letter", **texts | changes)


def approved(bank, *, conditions=(), **values):
    """Approved by the first approver, of a facility with a price and a purpose."""
    pack = reviewing.in_review(bank, amount="1500000", **values)
    reviewing.rated(bank, pack, "R3")
    services.route(pack_id=pack.pk, is_connected=False, exception="", actor=bank.analyst, now=NOW)
    for condition in conditions:
        deciding.condition(bank, pack, **condition)
    deciding.decide(bank, pack)
    return pack


def draw(bank, pack, language="en", by="cad", of=None, now=NOW):
    of = of or template(bank)
    return services.draw_letter(pack_id=pack.pk, template_id=of.pk, language=language, actor=bank.people[by], now=now)


def text_of(letter) -> str:
    with letter.file.open() as file:
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(file.read())).pages)


@pytest.fixture
def headed(bank):
    papers.letterhead(bank.units["head_office"] if "head_office" in bank.units else bank.post("rm").unit.centre, bank.editor)
    return bank


def test_a_letter_tells_what_was_decided_and_nothing_that_was_asked_or_thought(headed):
    bank = headed
    conditions = (
        {"text": "Guarantee of the owner signed"},
        {"kind": "subsequent", "text": "Accounts of 2025", "due_on": dt.date(2026, 9, 30), "type": "financial"},
    )
    pack = approved(bank, conditions=conditions)
    letter = draw(bank, pack)
    said = text_of(letter)
    for words in (
        "1. Trust receipt: HK$ 1,500,000.00, for 12 months",
        "Before the facilities may be drawn:",
        "- Guarantee of the owner signed",
        "- Accounts of 2025 (by 30 September 2026)",
        f"{pack.number}: 2 June 2026",
    ):
        assert words in said, (words, said)
    for never in ("Stock for the season", "Cash flow covers it twice", "R3", "Steady margins", "CO1", "Credit approver"):
        assert never not in said + letter.body
    assert letter.terms["facilities"][0]["amount"] == "1500000.00"
    with letter.file.open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == letter.sha256
    assert WorkItem.objects.open().get(kind="credit_letter").role == "CAD"


@pytest.mark.parametrize(("language", "words"), [("zh-hant", "信託收據"), ("zh-hans", "信托收据")])
def test_a_letter_is_written_in_the_clients_language(headed, language, words):
    letter = draw(headed, approved(headed), language)
    assert words in letter.body
    assert words in text_of(letter).replace("\n", "")


def test_prices_are_told_as_they_were_decided(bank):
    pack = making.pack(bank)
    making.facility(bank, pack, "OD", "2000000", margin_bps=175, base_rate="HIBOR", fee="0.5% on drawing", repayment="On demand")
    making.facility(bank, pack, "TL", "1000000", margin_bps=-25, base_rate="Prime")
    rows = terms.terms_of(_decided(pack))["facilities"]
    told = terms.facilities({"facilities": rows})
    assert "Interest: 1.75% a year over HIBOR" in told
    assert "Fees: 0.5% on drawing" in told
    assert "Repayment: On demand" in told
    assert "Uncommitted: we may ask for repayment at any time" in told
    assert "Interest: 0.25% a year below Prime" in told
    assert "Stock for the season" not in told


def _decided(pack):
    class Decision:
        version_read = making.draft(pack)
        conditions: list[dict] = []
        valid_until = None

    decision = Decision()
    decision.pack = pack
    return decision


def test_who_draws_up_and_who_sends_are_two_of_credit_administration(headed):
    bank = headed
    pack, of = approved(bank), template(bank)
    for name in ("rm", "analyst", "co1", "head"):
        with pytest.raises(NotAllowed, match="Credit administration"):
            draw(bank, pack, by=name, of=of)
    with pytest.raises(NotAllowed, match="Draw up the facility letter first"):
        services.offer(pack_id=pack.pk, actor=bank.cad, now=NOW)
    letter = draw(bank, pack, of=of)
    with pytest.raises(NotAllowed, match="second person of credit administration sends"):
        services.offer(pack_id=pack.pk, actor=bank.cad, now=NOW)
    assert not FacilityLetter.objects.visible_to(bank.rm).exists()
    services.offer(pack_id=pack.pk, actor=bank.cad2, now=NOW)
    pack.refresh_from_db()
    event = pack.events.get(act="offer")
    assert (pack.state, event.values) == (State.OFFERED, {"letter": letter.pk, "sha256": letter.sha256})
    assert FacilityLetter.objects.visible_to(bank.rm).get() == letter
    assert not WorkItem.objects.open().filter(kind="credit_letter").exists()
    assert Notification.objects.get(kind="credit_letter").user == bank.rm
    with pytest.raises(NotAllowed, match="does not stand there"):
        draw(bank, pack, by="cad2", of=of)


def test_nothing_is_drawn_up_without_a_template_a_letterhead_or_a_valid_approval(bank):
    pack, of = approved(bank), template(bank)
    with pytest.raises(RuleBroken, match="No letterhead"):
        draw(bank, pack, of=of)
    with pytest.raises(RuleBroken, match="No facility letter is published"):
        draw(bank, pack, "fr", of=of)
    with pytest.raises(RuleBroken, match="not valid any more"):
        draw(bank, pack, of=of, now=NOW + dt.timedelta(days=91))
    assert not FacilityLetter.objects.exists()


def test_what_no_client_may_read_is_refused_before_it_is_decided(bank):
    pack = deciding.up(bank)
    for words in ("Approved by the credit committee", "Only while the client is R3", "內部評級不變", "Within the concession authority"):
        with pytest.raises(RuleBroken) as refused:
            deciding.condition(bank, pack, text=words)
        assert "text" in refused.value.fields
    deciding.condition(bank, pack, text="Deed in room R3b of the Land Registry")


def test_a_letter_that_would_tell_a_risk_class_is_refused_and_stands_on_the_trail(headed):
    bank = headed
    pack = approved(bank)
    of = template(bank, body_en="Your class is R3. {{ facilities }}")
    with pytest.raises(PaperRefused, match="which is a risk class of the bank"):
        draw(bank, pack, of=of)
    assert PaperRefusal.objects.get().what == "R3"
    with pytest.raises(PaperRefused):
        template(bank, body_en="{{ level }} {{ facilities }}")


def test_the_words_of_a_facility_are_checked_before_the_seal(bank):
    pack = making.in_docs(bank)
    making.facility(bank, pack, "OD", "1000000", fee="Waived within my limit")
    version = making.draft(pack)
    version.pack = pack
    check = next(one for one in of(HandoffCheck) if one.code == "letter_words")
    (obstacle,) = check.obstacles(version, NOW)
    assert "within my limit" in str(obstacle.detail)


def test_a_letter_is_never_changed_and_a_change_of_its_file_is_found(headed):
    bank = headed
    pack = approved(bank)
    letter = draw(bank, pack)
    services.offer(pack_id=pack.pk, actor=bank.cad2, now=NOW)
    check = next(one for one in of(Invariant) if one.code == "decisions.letters")
    assert list(check.broken()) == []
    for values in ({"body": "Other"}, {"terms": {}}, {"sha256": "0" * 64}):
        with pytest.raises(DatabaseError), transaction.atomic():
            FacilityLetter.objects.filter(pk=letter.pk).update(**values)
    with pytest.raises(DatabaseError), transaction.atomic():
        FacilityLetter.objects.filter(pk=letter.pk)._raw_delete("default")
    path = StoredFile.objects.get(pk=letter.file_id).path
    path.write_bytes(b"another letter")
    assert "gone or changed" in "".join(check.broken())


def test_a_letter_is_drawn_up_sent_and_taken_from_the_page(headed, browse):
    bank = headed
    pack, of = approved(bank), template(bank)
    page = reverse("packs:pack_detail", args=[pack.pk])
    first, second, manager = browse(bank.cad), browse(bank.cad2), browse(bank.rm)
    assert "Draw up the facility letter first." in first.get(page).content.decode()
    answer = first.post(reverse("decisions:draw_letter", args=[pack.pk]), {"template": of.pk, "language": "zh-hant"})
    assert answer.status_code == 302, answer.content.decode()
    letter = FacilityLetter.objects.get()
    taken = reverse("decisions:letter_pdf", args=[letter.pk])
    assert manager.get(taken).status_code == 404
    assert taken not in manager.get(page).content.decode()
    second.post(reverse("decisions:offer", args=[pack.pk]))
    assert taken in manager.get(page).content.decode()
    got = manager.get(taken)
    assert (got.status_code, got["Content-Type"]) == (200, "application/pdf")
    assert hashlib.sha256(got.content).hexdigest() == letter.sha256
    assert browse(bank.rm2).get(taken).status_code == 404


def test_the_letters_of_a_pack_and_their_files_are_read_through_the_api_by_those_who_see_them(headed):
    bank = headed
    pack = approved(bank)
    letter = draw(bank, pack)
    told = {name: {"Authorization": f"Bearer {create_token(user=bank.people[name])}"} for name in ("rm", "cad", "rm2")}
    listed, taken = f"/api/v1/credit-decisions/packs/{pack.pk}/letters", f"/api/v1/credit-decisions/letters/{letter.pk}/pdf"
    client = Client()
    assert client.get(listed, headers=told["rm"]).json()["letters"] == []
    assert client.get(taken, headers=told["rm"]).status_code == 404
    assert client.get(listed, headers=told["cad"]).json()["letters"][0]["sent_at"] is None
    services.offer(pack_id=pack.pk, actor=bank.cad2, now=NOW)
    [row] = client.get(listed, headers=told["rm"]).json()["letters"]
    assert (row["id"], row["sha256"], row["sent_at"]) == (letter.pk, letter.sha256, "2026-03-04T02:00:00Z")
    got = client.get(taken, headers=told["rm"])
    assert hashlib.sha256(got.content).hexdigest() == letter.sha256
    assert got["Content-Disposition"].startswith("attachment")
    assert client.get(listed, headers=told["rm2"]).status_code == client.get(taken, headers=told["rm2"]).status_code == 404
