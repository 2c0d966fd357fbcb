"""The library at the editors' desk: draft, publish, withdraw, files, what is refused, and what search hears of it."""

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from content.library.models import Sheet
from crm.kernel.outbox import deliver_pending
from crm.policy.models import Figure
from tests import cast
from tests.cast import NOW
from tests.companies.making import browser, text
from tests.content.library.making import days, searched, sheet

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still(embedded, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def who(bank):
    """The editor's browser."""
    return browser(bank.editor)


def desk(name, *args):
    return reverse(f"wagtailsnippets_library_sheet:{name}", args=args)


def sent(**changes):
    """The form as it is sent."""
    data = {"kind": "industry", "klass": "P", "source": "Research", "dated_on": f"{NOW:%Y-%m-%d}"}
    return data | {"title_en": "Cotton news", "summary_en": "Prices fell."} | changes


def publish(who, *args, **changes):
    answer = who.post(desk("edit" if args else "add", *args), sent(**changes) | {"action-publish": "1"})
    assert answer.status_code == 302, text(answer)[-3000:]
    deliver_pending()
    return Sheet.objects.order_by("-pk").first()


def test_a_draft_is_the_editors_until_it_is_published_and_again_when_it_is_withdrawn(bank, who):
    sheet("Wool")
    assert who.post(desk("add"), sent()).status_code == 302
    deliver_pending()
    held = Sheet.objects.get(title_en="Cotton news")
    reader = browser(bank.rm)
    assert (reader.get(held.get_absolute_url()).status_code, searched(bank.rm, "prices").total) == (404, 0)
    publish(who, held.pk)
    assert (reader.get(held.get_absolute_url()).status_code, searched(bank.rm, "prices").total) == (200, 1)
    assert held.history.first().history_user == bank.editor
    assert who.post(desk("unpublish", held.pk)).status_code == 302
    deliver_pending()
    assert (reader.get(held.get_absolute_url()).status_code, searched(bank.rm, "prices").total) == (404, 0)


def test_a_change_is_searched_and_a_draft_of_it_is_not(bank, who):
    held = publish(who)
    assert who.post(desk("edit", held.pk), sent(summary_en="Wool rose.")).status_code == 302
    deliver_pending()
    assert searched(bank.rm, "wool").total == 0
    publish(who, held.pk, summary_en="Wool rose.")
    assert (searched(bank.rm, "wool").total, searched(bank.rm, "prices").total) == (1, 0)


def test_information_gets_its_last_day_from_the_policy_and_a_product_sheet_none(who):
    assert publish(who).expires_on == days(90)
    Figure.objects.filter(table="library.expiry_days").update(value=30)
    assert publish(who).expires_on == days(30)
    assert publish(who, expires_on=f"{days(5):%Y-%m-%d}").expires_on == days(5)
    assert publish(who, kind="product").expires_on is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title_en": "", "summary_en": ""}, "__all__"),
        ({"summary_en": ""}, "summary_en"),
        ({"title_hant": "棉價"}, "summary_hant"),
        ({"summary_hans": "棉价"}, "title_hans"),
        ({"source": ""}, "source"),
        ({"expires_on": "2026-03-01"}, "__all__"),
        ({"kind": "gossip"}, "kind"),
    ],
)
def test_what_is_incomplete_or_cannot_be_is_refused_where_it_stands(who, changes, field):
    answer = who.post(desk("add"), sent(**changes) | {"action-publish": "1"})
    assert field in answer.context["form"].errors
    assert not Sheet.objects.exists()


def test_a_file_is_taken_by_its_content_replaced_and_taken_away(who):
    held = publish(who, upload=SimpleUploadedFile("a.pdf", b"%PDF-1.4 a"))
    assert (held.file.name, held.file.media_type) == ("a.pdf", "application/pdf")
    publish(who, held.pk, upload=SimpleUploadedFile("b.pdf", b"%PDF-1.4 b"))
    held.refresh_from_db()
    assert held.file.name == "b.pdf"
    assert "b.pdf" in text(who.get(desk("edit", held.pk)))
    publish(who, held.pk)
    held.refresh_from_db()
    assert held.file.name == "b.pdf"
    publish(who, held.pk, without_file="on")
    held.refresh_from_db()
    assert held.file is None


@pytest.mark.parametrize(("name", "content"), [("a.pdf", b"<html>"), ("a.exe", b"MZ"), ("a.svg", b"<svg/>")])
def test_a_file_that_is_not_what_it_says_is_refused(who, name, content):
    answer = who.post(desk("add"), sent(upload=SimpleUploadedFile(name, content)) | {"action-publish": "1"})
    assert "upload" in answer.context["form"].errors
    assert not Sheet.objects.exists()


def test_nobody_else_gets_in_and_nothing_is_deleted(bank, who):
    held = sheet()
    who.post(desk("delete", held.pk))
    assert Sheet.objects.exists()
    for name in set(cast.PEOPLE) - {"editor"}:
        assert browser(bank.people[name]).get(desk("edit", held.pk)).status_code == 404
