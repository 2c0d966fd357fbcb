"""The letter of confirmation as a PDF: the result alone in every part of the file, whoever decided and whatever they may (domain 5.4)."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from crm.concessions.confirming import CONTEXT
from crm.concessions.models import Concession
from crm.concessions.services import write_confirmation
from crm.papers.services import LetterOrder
from tests.cast import NOW, Bank
from tests.crm.concessions.making import MARGIN, ask, client, decide
from tests.crm.concessions.test_leaks import planted
from tests.papers import making as templates

pytestmark = pytest.mark.django_db
BODIES = {
    "body_en": "Dear Sir,\n\nWe are pleased to confirm that {{ result }}, until {{ ends_on }}. {{ reference }}",
    "body_hant": "敬啟者：\n\n現確認{{ result }}，有效期至{{ ends_on }}。{{ reference }}",
    "body_hans": "您好：\n\n现确认{{ result }}，有效期至{{ ends_on }}。{{ reference }}",
}
__all__ = ["planted"]


def parts_of(content: bytes) -> list[str]:
    """All that a reader or a program can find in the file: as it is, its objects, its streams inflated, metadata, text of the pages."""
    reader = PdfReader(io.BytesIO(content))
    objects = [reader.get_object(number) for number in range(1, reader.trailer["/Size"])]
    streams = [item.get_data().decode("utf-8", "replace") for item in objects if hasattr(item, "get_data")]
    assert len(streams) > 3
    return [
        content.decode("latin-1"), *map(str, objects), *streams, str(reader.metadata), str(reader.xmp_metadata and "xmp"),
        *(page.extract_text() for page in reader.pages),
    ]  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hant", "zh-hans"])
def test_25_planted_figures_the_decider_and_the_level_stand_in_no_part_of_the_file(bank: Bank, browse: Any, planted, language):
    template = templates.template(bank.editor, "confirmation", context=CONTEXT, **BODIES)
    templates.letterhead(bank.head_office, bank.editor)
    made = ask(bank.rm, client(bank), MARGIN, evidence="A rival wrote qcrival", expected_return="Deposits qcreturn")
    decide(bank.centre if made.queue_level == 5 else bank.head, made, reason="qcwhy: within my figure")
    Concession.objects.filter(pk=made.pk).update(tell_not_before=NOW)
    letter = write_confirmation(concession_id=made.pk, actor=bank.rm, now=NOW, order=LetterOrder(template.pk, language))
    answer = browse(bank.rm).get(f"/letters/{letter.pk}/pdf/")
    assert answer.status_code == 200
    parts = parts_of(answer.content)
    shown = "".join(parts[-1].split())
    assert "CN-2026-0001" in shown
    assert "15" in shown
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    decided = ("Head Lau", "S-head", "Team head", "RCH", "18,000.00", "qcrival", "qcreturn", "qcwhy", "subteam", "evidence")
    for part in (*parts, headers):
        assert [word for word in (*planted, *decided) if word in part] == []
    assert "10:00" not in shown
