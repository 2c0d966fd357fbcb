"""Letter templates at the editors' desk: kept, refused beside the right text and on the trail, previewed in each language."""

import pytest
from django.urls import reverse

from crm.papers.models import LetterTemplate, PaperRefusal
from tests import cast
from tests.companies.making import browser, text
from tests.papers.making import template, values

pytestmark = pytest.mark.django_db


def desk(name, *args):
    return reverse(f"wagtailsnippets_papers_lettertemplate:{name}", args=args)


def sent(**changes):
    """The form as it is sent."""
    data = {"code": "introduction"} | values() | changes
    return {name: value for name, value in data.items() if value is not False}


@pytest.fixture
def who(bank):
    """The editor's browser."""
    return browser(bank.editor)


def test_an_editor_writes_a_draft_that_nobody_is_offered_and_publishes_it(bank, who):
    assert who.post(desk("add"), sent()).status_code == 302
    held = LetterTemplate.objects.get()
    assert list(LetterTemplate.objects.visible_to(bank.rm)) == []
    assert who.post(desk("edit", held.pk), sent(subject_en="Good day") | {"action-publish": "1"}).status_code == 302
    held.refresh_from_db()
    assert (held.live, held.subject_en, held.history.first().history_user) == (True, "Good day", bank.editor)
    assert list(LetterTemplate.objects.visible_to(bank.rm)) == [held]
    assert "introduction" in text(who.get(desk("list")))


@pytest.mark.parametrize("action", ["action-publish", "draft"])
def test_a_refused_text_is_told_beside_it_not_kept_and_on_the_trail_also_as_a_draft(bank, who, action):
    held = template(bank.editor)
    wording = {"body_hant": "各位\r\n{{ decision_level }}", "subject_en": "Within MY limit"}
    answer = who.post(desk("edit", held.pk), sent(**wording) | {action: "1"})
    assert answer.status_code == 200
    errors = answer.context["form"].errors
    assert set(errors) == set(wording)
    assert "line 2, character 1" in errors["body_hant"][0]
    assert "company_name" in errors["body_hant"][0]
    held.refresh_from_db()
    assert ("decision_level" in held.body_hant, held.latest_revision.pk) == (False, held.revisions.get().pk)
    rows = PaperRefusal.objects.order_by("pk").values_list("step", "what", "column", "template_code", "actor__username")
    assert set(rows) == {
        ("save", "decision_level", "body_hant", "introduction", "editor"),
        ("save", "Within MY limit", "subject_en", "introduction", "editor"),
    }


def test_a_new_template_is_refused_in_the_same_way(who):
    answer = who.post(desk("add"), sent(body_en="通融\r\n權限") | {"action-publish": "1"})
    assert "body_en" in answer.context["form"].errors
    assert not LetterTemplate.objects.exists()
    assert PaperRefusal.objects.get().template_code == "introduction"


def test_a_form_that_is_only_incomplete_leaves_no_trail(who):
    answer = who.post(desk("add"), sent(code="", body_en="") | {"action-publish": "1"})
    assert {"code", "body_en"} <= set(answer.context["form"].errors)
    assert not PaperRefusal.objects.exists()


def test_the_page_lists_the_fields_with_samples(bank, who):
    page = text(who.get(desk("edit", template(bank.editor).pk)))
    for word in ("{{ company_name }}", "Company’s name", "Blue Kiln Ceramics Limited"):
        assert word in page


@pytest.mark.parametrize(
    ("mode", "company"), [("en", "Blue Kiln Ceramics Limited"), ("zh-hant", "藍窰陶瓷有限公司"), ("zh-hans", "蓝窑陶瓷有限公司")]
)
def test_what_is_typed_is_previewed_with_samples_in_each_language_before_it_is_saved(bank, who, mode, company):
    held = template(bank.editor)
    address = desk("preview_on_edit", held.pk)
    typed = sent(**{f"body_{ending}": "Typed for {{ company_name }}" for ending in ("en", "hant", "hans")})
    assert who.post(address, typed).json() == {"is_valid": True, "is_available": True}
    answer = who.get(f"{address}?mode={mode}&in_preview_panel=true")
    assert f"Typed for {company}" in text(answer)
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]


def test_a_preview_of_what_would_be_refused_shows_nothing_and_leaves_no_trail(bank, who):
    address = desk("preview_on_edit", template(bank.editor).pk)
    assert who.post(address, sent(body_en="{{ tier }}")).json()["is_valid"] is False
    assert not PaperRefusal.objects.exists()


def test_saving_by_itself_keeps_nothing_that_would_be_refused_and_leaves_no_trail(bank, who):
    held = template(bank.editor)
    answer = who.post(desk("edit", held.pk), sent(body_en="{{ tier }}"), headers={"Accept": "application/json"})
    assert answer.json()["success"] is False
    assert held.revisions.count() == 1
    assert not PaperRefusal.objects.exists()


def test_templates_are_not_deleted_and_nobody_else_gets_in(bank, who):
    held = template(bank.editor)
    assert who.post(desk("delete", held.pk)).status_code in (302, 403)
    assert LetterTemplate.objects.exists()
    for name in set(cast.PEOPLE) - {"editor"}:
        assert browser(bank.people[name]).get(desk("edit", held.pk)).status_code == 404
