"""Who has left a post reads nothing any more, by page or by token; and what every kind of answer carries (T14, T25; invariant 42)."""

import pytest
from django.test import Client
from django.utils import timezone

from crm.staff.models import Post
from crm.staff.services import create_token
from tests.access import asking, hearing
from tests.access.canaries import CANARIES
from tests.access.features import RULES
from tests.cast import fresh
from tests.test_architecture import MACHINERY, own_models

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def _heard(content: str) -> list[str]:
    return [word for word in CANARIES if word.lower() in content.lower()]


def test_who_left_the_post_reads_nothing_in_the_session_that_is_still_open(bank, browsers, there):
    browser = browsers["rm"]
    assert _heard(browser.get(there.company.get_absolute_url()).content.decode())
    Post.objects.filter(user=bank.rm).update(to_at=timezone.now())
    wrong = []
    for name, rule in RULES.items():
        status, content = hearing.ask(browser, "get", asking.address(name, rule, there))
        wrong += [f"{name} ({status}) still says {word}" for word in _heard(content)]
    assert not wrong, "\n".join(wrong)


def test_who_left_the_post_reads_and_writes_nothing_with_the_token_that_is_still_there(bank, there):
    headers = {"Authorization": f"Bearer {create_token(user=bank.rm, scopes=('read', 'write'))}"}
    # What heads propose, what they decide, what finance books, what overseers read of all, what the credit department takes and asks of
    # carriers, what systems are told.
    others = (
        "{figure_change_id}",
        "/approvals",
        "/postings",
        "/exceptions",
        "/register",
        "/concessions/report",
        "/intake",
        "/verifications",
        "/webhooks",
    )
    own = [path for path in hearing.READS if not any(part in path for part in others)]
    urls = [path.format(**{name: getattr(there, target).pk for name, target in hearing.IDS.items()}) for path in own]
    urls = [f"{url}?q=Yau" if url.endswith("/search") else url for url in urls]  # search answers only a question
    closed = [url for url in urls if Client().get(url, headers=headers).status_code != 200]
    assert not closed, "\n".join(closed)
    Post.objects.filter(user=bank.rm).update(to_at=timezone.now())
    wrong = [url for url in urls if _heard(Client().get(url, headers=headers).content.decode())]
    assert not wrong
    sent = Client().post("/api/v1/companies", {"name_en": "Blue Kiln"}, content_type="application/json", headers=headers)
    assert sent.status_code == 403


def test_answers_that_are_no_pages_carry_the_headers_too(bank, browsers, there):
    token = {"Authorization": f"Bearer {create_token(user=bank.rm)}"}
    answers = {
        "api": Client().get("/api/v1/clients", headers=token),
        "api, nobody": Client().get("/api/v1/clients"),
        "api, hidden": Client().get("/api/v1/clients/1", headers=token),
        "api, unreadable": Client().post("/api/v1/visits", "{", content_type="application/json", headers=token),
        "schema": Client().get("/api/v1/openapi.json", headers=token),
        "export": browsers["rm"].post("/clients/?view=all", {"export": "csv"}),
        "attachment": browsers["rm"].get(f"/visits/attachments/{there.attachment.pk}/"),
        "refused form": browsers["rm"].post("/tasks/add/", {}),
        "editors' desk": browsers["editor"].get("/cms/"),
        "nowhere": browsers["rm"].get("/nowhere/"),
        "another method": browsers["rm"].delete("/"),
    }
    wrong = []
    for what, answer in answers.items():
        said = answer.headers
        wrong += [f"{what}: kept"] if "no-store" not in said.get("Cache-Control", "") else []
        wrong += [f"{what}: sniffed"] if said.get("X-Content-Type-Options") != "nosniff" else []
        wrong += [f"{what}: framed"] if said.get("X-Frame-Options") not in {"DENY", "SAMEORIGIN"} else []
        wrong += [f"{what}: referred"] if said.get("Referrer-Policy") != "same-origin" else []
        wrong += [f"{what}: no policy"] if not said.get("Content-Security-Policy") else []
        wrong += [f"{what}: cookie {name}" for name, kept in answer.cookies.items() if name == "sessionid" and not kept["httponly"]]
    assert not wrong, "\n".join(wrong)


def test_who_left_the_post_sees_no_row_of_any_kind_but_the_own_tokens(bank, there):
    Post.objects.filter(user=bank.rm).update(to_at=timezone.now())
    leaver = fresh(bank.rm)
    models = [model for model in own_models() if model._meta.label not in MACHINERY]
    assert {model._meta.label for model in models if model._default_manager.visible_to(leaver).exists()} == {"staff.ApiToken"}
