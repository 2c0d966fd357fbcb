"""The world that access is asked of: one record of each kind, all of them `rm`'s, each with a word that stands nowhere else.

Words like `qcsummary` and the given names are listed with their readers in tests/access/canaries.py.
"""

import contextlib
import datetime as dt
import tempfile
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from axes.models import AccessAttempt
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from content.alerts import services as alerts
from content.brief.models import ReadingDay
from content.clippings import services as clippings
from content.clippings.choices import Class, MentionState
from content.clippings.models import Clipping, Mention, Source
from content.library.models import Sheet
from credit.spreads import services as spreads
from credit.spreads.mapping.periods import Heading
from crm.approvals.services import DIGEST, LATE
from crm.clients import services as clients
from crm.clients.choices import Tier
from crm.companies import services as companies
from crm.companies.choices import NameKind
from crm.companies.rules import NewAddress, NewIdentifier
from crm.concessions import services as concessions
from crm.concessions.choices import DecideAct, ProbeVia
from crm.concessions.confirming import CONTEXT
from crm.concessions.models import Concession
from crm.concessions.rules import Terms, Words
from crm.gifts import services as gifts
from crm.gifts.choices import GiftWork
from crm.gifts.models import Gift
from crm.kernel import todo
from crm.kernel.models import Job, WorkItem
from crm.notifications import services as notifications
from crm.notifications.models import Mail
from crm.papers import services as papers
from crm.papers.models import Letter
from crm.policy import services as policies
from crm.policy.models import FigureChange
from crm.policy.rules import Proposal
from crm.staff import services as staff
from crm.staff.choices import Role
from crm.staff.models import ApiToken, LeaveCover
from crm.visits import services as visits
from crm.visits.rules import Entry, Promised
from crm.web.models import SavedView
from prospects.deals import rules
from prospects.deals import services as deals
from prospects.deals.choices import Criterion
from prospects.directories import services as directories
from prospects.directories.choices import ImportState, Verdict
from prospects.directories.models import Import, StagedRow
from search import services as search
from tests.access import deciding, entertaining, lending, monitoring, systems, watching
from tests.cast import Bank
from tests.companies import making
from tests.crm.figures import making as figuring
from tests.crm.gifts import making as giving
from tests.papers import making as templates
from tests.prospects.deals import making as dealing

PIXEL = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                      "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082")  # fmt: skip


LIST = """Company Name,Stock Code,Exchange,ISIN
Harbour Lights Limited,00005,HKEX,
Wah Kong Logistics Ltd,,,
Bad Qcrefused Limited,,,HK0000000000
"""


def build(bank: Bank) -> SimpleNamespace:
    """The records by name."""
    rm, now = bank.rm, timezone.now()
    client = making.client_of(bank, "Yau Tat Textiles Limited", "裕達紡織有限公司")
    company = client.company
    companies.add_name(company_id=company.pk, text="Yau Tat", kind=NameKind.SHORT, actor=rm, now=now)
    contact = making.contact(bank, company, "Christine Yau", mobile="61237654", note="Qcnote")
    companies.form_group(company_id=company.pk, name_en="Yau Tat Qcgroup", name_zh="裕達集團", actor=rm, now=now)
    company.refresh_from_db()
    visit = visits.log_visit(
        actor=rm,
        now=now,
        company_id=company.pk,
        entry=Entry(
            happened_at=now - dt.timedelta(minutes=5),
            summary="LC renewal qcsummary",
            texts={"concerns": "Stock is slow qcconcern"},
            promises=(Promised("Send the fee sheet qcpromise", now.date() + dt.timedelta(days=3)),),
        ),
    )
    photo = visits.receive_file(SimpleUploadedFile("door-qcfile.png", PIXEL), actor=rm, now=now)
    visits.attach(visit_id=visit.pk, actor=rm, now=now, file_id=photo.pk)
    visits.add_addendum(visit_id=visit.pk, actor=rm, now=now, text="More on this qcaddendum")
    planned = visits.plan_visit(
        actor=rm, now=now, company_id=company.pk, planned_at=now + dt.timedelta(days=2), objective="Ask for qcobjective"
    )
    task = todo.add_task(actor=rm, now=now, title="Call back qctask", due_at=now + dt.timedelta(days=1))
    done = todo.complete_task(
        item_id=todo.add_task(actor=rm, now=now, title="Done", due_at=now + dt.timedelta(days=1)).pk, actor=rm, now=now
    )
    deal = dealing.prospect(rm, "Wah Kong Logistics", now=now, numbers=(dealing.ANOTHER,), need="Cash pooling qcneed")
    statement = rules.Statement("Lists of the day show nothing qcevidence", now.date())
    evidence = deals.state_evidence(deal_id=deal.pk, criterion=Criterion.SCREENING, statement=statement, actor=rm, now=now)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write(LIST)
        file.flush()
        path = Path(file.name)
        mapped = directories.start_import(actor=rm, now=now, table=directories.read_table(path, "new.csv"), source_name="Another qcsource")
        directories.load_directory(path, actor=rm, now=now, source="Test list qclist")
    loaded = Import.objects.exclude(pk=mapped.pk).get()
    Import.objects.filter(pk=mapped.pk).update(state=ImportState.MAPPED)
    clients.change_tier(client_id=client.pk, tier=Tier.A, reason="Key account qctier", actor=bank.head, now=now)
    client.refresh_from_db()
    deals.ask_coverage(asked="Yau qcasked", actor=rm, now=now)
    staff.create_token(user=rm)
    clipping = _clippings(rm, now, asked=deal.company)
    letter = _letters(bank, now, company)
    # Before anything stands to be decided about the client, which makes gifts sensitive.
    given = _gifts(bank, now, company)
    granted, returned, waiting = _concessions(bank, now, company)
    sheet = _sheets(bank, now)
    search.rebuild()
    change = staff.propose_post_change(
        user_id=bank.rm2.pk,
        actor=bank.admin,
        now=now,
        role=Role.SRM,
        grade=3,
        unit_id=bank.team.pk,
        ends_id=bank.post("rm2").pk,
        reason="Promoted qcreason",
    )
    AccessAttempt.objects.create(username=bank.rm2.username, ip_address="10.0.0.9", failures_since_start=5)
    return SimpleNamespace(
        alert=alerts.keep_alert(terms=alerts.AlertTerms("Mills qcwatch", "mill qclooked"), actor=rm),
        reading=ReadingDay.objects.create(person=rm, day=now.date() - dt.timedelta(days=1)),
        client=client,
        company=company,
        name=company.names.get(text="Yau Tat"),
        identifier=companies.add_identifier(
            company_id=company.pk, identifier=NewIdentifier("lei", "529900T8BM49AURSDO55"), actor=rm, now=now
        ),
        address=companies.add_address(company_id=company.pk, address=NewAddress("1 Hung To Road"), actor=rm, now=now),
        contact=contact,
        group=company.group,
        figure_file=figuring.file("balances", now.date()),
        visit=visit,
        planned=planned,
        promise=visit.promises.get(),
        attachment=visit.attachments.get(),
        photo=photo,
        deal=deal,
        evidence=evidence,
        criterion=Criterion.ATTEMPT.value,
        mapped=mapped,
        loaded=loaded,
        duplicate=StagedRow.objects.get(of_import=loaded, verdict=Verdict.DUPLICATE),
        file_format="csv",
        task=task,
        done=done,
        job=Job.objects.create(kind="test", title="A job qcjob", owner=rm),
        view=SavedView.objects.create(owner=rm, list_name="clients:client_list", title="Mine qcview"),
        token=ApiToken.objects.get(user=rm),
        change=change,
        person=bank.rm2,
        unit=bank.units["centre"],
        clipping=clipping,
        mention=clipping.mentions.get(state=MentionState.SUGGESTED),
        letter=letter,
        concession=waiting,
        returned=returned,
        granted=granted,
        conflict=concessions.declare_conflict(actor=bank.rm, now=now, company_id=deal.company_id, reason="A cousin qcconflict"),
        suspension=concessions.suspend(actor=bank.centre, now=now, person_id=bank.rm2.pk, reason="Inquiry qcsuspended"),
        sheet=sheet,
        policy=SimpleNamespace(pk="deals.lead_cap"),
        figure_change=_lowering(bank, now),
        desk=bank.head,
        cover=_cover(bank, now),
        **given,
        mail=_told(rm, now),
        **entertaining.build(bank, now, deal.company),
        **lending.build(bank, now, deal.company),
        **_spread(bank, now, deal.company),
        **deciding.build(bank, now),
        **monitoring.build(bank, now),
        **systems.build(bank, now),
        **watching.build(bank, now, client),
    )


def _spread(bank: Bank, now: dt.datetime, company: Any) -> dict[str, Any]:
    """By `rm`, of their prospect: a year of figures, and a file that waits to be taken over."""
    made = spreads.begin_spread(company_id=company.pk, actor=bank.rm, now=now, currency="HKD", unit=1000, jurisdiction="HK")
    year = Heading(dt.date(now.year - 1, 12, 31))
    told = {"spread_id": made.pk, "actor": bank.rm, "now": now}
    spreads.enter_period(heading=year, values={"sales": Decimal(900)}, source="Report qcstatement", **told)
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write("Line,2024\nSales,5\nTotal assets,9\n")
        file.flush()
        path = Path(file.name)
        upload = spreads.bring_file(path=path, reading=spreads.read_statements(path, "accounts-qcaccounts.csv", unit=1000), **told)
    made.refresh_from_db()
    return {"spread": made, "upload": upload}


def _told(rm: Any, now: dt.datetime) -> Mail:
    """What `rm` was told in the app, and by mail."""
    notifications.notify(kind=LATE, user_ids=[rm.pk], key="told", line="It is late qcnotice", url="/", now=now)
    letter = notifications.Letter("A mail qcmail", "Text")
    notifications.write_mail(kind=DIGEST, user=rm, key="told", letter=letter, deliver_at=now, now=now)
    return Mail.objects.get(to=rm)


def _gifts(bank: Bank, now: dt.datetime, company: Any) -> dict[str, Any]:
    """One that waits, one to issue, one to hand over, one received; and what they come from."""
    item = giving.item(bank, name="Umbrella qcitem")
    contact = making.contact(bank, company, "Gerald Yau")
    told = {"on": timezone.localdate() + dt.timedelta(days=1), "now": now}
    waits, approved, issued = (giving.ask(bank, contact, item, **told) for _ in range(3))
    Gift.objects.filter(pk=waits.pk).update(reason="Opening qcgift")
    for gift in (approved, issued):
        giving.approve(bank, gift, now=now)
    gifts.issue(gift_id=issued.pk, actor=bank.ops, now=now)
    entry = giving.received(contact, what="Calendar qcreceived", on=timezone.localdate())
    received = gifts.declare_received(company_id=contact.company_id, entry=entry, actor=bank.rm, now=now)
    asked = WorkItem.objects.open().get(kind=GiftWork.DECIDE, subject_id=waits.pk)
    return {
        "approval": asked,
        "gift": waits,
        "gift_approved": approved,
        "gift_issued": issued,
        "gift_received": received,
        "gift_item": item,
    }


def _lowering(bank: Bank, now: dt.datetime) -> FigureChange:
    """What the team head proposes for one of the team."""
    terms = Proposal("deals.lead_cap", {"RM": 60}, timezone.localdate(now), "Too many qclower", person_id=bank.rm2.pk)
    return policies.propose_change(actor=bank.head, now=now, proposal=terms)


def _cover(bank: Bank, now: dt.datetime) -> LeaveCover:
    """The team head will be away."""
    first = timezone.localdate(now) + dt.timedelta(days=60)
    absence = staff.Absence(bank.head.pk, bank.head2.pk, first, first + dt.timedelta(days=6), "Wedding qcaway")
    return staff.name_deputy(actor=bank.head, now=now, absence=absence)


def _letters(bank: Bank, now: dt.datetime, company: Any) -> Letter:
    """A letter by `rm`, and a template that was refused."""
    told = {"code": "visit", "actor": bank.editor, "now": now}
    with contextlib.suppress(papers.PaperRefused):
        papers.keep_template(values=templates.values(body_en="{{ qcleak }}"), **told)
    templates.letterhead(bank.head_office, bank.editor)
    held = papers.keep_template(values=templates.values(subject_en="Our visit qcletter"), **told)
    return papers.write_letter(company_id=company.pk, order=papers.LetterOrder(held.pk, "en"), actor=bank.rm, now=now)


def _concessions(bank: Bank, now: dt.datetime, company: Any) -> list[Concession]:
    """By `rm`: one granted with a promise open, one that came back with a question, one that waits for the head; a look at whose it is."""
    values = templates.values(subject_en="Our confirmation", context=CONTEXT)
    papers.keep_template(code="confirmation", values=values, actor=bank.editor, now=now)
    paper = visits.receive_file(SimpleUploadedFile("offer.png", PIXEL), actor=bank.rm, now=now)
    made = []
    for days, act in ((1, "approve"), (2, "return"), (3, "")):
        day = now.date() + dt.timedelta(days=60)
        words = Words("The auditor is late qcconcession", promise="Sends them qcreturned", promise_due_on=day, sunset_on=day)
        order = concessions.Order(Terms("CT6", days=Decimal(days)), words, paper_id=paper.pk)
        one = concessions.request_concession(actor=bank.rm, now=now, company_id=company.pk, order=order)
        if act:
            decision = concessions.Decision(DecideAct(act), "Which papers?")
            one = concessions.decide(concession_id=one.pk, actor=bank.head, now=now, decision=decision)
        made.append(one)
    concessions.look_at_level(actor=bank.rm, now=now, company_id=company.pk, terms=Terms("CT6", days=Decimal(5)), via=ProbeVia.PAGE)
    return made


def _sheets(bank: Bank, now: dt.datetime) -> Sheet:
    """One of each class; the public one has a file."""
    file = visits.receive_file(SimpleUploadedFile("sheet.png", PIXEL), actor=bank.editor, now=now)
    told = {"kind": "product", "summary_en": "Yau might like it", "source": "Desk", "live": True}
    Sheet.objects.create(title_en="Yau qcinternalsheet", klass=Class.INTERNAL, **told)
    return Sheet.objects.create(title_en="Yau qcsheet", file=file, **told)


def _clippings(rm: Any, now: dt.datetime, *, asked: Any) -> Clipping:
    """One of each class and one that waits, all added by `rm`. The public one names the client, and may name `asked`."""
    source = clippings.source_named("Harbour qcpaper", actor=None, now=now)
    Source.objects.filter(pk=source.pk).update(licensed=True)
    told = {"source_id": source.pk, "actor": rm, "now": now}
    public = clippings.add_clippings(drafts=[clippings.Draft("Yau Tat Textiles Limited is busy", "Orders come in.", now)], **told)
    clippings.add_clippings(drafts=[clippings.Draft("Trade talk", "Yau hears qcinternalnews", now)], klass=Class.INTERNAL, **told)
    clippings.add_clippings(drafts=[clippings.Draft("A placing", "Yau in project qcdealnews", now)], klass=Class.DEAL, **told)
    clippings.add_clippings(drafts=[clippings.Draft("To be checked", "Yau is said to be qcwaiting", now)], publish=False, **told)
    Mention.objects.create(
        clipping=public.rows[0], company=asked, state=MentionState.SUGGESTED, start=0, end=3, text="Yau", name="yau", published_at=now
    )
    return public.rows[0]
