"""Letters: saving and rendering by the rules, the trail of refusals, the page of a relationship manager, who sees what."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from crm.companies import services as companies
from crm.companies.choices import AddressKind, ConsentBasis
from crm.companies.models import Contact
from crm.companies.rules import NewAddress
from crm.kernel import contributions
from crm.kernel.contributions import Invariant, PaperContext, PaperField, of, register
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.kernel.worklist import TimelineRow
from crm.papers.contributions import LETTER_FIELDS
from crm.papers.models import Letter, LetterTemplate, PaperRefusal
from crm.papers.services import LetterOrder, PaperRefused, write_letter
from crm.policy.models import Figure
from tests.cast import NOW
from tests.companies.making import browser, client_of, company, contact, covered, text
from tests.papers.making import letter, template

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def mill(bank):
    """A company that `rm` looks after."""
    return covered(bank, "Yuet Tat Textiles Limited", "粵達紡織有限公司")


def write(bank, to, **form):
    """Send the form of a letter as `rm`."""
    of = form.pop("of", None) or LetterTemplate.objects.get()
    who = browser(form.pop("by", bank.rm))
    return who.post(reverse("papers:letter_create", args=[to.pk]), {"template": of.pk, "language": "en"} | form)


def refused():
    return list(PaperRefusal.objects.order_by("pk").values_list("step", "kind", "what", "column", "line", "character"))


def test_a_template_is_kept_published_with_who_did_it_and_its_versions(bank):
    held = template(bank.editor)
    assert (held.live, held.history.first().history_user, held.latest_revision.user) == (True, bank.editor, bank.editor)
    template(bank.editor, subject_en="Another subject")
    held.refresh_from_db()
    assert (held.subject_en, LetterTemplate.objects.count(), held.revisions.count()) == ("Another subject", 1, 2)


@pytest.mark.parametrize(
    ("wording", "row"),
    [
        ({"body_en": "Dear\n{{ decision_level }}"}, ("save", "field", "decision_level", "body_en", 2, 1)),
        ({"body_hans": "本行的通融权限"}, ("save", "phrase", "通融权限", "body_hans", 1, 4)),
        ({"subject_hant": "{decision_level}"}, ("save", "form", "{", "subject_hant", 1, 1)),
    ],
)
def test_a_template_that_tells_too_much_is_not_kept_and_the_attempt_is_on_the_trail(bank, wording, row):
    with pytest.raises(PaperRefused) as error:
        template(bank.editor, **wording)
    assert list(error.value.fields) == list(wording)
    assert not LetterTemplate.objects.exists()
    assert refused() == [row]
    trail = PaperRefusal.objects.get()
    assert (trail.actor, trail.post, trail.template_code, trail.at) == (bank.editor, bank.post("editor"), "introduction", NOW)


def test_a_refused_change_leaves_the_template_as_it_was(bank):
    template(bank.editor)
    with pytest.raises(PaperRefused):
        template(bank.editor, body_en="{{ tier }}")
    assert "tier" not in LetterTemplate.objects.get().body_en


def test_a_letter_is_filled_in_in_its_language_and_stands_on_the_timeline(bank, mill):
    person = contact(bank, mill, "Ann Wong", name_zh="黃安", title="CFO")
    companies.add_address(
        company_id=mill.pk,
        address=NewAddress(text_en="8 Lantern Road", text_zh="燈籠道8號", kind=AddressKind.OFFICE),
        actor=bank.rm,
        now=NOW,
    )
    held = template(bank.editor, body_hant="{{ date }} {{ company_name }} {{ company_address }} {{ contact_name }}（{{ contact_title }}）")
    english = letter(bank.rm, mill, held, contact_id=person.pk, phone=" 2345  6789\n")
    assert english.subject == "Our visit to Yuet Tat Textiles Limited"
    assert english.body.split("\n") == [
        "4 March 2026",
        "Yuet Tat Textiles Limited",
        "CFO",
        "",
        "Dear Ann Wong,",
        "",
        "We look forward to it.",
        "Rm Lau 2345 6789",
    ]
    chinese = letter(bank.rm, mill, held, language="zh-hant", contact_id=person.pk)
    assert chinese.body == "2026年3月4日 粵達紡織有限公司 燈籠道8號 黃安（CFO）"
    row = TimelineRow.objects.get(company=mill, kind="letter", subject_id=english.pk)
    assert (row.title, row.actor, row.owner, row.at) == (english.subject, bank.rm, bank.rm, NOW)
    (invariant,) = (one for one in of(Invariant) if one.code == "papers.letters")
    assert list(invariant.broken()) == []
    row.delete()
    assert len(list(invariant.broken())) == 1


def test_a_letter_to_nobody_named_leaves_the_lines_of_the_person_out(bank, mill):
    body = letter(bank.rm, mill, template(bank.editor)).body
    assert body.split("\n")[:4] == ["4 March 2026", "Yuet Tat Textiles Limited", "", "Dear Sir or Madam,"]


def test_a_letter_stays_as_it_was_when_its_template_changes(bank, mill):
    written = letter(bank.rm, mill, template(bank.editor))
    template(bank.editor, body_en="All new")
    assert "look forward" in text(browser(bank.rm).get(written.get_absolute_url()))


def test_a_template_that_got_a_phrase_past_saving_is_refused_when_it_is_written_and_audited(bank, mill):
    held = template(bank.editor)
    LetterTemplate.objects.filter(pk=held.pk).update(body_en="We used our concession authority", subject_hans="{{ decision_level }}")
    answer = write(bank, mill)
    assert answer.status_code == 422
    assert "“concession authority” never reaches a client (line 1, character 13)" in text(answer)
    assert write(bank, mill, language="zh-hans").status_code == 422
    assert refused() == [
        ("render", "phrase", "concession authority", "body_en", 1, 13),
        ("render", "field", "decision_level", "subject_hans", 1, 1),
    ]
    trail = PaperRefusal.objects.first()
    assert (trail.subject_type, trail.subject_id, trail.actor) == ("companies.company", mill.pk, bank.rm)
    assert not Letter.objects.exists()
    assert not TimelineRow.objects.filter(kind="letter").exists()


def test_what_is_refused_only_after_the_form_was_checked_is_on_the_trail_once(bank, mill, monkeypatch):
    """Somebody changed the template between the check and the write."""
    LetterTemplate.objects.filter(pk=template(bank.editor).pk).update(body_en="{{ decision_level }}")
    monkeypatch.setattr("crm.papers.forms.draft_letter", lambda **_asked: None)
    assert write(bank, mill).status_code == 422
    assert refused() == [("render", "field", "decision_level", "body_en", 1, 1)]
    assert not Letter.objects.exists()


def test_a_company_whose_name_is_a_phrase_gets_no_letter_from_a_template_and_the_reason_is_said(bank):
    odd = covered(bank, "通融權限有限公司")
    template(bank.editor)
    answer = write(bank, odd)
    assert answer.status_code == 422
    assert "It comes with the field “company_name”" in text(answer)
    assert refused() == [("render", "phrase", "通融權限", "subject_en", 1, 14), ("render", "phrase", "通融權限", "body_en", 2, 1)]


def test_what_the_sender_types_is_held_against_the_phrases_too(bank, mill):
    template(bank.editor)
    assert write(bank, mill, phone="within my limit").status_code == 422
    assert {what for _step, _kind, what, *_place in refused()} == {"within my limit"}


def test_a_phrase_counts_from_its_day_on_and_in_every_jurisdiction(bank, mill):
    held = template(bank.editor)
    letter(bank.rm, mill, held)
    Figure.objects.create(
        table="papers.phrases", key="words", jurisdiction="CN", value=["look forward"], effective_from=NOW.date() + dt.timedelta(days=1)
    )
    letter(bank.rm, mill, held)
    with pytest.raises(PaperRefused, match="look forward"):
        write_letter(company_id=mill.pk, order=LetterOrder(held.pk, "en"), actor=bank.rm, now=NOW + dt.timedelta(days=1))


def test_without_a_list_of_phrases_nothing_is_written(bank, mill):
    held = template(bank.editor)
    Figure.objects.filter(table="papers.phrases").delete()
    with pytest.raises(Exception, match=r"papers\.phrases"):
        letter(bank.rm, mill, held)
    assert not Letter.objects.exists()


def test_a_template_that_is_not_published_is_not_offered(bank, mill):
    held = template(bank.editor)
    held.unpublish(user=bank.editor)
    assert held.code not in text(browser(bank.rm).get(reverse("papers:letter_create", args=[mill.pk])))
    assert write(bank, mill).status_code == 422
    with pytest.raises(LetterTemplate.DoesNotExist):
        letter(bank.rm, mill, held)


def test_a_language_without_a_text_is_refused_with_the_reason(bank, mill):
    held = template(bank.editor)
    LetterTemplate.objects.filter(pk=held.pk).update(body_hans="")
    with pytest.raises(RuleBroken, match="no text in 简体中文"):
        letter(bank.rm, mill, held, language="zh-hans")
    assert refused() == []


@pytest.fixture
def purpose():
    """A purpose of a feature's own, whose letters are about one of its records: here a client."""
    context = PaperContext(
        "service-change",
        "Change of service",
        (*LETTER_FIELDS, PaperField("client_since", "Client since", "K", lambda letter: str(letter.about.pk), {"en": "1"})),
    )
    register(context)
    yield context
    contributions._registry[PaperContext].remove(context)


def test_a_feature_writes_for_its_own_purpose_about_its_own_record(bank, purpose):
    client = client_of(bank, "Yuet Tat Textiles Limited")
    held = template(bank.editor, "change", context="service-change", body_en="{{ salutation }}\n\nYour number is {{ client_since }}.")
    plain = template(bank.editor)
    order = LetterOrder(held.pk, "en", context="service-change", about=client)
    kept = write_letter(company_id=client.company_id, order=order, actor=bank.rm, now=NOW)
    assert kept.body == f"Dear Sir or Madam,\n\nYour number is {client.pk}."
    assert list(Letter.objects.about(client)) == [kept]
    assert TimelineRow.objects.filter(kind="letter", subject_id=kept.pk).exists()
    for wrong in (LetterOrder(held.pk, "en"), LetterOrder(plain.pk, "en", context="service-change", about=client)):
        with pytest.raises(LetterTemplate.DoesNotExist):
            write_letter(company_id=client.company_id, order=wrong, actor=bank.rm, now=NOW)
    LetterTemplate.objects.filter(pk=held.pk).update(body_en="{{ decision_level }}")
    with pytest.raises(PaperRefused):
        write_letter(company_id=client.company_id, order=order, actor=bank.rm, now=NOW)
    trail = PaperRefusal.objects.get()
    assert (trail.subject_type, trail.subject_id, trail.what) == ("clients.client", client.pk, "decision_level")


@pytest.mark.parametrize(
    ("facts", "marketing", "reason"),
    [
        ({"opt_outs": ["post"]}, False, "does not want to be reached by Letter"),
        ({"consent_basis": ConsentBasis.NONE, "consent_on": None}, True, "No consent to marketing"),
    ],
)
def test_nobody_is_written_to_against_their_will(bank, mill, facts, marketing, reason):
    person = contact(bank, mill, "Ann Wong")
    Contact.objects.filter(pk=person.pk).update(**facts)
    held = template(bank.editor, is_marketing=marketing)
    answer = write(bank, mill, contact=person.pk)
    assert answer.status_code == 422
    assert reason in text(answer)
    letter(bank.rm, mill, held)


def test_people_of_other_companies_and_those_who_left_are_not_written_to(bank, mill):
    template(bank.editor)
    other = contact(bank, covered(bank, "Wah Kong Logistics"), "Bob Lee")
    gone = contact(bank, mill, "Ann Wong")
    companies.contact_left(contact_id=gone.pk, on=NOW.date(), actor=bank.rm, now=NOW)
    for person in (other, gone):
        assert write(bank, mill, contact=person.pk).status_code == 422
    assert not Letter.objects.exists()


def test_only_those_who_look_after_a_company_write_to_it(bank, mill):
    held = template(bank.editor)
    for name in ("head", "centre"):
        letter(bank.people[name], mill, held)
    for name in ("rm2", "outsider", "ho", "compliance", "editor"):
        with pytest.raises((NotAllowed, LetterTemplate.DoesNotExist), match=r"look after this company|does not exist"):
            letter(bank.people[name], mill, held)
        assert browser(bank.people[name]).get(reverse("papers:letter_create", args=[mill.pk])).status_code == 403
    with pytest.raises(NotAllowed):
        letter(bank.rm, company(bank, "Nobody’s Mill"), held)


def test_a_letter_is_seen_with_the_relationship_alone(bank, mill):
    address = letter(bank.rm, mill, template(bank.editor)).get_absolute_url()
    seen = {name for name, person in bank.people.items() if browser(person).get(address).status_code == 200}
    assert seen == {"rm", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"}


def test_the_button_stands_on_the_pages_of_company_and_client_for_those_who_may(bank):
    client = client_of(bank, "Yuet Tat Textiles Limited")
    address = reverse("papers:letter_create", args=[client.company_id])
    for page in (client.company.get_absolute_url(), client.get_absolute_url()):
        assert address in text(browser(bank.rm).get(page))
        assert address not in text(browser(bank.ho).get(page))


def test_one_writes_a_letter_by_the_page_once_and_the_phone_is_remembered(bank, mill):
    template(bank.editor)
    key = "11111111-1111-4111-8111-111111111111"
    answers = [write(bank, mill, phone="2345 6789", submission=key) for _press in range(2)]
    kept = Letter.objects.get()
    assert {(answer.status_code, answer.url) for answer in answers} == {(302, kept.get_absolute_url())}
    page = text(browser(bank.rm).get(kept.get_absolute_url()))
    for word in ("data-print", "data-copy", 'lang="en"', "Rm Lau 2345 6789"):
        assert word in page
    assert 'value="2345 6789"' in text(browser(bank.rm).get(reverse("papers:letter_create", args=[mill.pk])))


def test_what_a_value_holds_is_shown_as_text(bank):
    odd = covered(bank, "<b>Yuet</b> {{ tier }}")
    written = letter(bank.rm, odd, template(bank.editor))
    page = text(browser(bank.rm).get(written.get_absolute_url()))
    assert "&lt;b&gt;Yuet&lt;/b&gt; {{ tier }}" in page
    assert "<b>Yuet" not in page


def test_the_trail_is_read_by_compliance_and_audit_alone(bank):
    with pytest.raises(PaperRefused):
        template(bank.editor, body_en="{{ decision_level }}")
    address = reverse("papers:refusal_list")
    seen = {name for name, person in bank.people.items() if browser(person).get(address).status_code == 200}
    assert seen == {"compliance", "compliance2", "auditor"}
    assert "decision_level" in text(browser(bank.auditor).get(address))
    assert list(PaperRefusal.objects.visible_to(bank.rm)) == []
