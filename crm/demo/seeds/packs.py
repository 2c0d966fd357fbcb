"""Credit packs of the demo bank with their relationship managers: drafts, papers being gathered, an application begun, on both sides."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from credit.checklists import selectors as checklists
from credit.checklists import services as papers
from credit.checklists.choices import Need
from credit.checklists.services import Received
from credit.packs import selectors, services
from credit.packs.models import Pack
from credit.packs.rules import FacilityEntry, PackOrder, PartyEntry, SecurityEntry
from crm.demo.seeds.bank import Bank
from crm.kernel.files import store
from crm.staff.models import User


@dataclass(frozen=True)
class Case:
    """One pack: who began it how many working days ago, for whom; what is asked for; how far its papers are."""

    days: int
    manager: str
    company: str
    order: PackOrder
    facilities: tuple[FacilityEntry, ...]
    parties: tuple[PartyEntry, ...] = ()
    securities: tuple[SecurityEntry, ...] = ()
    step: str = "draft"
    open: tuple[str, ...] = field(default=())


def _facility(code: str, amount: str, purpose: str, months: int = 12, **more: Any) -> FacilityEntry:
    given: dict[str, Any] = {"currency": "HKD", "base_rate": "1M HIBOR", "margin_bps": Decimal(180)} | more
    return FacilityEntry(type_code=code, amount=Decimal(amount), tenor_months=months, purpose=purpose, **given)


_SME = ("A", "sme")
CASES = (
    Case(
        18, "rm", "yau-tat-textiles", PackOrder("A", "corporate", "increase", ("company",)),
        (
            _facility("GL", "35000000", "All trade finance lines of the company", existing=Decimal(30_000_000), fee="0.25% a year"),
            _facility("TR", "30000000", "Cotton yarn from three mills, 90 days", existing=Decimal(26_000_000), in_cap=True),
            _facility("LC", "20000000", "Import letters of credit for yarn and dyes", existing=Decimal(18_000_000), in_cap=True),
        ),
        parties=(PartyEntry("guarantor", person_name="Yau Man Tat", note="Chairman"),),
        securities=(
            SecurityEntry("deposit", "Time deposit of the company", Decimal(6_000_000)),
        ),
        step="docs", open=("H06", "H12", "H14", "F17", "H20", "G02"),
    ),
    Case(
        24, "rm", "kin-wah-moulds-and-plastics", PackOrder(*_SME, "new", ("company",)),
        (
            _facility("TL", "12000000", "Four injection moulding machines", 60, repayment="60 equal instalments"),
            _facility("OD", "3000000", "Wages before buyers pay", base_rate="Prime", margin_bps=Decimal(0)),
        ),
        parties=(PartyEntry("guarantor", person_name="Lo Kin Wah"),
                 PartyEntry("guarantor", person_name="Lo Wong Siu Fong", is_elderly_or_spouse=True, note="Wife of Mr Lo")),
        securities=(
            SecurityEntry("property", "Factory unit, Tai Po", Decimal(21_000_000), valuer="Harbour Surveyors",
                          haircut_percent=Decimal(40), senior_debt=Decimal(2_000_000)),
        ),
        step="writing", open=("H13", "F49", "G04"),
    ),
    Case(
        3, "rm2", "sun-mei-trading", PackOrder("B", "sme", "new", ("company", "young")),
        (_facility("IF", "5000000", "Invoices to two department stores, 75% advanced"),),
        step="draft",
    ),
    Case(
        9, "zhang.lili", "shenzhen-xingfa-trading", PackOrder(*_SME, "renewal", ("company",)),
        (
            _facility("CN-WC", "8000000", "采购春季面料", currency="CNY", base_rate="1Y LPR", margin_bps=Decimal(85),
                      existing=Decimal(8_000_000)),
            _facility("CN-BA", "6000000", "向三家供应商付款", currency="CNY", base_rate="", margin_bps=None, fee="0.05%"),
        ),
        parties=(PartyEntry("guarantor", person_name="郑兴发"),),
        step="docs", open=("N07", "N08", "N10", "N12", "F38", "F39"),
    ),
)  # fmt: skip


def plant(bank: Bank) -> None:
    """Each by the very services that people use, in the order of its days."""
    for case in CASES:
        if case.company in bank.companies and case.manager in bank.people:
            plant_one(bank, case)


def plant_one(bank: Bank, case: Case) -> Pack:
    """One pack with its papers, as far as it has come."""
    manager = User.objects.get(username=case.manager)
    day = bank.working_day(case.manager, bank.days_ago(case.days * 7 // 5))
    at = min(bank.at(day, 10), bank.now - dt.timedelta(minutes=40))
    told: dict[str, Any] = {"actor": manager, "now": at}
    pack = services.create_pack(company_id=bank.companies[case.company].pk, order=case.order, **told)
    for facility in case.facilities:
        services.keep_facility(pack_id=pack.pk, entry=facility, **told)
    for party in case.parties:
        services.keep_party(pack_id=pack.pk, entry=party, **told)
    for security in case.securities:
        services.keep_security(pack_id=pack.pk, entry=security, **told)
    if case.step == "draft":
        return pack
    services.start_docs(pack_id=pack.pk, **told)
    later = min(at + dt.timedelta(days=2), bank.now - dt.timedelta(minutes=30))
    bring_papers(pack, manager, User.objects.get(username=bank.head_of(case.manager).username), at=later, but=case.open)
    if case.step == "writing":
        services.start_writing(pack_id=pack.pk, actor=manager, now=min(later + dt.timedelta(days=3), bank.now))
    return Pack.objects.get(pk=pack.pk)


def bring_papers(pack: Pack, manager: User, checker: User, *, at: dt.datetime, but: Sequence[str] = ()) -> None:
    """All required papers but those of some codes, one document for each heading, checked by a second person.

    Of `but` the first was too old when it came, the second waits to be checked, the others were asked for.
    """
    version = selectors.draft_of(pack)
    if version is None:
        return
    version.pack = pack
    items = [item for item in checklists.items_of(version) if item.need == Need.REQUIRED or item.code in but]
    on = checklists.today_of(pack, at)
    ready = [item for item in items if item.code not in but]
    _file(pack, manager, ready, f"{pack.number} papers", on, at)
    for item in ready:
        papers.check_paper(item_id=item.pk, original_sighted=True, actor=checker, now=at)
    rest = {item.code: item for item in items if item.code in but}
    for code in but[:2]:
        if code in rest:
            old = on - dt.timedelta(days=200) if code == but[0] else on
            _file(pack, manager, [rest.pop(code)], f"{pack.number} {code}", old, at)
    if rest:
        papers.request_papers(pack_id=pack.pk, item_ids=[item.pk for item in rest.values()], actor=manager, now=at)


def _file(pack: Pack, manager: User, items: Iterable[Any], title: str, dated_on: dt.date, at: dt.datetime) -> None:
    ids = tuple(item.pk for item in items)
    if not ids:
        return
    content = small_pdf([title, str(pack.company.name_en), dated_on.isoformat()])
    stored = store([content], name=f"{title}.pdf", media_type="application/pdf", owner=manager)
    papers.receive_papers(pack_id=pack.pk, received=Received((stored.pk,), ids, dated_on, title), actor=manager, now=at)


def small_pdf(lines: Sequence[str]) -> bytes:
    """A page with some lines of Latin text: what a scan stands for in the demo bank."""
    shown = "".join(f"({line.translate(_ESCAPED)}) Tj T* " for line in lines if line.isascii())
    drawing = f"BT /F1 14 Tf 72 760 Td 20 TL {shown}ET".encode("ascii")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + trailer


_ESCAPED = {ord(mark): f"\\{mark}" for mark in "()\\"}
