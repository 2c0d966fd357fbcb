"""What never leaves: 25 unusual figures of authority in no answer to a manager and no paper for a client (domain 1.2, 12.6)."""

import io
import logging
import re
import zipfile
from typing import Any

import pytest
from django.test import Client as Browser

from crm.concessions import services
from crm.concessions.choices import CreditAct
from crm.concessions.confirming import CONTEXT
from crm.concessions.models import Concession
from crm.papers import services as papers
from crm.papers.models import PaperRefusal
from crm.policy.models import Figure
from crm.staff.services import create_token
from tests.cast import NOW, Bank
from tests.crm.concessions.making import EXCESS, FEE, MARGIN, ask, client, decide, exercise, terms
from tests.papers import making as templates

pytestmark = pytest.mark.django_db
TABLES = ("CT1.bp", "CT1.amount", "CT2.bp", "CT2.amount", "CT3.amount", "CT4.amount", "CT5.amount", "CT6.days", "CT7.amount",
          "CT8.amount", "CT10.amount", "bucket", "month")  # fmt: skip
FIGURES = {
    (f"concessions.{table}", key): 83_114_007 + 60_013 * number
    for number, (table, key) in enumerate((table, key) for table in TABLES for key in ("TH", "RCH"))
}
PARTS = ("", "request/", "events/", "decide/", "tell/", "apply/", "revoke/", "letter/", "evidence/")
FIGURES.pop(("concessions.month", "RCH"))


@pytest.fixture
def planted(bank: Bank) -> list[str]:
    """25 figures that stand nowhere else, in every form in which they could be written."""
    assert len(FIGURES) == 25
    for (table, key), figure in FIGURES.items():
        is_money = table.endswith(("amount", "bucket", "month"))
        rows = Figure.objects.filter(table=table, key=key, jurisdiction="HK")
        assert rows.update(value=f"{figure}.00" if is_money else figure) == 1
    return [form for figure in FIGURES.values() for form in (str(figure), f"{figure:,}")]


def unpacked(content: bytes) -> str:
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    book = zipfile.ZipFile(io.BytesIO(content))
    return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


def answers(browser: Browser, token: dict[str, str], company_id: int, ids: list[int]) -> Any:
    """Everything about concessions that a manager can ask for."""
    pages = ["/", "/concessions/", "/concessions/new/", "/policies/", f"/companies/{company_id}/", f"/concessions/of/{company_id}/"]
    pages += ["/tasks/", "/approvals/", "/approvals/decided/", "/notifications/", "/search/?q=CN-2026", "/search/palette/?q=yau", "/jobs/"]
    pages += [f"/companies/{company_id}/{part}/" for part in ("timeline", "history")]
    pages += [
        "/concessions/register/",
        "/concessions/report/",
        "/concessions/looks/",
        "/concessions/conflicts/",
        "/hospitality/",
        "/gifts/",
    ]
    pages += [f"/concessions/new/?company={company_id}&kind={kind}" for kind in ("CT1", "CT3", "CT5", "CT8")]
    pages += [
        f"/concessions/{pk}/{part}"
        for pk in ids
        for part in ("", "request/", "events/", "decide/", "tell/", "apply/", "revoke/", "letter/", "evidence/")
    ]
    pages += [f"/concessions/of/{company_id}/level/?kind=CT1&days=365&bp={bp}&amount=9000000" for bp in ("1", "19", "400", "9000")]
    for page in pages:
        yield page, browser.get(page)
    for file_format in ("csv", "xlsx"):
        yield file_format, browser.post("/concessions/?view=all", {"export": file_format})
    for pk in ids:
        yield "decide", browser.post(f"/concessions/{pk}/decide/", {"act": "approve"})
    body = {
        "company_id": company_id,
        "kind": "CT1",
        "amount": "90000000",
        "bp": "400",
        "days": "365",
        "reason": "x",
        "sunset_on": "2026-09-01",
    }
    for path in ("level", "exercise", ""):
        yield path, browser.post(f"/api/v1/concessions/{path}".rstrip("/"), body, content_type="application/json", headers=token)
    for path in ("", *(f"/{pk}" for pk in ids)):
        yield path, browser.get(f"/api/v1/concessions{path}", headers=token)
    for path in ("policies", "timeline", "openapi.json"):
        yield path, browser.get(f"/api/v1/{path}", headers=token)


def test_25_planted_figures_stand_in_no_answer_to_a_manager_no_export_no_header_no_log(bank: Bank, browse, planted, caplog):
    of = client(bank)
    with caplog.at_level(logging.DEBUG):
        ids = [
            decide(bank.head, ask(bank.rm, of, MARGIN)).pk,
            ask(bank.rm, of, FEE).pk,
            exercise(bank.rm, client(bank, name="Sun Mei", name_zh=""), terms("CT6", days=10)).pk,
        ]
        token = {"Authorization": f"Bearer {create_token(user=bank.rm)}"}
        for where, answer in answers(browse(bank.rm), token, of.company_id, ids):
            content = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = unpacked(content) + "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
            assert answer.status_code < 500, where
            assert [form for form in planted if form in text] == [], where
    assert [form for form in planted if form in caplog.text] == []


def test_a_head_reads_their_own_row_and_those_below_and_no_figure_above(bank: Bank, browse, planted):
    made = ask(bank.rm, client(bank), MARGIN)
    seen = browse(bank.head).get(f"/concessions/{made.pk}/decide/").content.decode()
    assert f"{FIGURES['concessions.bucket', 'TH']:,}" in seen
    above = [figure for (_table, key), figure in FIGURES.items() if key == "RCH"]
    assert [figure for figure in above if f"{figure:,}" in seen or str(figure) in seen] == []


def test_scenario_6_a_template_with_the_level_or_the_word_of_authority_is_refused_and_audited(bank: Bank):
    for wrong in ({"body_en": "Granted at {{ decision_level }}"}, {"body_hant": "在本人通融權限之內"}, {"body_hans": "在本人的通融权限内"}):
        with pytest.raises(papers.PaperRefused):
            papers.keep_template(code="c", actor=bank.editor, now=NOW, values=templates.values(context=CONTEXT, **wrong))
    assert PaperRefusal.objects.count() == 3


def test_the_letter_says_the_result_alone_and_only_once_the_client_may_be_told(bank: Bank, browse, planted, settings):
    template = templates.template(
        bank.editor, "confirmation", context=CONTEXT, body_en="We are pleased to confirm that {{ result }}, until {{ ends_on }}."
    )
    made = decide(bank.head, ask(bank.rm, client(bank), MARGIN))
    page, typed = f"/concessions/{made.pk}/letter/", {"template": template.pk, "language": "en"}
    assert browse(bank.rm).post(page, typed).status_code == 403
    Concession.objects.filter(pk=made.pk).update(tell_not_before=NOW)
    answer = browse(bank.rm).post(page, typed)
    assert answer.status_code == 302
    shown = browse(bank.rm).get(answer.url).content.decode()
    assert "lowered by 15 basis points" in shown
    assert not any(word in shown for word in ("Head Lau", "Team head", "18,000.00", *planted))
    assert made.events.filter(act="letter").exists()


PROBES = ("21000000", "39000000", "99000000", "149000000", "901000000", "999000000000")
"""Above a senior manager's figure: for the team head, the centre head, head office."""


def test_every_way_of_asking_whose_it_is_answers_above_in_one_shape_and_length(bank: Bank, browse):
    of = client(bank).company_id
    browser, token = browse(bank.rm), {"Authorization": f"Bearer {create_token(user=bank.rm)}"}
    words = {"kind": "CT1", "bp": "15", "days": "365", "company_id": of, "reason": "x", "sunset_on": "2026-09-01"}
    send = {"content_type": "application/json", "headers": token}
    page = f"/concessions/new/?company={of}&kind=CT1"
    for ask_it in (
        lambda amount: browser.get(f"/concessions/of/{of}/level/?kind=CT1&days=365&bp=15&amount={amount}"),
        lambda amount: browser.post("/api/v1/concessions/level", words | {"amount": amount}, **send),
        lambda amount: browser.post("/api/v1/concessions/exercise", words | {"amount": amount}, **send),
        lambda amount: browser.post(page, words | {"currency": "HKD", "then": "exercise", "amount": amount}),
    ):
        found = {_shape(ask_it(amount), amount) for amount in PROBES}
        assert len(found) == 1, found
        assert found.pop()[0] in (200, 422)


def _shape(answer: Any, typed: str) -> tuple[int, int, tuple[tuple[str, str], ...]]:
    """Status, length and headers, without what was typed and what is new each time."""
    content = re.sub(rb'(nonce|value|csrfmiddlewaretoken|hx-headers)="[^"]*"', b"", answer.content.replace(typed.encode(), b""))
    content = re.sub(rb'"request_id": ?"[^"]*"', b"", content)
    changing = {"Content-Length", "Content-Security-Policy", "X-Request-ID", "X-Request-Id", "Server-Timing"}
    return answer.status_code, len(content), tuple(sorted((name, value) for name, value in answer.headers.items() if name not in changing))


def test_what_is_asked_of_the_level_has_one_shape_whatever_is_above(bank: Bank):
    of = client(bank)
    found = {
        services.look_at_level(
            actor=bank.rm, now=NOW, company_id=of.company_id, terms=terms("CT5", amount=amount, days=4, limit=10**7), via="api"
        )
        for amount in (1_000, 900_000, 2_900_000, 9_000_000)
    }
    assert found == {False}


def test_whether_credit_may_object_gives_the_manager_no_hint_at_the_level_before_the_decision(bank: Bank, browse):
    """An excess that leaves concessions is not told of to credit but decided there: a word of credit's would say which it is."""
    told = ask(bank.rm, client(bank), EXCESS)
    decided_there = ask(bank.rm, client(bank, name="Sun Mei", name_zh=""), terms("CT5", amount=9_000_000, days=4, limit=60_000_000))
    for one in (told, decided_there):
        shown = browse(bank.rm).get(f"/concessions/{one.pk}/request/").content.decode()
        assert "may still object" not in shown
    assert "may still object" in browse(bank.compliance).get(f"/concessions/{told.pk}/request/").content.decode()
    services.say_credit(concession_id=told.pk, actor=bank.approver, now=NOW, act=CreditAct.CLEAR)
    assert "does not object" not in browse(bank.rm).get(f"/concessions/{told.pk}/events/").content.decode()
    assert "does not object" in browse(bank.compliance).get(f"/concessions/{told.pk}/events/").content.decode()
    decide(bank.centre, told) if told.queue_level == 5 else decide(bank.head, told)
    assert "does not object" in browse(bank.rm).get(f"/concessions/{told.pk}/events/").content.decode()
