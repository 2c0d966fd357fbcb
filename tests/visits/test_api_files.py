"""Files through the API: what is brought is checked and kept, and only who brought it names it."""

from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm.kernel.files import StoredFile
from crm.staff.services import create_token
from crm.visits import services
from tests.cast import NOW, Bank
from tests.visits import making
from tests.visits.test_attachments import EXE, PNG


def bring(user: Any, content: bytes = PNG, *, name: str = "door.png", key: str = "") -> Any:
    headers = {"Authorization": f"Bearer {create_token(user=user, scopes=('read', 'write'))}"} | ({"Idempotency-Key": key} if key else {})
    return Client().post("/api/v1/files", {"file": SimpleUploadedFile(name, content)}, headers=headers)


def attach(user: Any, visit: Any, file_id: int, **more: Any) -> Any:
    headers = {"Authorization": f"Bearer {create_token(user=user, scopes=('read', 'write'))}"}
    address = f"/api/v1/visits/{visit.pk}/attachments"
    return Client().post(address, {"file_id": file_id}, content_type="application/json", headers=headers)


@pytest.fixture(autouse=True)
def _still() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def visit(bank: Bank) -> Any:
    return making.log(bank.rm, making.client(bank).company)


def test_a_file_is_brought_then_attached_once(bank: Bank, visit: Any) -> None:
    kept = bring(bank.rm)
    assert (kept.status_code, kept.json()["media_type"], kept.json()["size"]) == (201, "image/png", len(PNG))
    first, again = attach(bank.rm, visit, kept.json()["id"]), attach(bank.rm, visit, kept.json()["id"])
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    headers = {"Authorization": f"Bearer {create_token(user=bank.head, scopes=('read',))}"}
    (read,) = Client().get(f"/api/v1/visits/{visit.pk}/attachments", headers=headers).json()["items"]
    assert read["sha256"] == kept.json()["sha256"]


def test_what_is_no_picture_or_too_large_is_refused_and_not_kept(bank: Bank, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 4_000_000
    for content, name in ((EXE, "door.png"), (b"", "door.png"), (PNG, "door.exe"), (PNG + b"x" * 5_000_000, "door.png")):
        refused = bring(bank.rm, content, name=name)
        assert refused.status_code == 422, name
        assert refused.json()["error"]["message"]
    assert not StoredFile.objects.exists()


def test_the_same_key_brings_once_and_another_content_under_it_is_refused(bank: Bank) -> None:
    first, again = bring(bank.rm, key="k-1"), bring(bank.rm, key="k-1")
    assert first.json() == again.json()
    assert StoredFile.objects.count() == 1
    other = bring(bank.rm, PNG + b"\x00", key="k-1")
    assert (other.status_code, other.json()["error"]["code"]) == (422, "key_reused")


def test_who_neither_visits_nor_entertains_brings_nothing(bank: Bank) -> None:
    assert bring(bank.analyst).status_code == 403
    assert bring(bank.finance).status_code == 403
    assert bring(bank.ho).status_code == 201


def test_another_persons_file_is_not_there(bank: Bank, visit: Any) -> None:
    theirs = services.receive_file(SimpleUploadedFile("a.png", PNG), actor=bank.head, now=NOW)
    assert attach(bank.rm, visit, theirs.pk).status_code == 404
    assert not visit.attachments.exists()
