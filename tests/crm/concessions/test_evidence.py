"""The file of a rival's offer: checked by its content, read by those who read the request, in no paper for the client."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.concessions import services
from crm.concessions.confirming import CONTEXT
from crm.concessions.models import Concession
from crm.kernel.contributions import PaperContext, of
from crm.kernel.files import StoredFile
from crm.visits.services import receive_file
from tests.cast import NOW, Bank
from tests.crm.concessions.making import MARGIN, ask, client, order

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
TYPED = {"amount": "12,000,000", "bp": "15", "days": "365", "currency": "HKD", "reason": "A rival offered less", "sunset_on": "2026-09-01"}


@pytest.fixture(autouse=True)
def _folder(tmp_path, settings):
    settings.FILES_DIR = tmp_path / "files"


def brought(name: str = "offer.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_an_offer_comes_with_the_request_and_its_decider_reads_it(bank: Bank, browse):
    of_company = client(bank).company_id
    page = f"/concessions/new/?company={of_company}&kind=CT1"
    assert 'enctype="multipart/form-data"' in browse(bank.rm).get(page).content.decode()
    assert browse(bank.rm).post(page, TYPED | {"paper": brought()}).status_code == 302
    made = Concession.objects.get()
    assert (made.paper.name, made.paper.owner) == ("offer.pdf", bank.rm)
    decide = browse(bank.head).get(f"/concessions/{made.pk}/decide/").content.decode()
    assert f"/concessions/{made.pk}/evidence/" in decide
    assert "offer.pdf" in decide
    answer = browse(bank.head).get(f"/concessions/{made.pk}/evidence/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="offer.pdf"'
    assert (answer["X-Content-Type-Options"], answer["Content-Security-Policy"]) == ("nosniff", "default-src 'none'; sandbox")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("offer.exe", b"MZ\x90"),
        ("offer.pdf", b"<html><script>1</script></html>"),
        ("offer.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("offer.png", b""),
    ],
)
def test_what_is_no_paper_is_refused_beside_its_field_and_what_was_typed_is_kept(bank: Bank, browse, name, content):
    page = f"/concessions/new/?company={client(bank).company_id}&kind=CT1"
    answer = browse(bank.rm).post(page, TYPED | {"paper": brought(name, content)})
    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {"paper"}
    assert "A rival offered less" in answer.content.decode()
    assert not Concession.objects.exists()
    assert not StoredFile.objects.exists()


def test_those_who_do_not_read_the_request_get_no_file_and_without_one_there_is_none(bank: Bank, browse):
    file = receive_file(brought(), actor=bank.rm, now=timezone.now())
    made = services.request_concession(
        actor=bank.rm, now=NOW, company_id=client(bank).company_id, order=services.Order(MARGIN, order().words, paper_id=file.pk)
    )
    for who, status in (("outsider", 404), ("head2", 404), ("lobby", 404), ("finance", 403), ("centre", 200), ("compliance", 200)):
        assert browse(bank.people[who]).get(f"/concessions/{made.pk}/evidence/").status_code == status, who
    bare = ask(bank.rm, client(bank, name="Sun Mei", name_zh=""), MARGIN)
    assert browse(bank.rm).get(f"/concessions/{bare.pk}/evidence/").status_code == 404


def test_a_file_that_another_brought_is_none_of_ones_own(bank: Bank):
    file = receive_file(brought(), actor=bank.head, now=timezone.now())
    with pytest.raises(StoredFile.DoesNotExist):
        services.request_concession(
            actor=bank.rm, now=NOW, company_id=client(bank).company_id, order=services.Order(MARGIN, order().words, paper_id=file.pk)
        )


def test_no_paper_for_the_client_may_name_the_evidence(bank: Bank):
    fields = next(context for context in of(PaperContext) if context.code == CONTEXT).fields
    assert not {field.name for field in fields} & {"paper", "evidence", "reason", "expected_return"}
