"""The list of accountability files, one of them, what is written into it, and its frozen papers."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from credit.accountability import parts, pdf, permissions, rules, selectors, services
from credit.accountability.choices import OUTCOME_TONES, EntryKind, Outcome, Way
from credit.accountability.filters import FileFilters
from credit.accountability.forms import EntryForm
from credit.accountability.models import Ballot, Case, Compilation, DutyFile, Entry, Ruling, Statement
from credit.accountability.tables import FileTable
from credit.packs.models import Pack
from credit.risk.choices import LoanClass
from crm.companies.models import Company
from crm.kernel import clock
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.papers.choices import Language
from crm.web.downloads import as_download
from crm.web.templatetags.ui import chip
from crm.web.views import Action, DetailView, Empty, Fact, FileDownload, ListView, OperationView
from crm.web.views.base import RecordPage

ENTRY_TONES = {EntryKind.INSTRUCTION: "indigo", EntryKind.OBJECTION: "seal", EntryKind.NOTE: "mute"}


class FileList(ListView):
    """`/credit/accountability/`: newest first."""

    model = DutyFile
    table_class = FileTable
    filterset_class = FileFilters
    title = _("Accountability files")
    ordering = ("-at",)
    select_related = ("client__company", "client__owner", "originator", "pack")
    search_hint = _("Company, stock code or number")
    empty = Empty(_("No files yet"), _("Each credit pack that goes live opens its own."), icon="check")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads files."""
        return permissions.can_read_files(user=request.user)

    def get_queryset(self) -> Any:
        """With what was frozen last."""
        return selectors.frozen_columns(super().get_queryset())

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the beginning of the pack's number."""
        named = Company.objects.visible_to(self.request.user).named(q)
        return queryset.filter(client__company__in=named) | queryset.filter(pack__number__istartswith=q)


class FileDetail(DetailView):
    """`/credit/accountability/<id>/`: duties due and done, entries, what was frozen. Each reading is noted."""

    model = DutyFile
    select_related = selectors.RELATED
    template_name = "accountability/file_detail.html"
    crumb = (_("Accountability files"), "accountability:file_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    @cached_property
    def duties(self) -> list[parts.Duty]:
        """As of now."""
        return parts.gathered(selectors.scope_of(self.object, clock.now()))

    @cached_property
    def counted(self) -> rules.Tally:
        """Those that count."""
        return rules.tally(rules.standing(one.due_at, one.done_at) for one in self.duties if not one.is_hushed)

    @cached_property
    def frozen(self) -> Compilation | None:
        """The last."""
        return selectors.last_frozen(self.object)

    @cached_property
    def case(self) -> Case | None:
        """The committee on it."""
        return selectors.case_of(self.frozen)

    @cached_property
    def ruling(self) -> Ruling | None:
        """What it decided."""
        return selectors.ruling_of(self.case)

    @cached_property
    def said(self) -> list[Statement]:
        """Answers and objections."""
        return selectors.statements_of(self.case) if self.case is not None else []

    @cached_property
    def ballots(self) -> list[Ballot]:
        """Those of the committee, for its members."""
        rows = Ballot.objects.visible_to(self.request.user).filter(case=self.case)
        return list(rows.select_related("actor").order_by("at", "pk")) if self.case is not None else []

    def facts(self) -> list[Fact]:
        """The score with its numbers, the class, who began the loan, since when duties count."""
        file, counted = self.object, self.counted
        worst = selectors.class_of(file.client)
        share = f"{counted.percent} %" if counted.due else "—"
        return [
            Fact(_("Done on time / due"), f"{counted.on_time} / {counted.due}", share),
            Fact(_("Loan class"), chip(LoanClass(worst).label, "seal" if worst > selectors.WORST_ALLOWED else "") if worst else "—"),
            Fact(_("Began the loan"), file.originator.name),
            Fact(_("Duties since"), date_format(file.since, "DATE_FORMAT")),
        ]

    def actions(self) -> list[Action]:
        """Write into it; the frozen file as a PDF."""
        found = []
        if permissions.can_write(user=self.request.user, file=self.object):
            url = url_of("accountability:entry_write", self.object.pk)
            found.append(Action(_("Write into the file"), url, "edit", primary=True, dialog=True))
        found += self._steps()
        if self.frozen is not None:
            found.append(Action("PDF", url_of("accountability:frozen_pdf", self.frozen.pk), "download"))
        return found

    def _steps(self) -> list[Action]:
        """What this reader may do in the committee now."""
        if self.frozen is None:
            return []
        user, file, case, now = self.request.user, self.object, self.case, clock.now()
        if case is None:
            allowed = permissions.can_convene(user=user, file=file, frozen=self.frozen, case=None)
            offered = [(allowed, _("Convene the committee"), "convene", self.frozen.pk, "people")]
        else:
            sitting = permissions.Sitting(file, case, self.ruling, self.said)
            voted = [one.actor_id for one in self.ballots]
            closes = permissions.can_close(user=user, case=case, ruling=self.ruling)
            offered = [
                (permissions.can_answer(user=user, sitting=sitting, now=now), _("Answer in writing"), "answer", case.pk, "edit"),
                (permissions.can_vote(user=user, sitting=sitting, voted=voted, now=now), _("Vote"), "vote", case.pk, "check"),
                (closes, _("Close the vote"), "close_vote", case.pk, "check"),
                (permissions.can_object(user=user, sitting=sitting), _("Object, once"), "object", case.pk, "edit"),
            ]
        return [Action(label, url_of(f"accountability:{name}", pk), icon, dialog=True) for may, label, name, pk, icon in offered if may]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """With duties, entries and what was frozen; and notes that it was read."""
        user, file = self.request.user, self.object
        services.note_reading(file_id=file.pk, way=Way.PAGE, actor=user, now=clock.now())
        told = self.frozen.told if self.frozen is not None else None
        whole = permissions.knows_all(user)
        return super().get_context_data(
            duties=selectors.lines([one for one in self.duties if not one.is_hushed]),
            credit_duties=selectors.lines([one for one in self.duties if one.is_hushed]) if whole else [],
            counted=self.counted,
            entries=[(one, ENTRY_TONES[EntryKind(one.kind)]) for one in selectors.entries_of(file, user)],
            frozen=self.frozen,
            frozen_tally=rules.tally_of(told) if told else None,
            frozen_class=LoanClass(self.frozen.loan_class).label if self.frozen is not None else "",
            shares=rules.shares(told) if told else [],
            people=selectors.people_of(file.client.company_id),
            case=self.case,
            said=self.said,
            ballots=[(one, OUTCOME_TONES[Outcome(one.outcome)]) for one in self.ballots],
            ruling=self.ruling,
            ruling_tone=OUTCOME_TONES[Outcome(self.ruling.outcome)] if self.ruling is not None else "",
            reads_ballots=permissions.reads_ballots(user),
            follows=permissions.follows_links(user),
            **context,
        )


class FileOfPack(RecordPage):
    """`/credit/accountability/of/<pack>/`: leads from a live pack to its file."""

    model = Pack

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads files."""
        return permissions.can_read_files(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """There; back to the pack while it is not opened."""
        file = DutyFile.objects.visible_to(request.user).filter(pack=self.object).first()
        if file is None:
            messages.info(request, _("There is no accountability file of this pack to read yet."))
        return HttpResponseRedirect((file or self.object).get_absolute_url())


class EntryWrite(OperationView):
    """An instruction received, an objection, a note."""

    model = DutyFile
    select_related = selectors.RELATED
    form_class = EntryForm
    title = _("Write into the file")
    submit_label = _("Write it down for good")
    success_message = _("Written down. Nobody changes it any more.")
    sent_form: Any = None

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_write(user=request.user, file=self.object)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand: the service takes what it makes of its fields."""
        self.sent_form = super().make_form(data, files)
        return self.sent_form

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Entry:
        """Keep the paper, then write it."""
        upload, actor = data["paper"], self.request.user
        paper = services.bring_paper(upload, actor=actor, now=now) if upload else None
        paper_id = paper.pk if paper is not None else None
        return services.write_entry(file_id=self.object.pk, entry=self.sent_form.entry(), paper_id=paper_id, actor=actor, now=now)

    def get_success_url(self, result: Any) -> str:
        """The file."""
        return self.object.get_absolute_url()


class PaperDownload(FileDownload):
    """The paper of an entry, for whoever sees the file."""

    model = Entry

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Noted as read."""
        if self.object.file is None:
            raise Http404
        services.note_reading(file_id=self.object.file_of_id, way=Way.PAPER, actor=request.user, now=clock.now())
        return super().get(request, *args, **kwargs)


class FrozenPdf(RecordPage):
    """`/credit/accountability/frozen/<id>/pdf/?language=zh-hant`: a frozen file as one PDF."""

    model = Compilation
    select_related = ("file_of__client__centre", "file_of__pack")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the file."""
        return ALLOWED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Make it, and note that it was read."""
        frozen, asked = self.object, request.GET.get("language", "")
        known = [str(one) for one in Language]
        language = asked if asked in known else next((one for one in known if one == get_language()), "en")
        services.note_reading(file_id=frozen.file_of_id, way=Way.PDF, actor=request.user, now=clock.now())
        content = pdf.make(frozen, language=language, whole=permissions.knows_all(request.user))
        name = f"{frozen.file_of.pack.number}-accountability.pdf"
        return as_download(HttpResponse(content, content_type="application/pdf"), name)
