"""The board, the list, a visit on the phone, and the steps around it."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from credit.surprises import forms, monitoring, permissions, rules, selectors, services
from credit.surprises.choices import OVERALL, POINTS, Origin, PhotoRemark, Result, Seen, VisitState
from credit.surprises.filters import VisitFilters
from credit.surprises.models import Photo, Premises, SurpriseVisit
from credit.surprises.parts import VisitCard
from credit.surprises.services.making import receive_photo
from credit.surprises.tables import RESULT_TONES, STATE_TONES, VisitTable
from crm.clients.models import Client
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.contributions import of
from crm.kernel.errors import DomainError
from crm.kernel.permission import ALLOWED, Permission
from crm.web.downloads import attachment
from crm.web.forms import NoFields
from crm.web.views import Empty, ListView, OperationView, Page, RecordFragmentView, RecordPage, UpdateView

RELATED = ("client__company", "centre", "visitor", "companion", "owner")
SHOWN = 8
WORKER = Path(__file__).parent / "static" / "surprises" / "worker.js"


class MonitoringBoard(Page):
    """`/credit/monitoring/`: clients by class, today’s visits, late records."""

    title = _("Monitoring")
    template_name = "surprises/board.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads monitoring."""
        return permissions.can_read_monitoring(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Counts of all classes; rows of what this reader sees."""
        board = monitoring.board(request.user, now=timezone.now())
        latest = [(visit, RESULT_TONES.get(visit.result, "")) for visit in board.latest[:SHOWN]]
        missing = [kind.label for kind in board.missing]
        return self.render(self.template_name, self.get_context_data(board=board, latest=latest, missing=missing))


class VisitList(ListView):
    """`/credit/visits/`: the newest first."""

    model = SurpriseVisit
    table_class = VisitTable
    filterset_class = VisitFilters
    title = _("Surprise visits")
    ordering = ("-on", "-id")
    select_related = ("client__company", "visitor", "companion")
    search_hint = _("Company, stock code or number")
    empty = Empty(_("No surprise visits to see"), _("A visit is shown here once it is revealed to you."), icon="visits")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads monitoring."""
        return permissions.can_read_monitoring(user=request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company."""
        return queryset.filter(client__company__in=Company.objects.visible_to(self.request.user).named(q))


def point_rows(visit: SurpriseVisit, form: BaseForm | None) -> list[dict[str, Any]]:
    """The 21 points with what is answered, photographed, and refused of them."""
    photos: dict[int, list[Photo]] = {}
    for photo in visit.photos.select_related("file").order_by("pk"):
        photo.words = [PhotoRemark(code).label for code in photo.remarks]
        photos.setdefault(photo.point, []).append(photo)
    found = []
    for point in POINTS:
        kept = visit.answers.get(str(point.number), {})
        typed = form.data if form is not None and form.is_bound else {}
        answer = typed.get(f"point_{point.number}", kept.get("answer", ""))
        row = {"point": point, "answer": answer, "words": typed.get(f"words_{point.number}", kept.get("words", ""))}
        row["error"] = form.errors.get(f"point_{point.number}") if form is not None else None
        row["label"] = Seen(answer).label if answer in Seen.values else ""
        row["tone"] = "" if answer in ("", Seen.NOT_SEEN) else ("seal" if answer == point.bad else "jade")
        found.append(row | {"photos": photos.get(point.number, [])})
    return found


class VisitPage(RecordPage):
    """What the page and the record form of a visit share."""

    model = SurpriseVisit
    select_related = RELATED

    def on_site(self, form: BaseForm | None) -> dict[str, Any]:
        """What the phone shows of a visit."""
        visit, user = self.object, self.request.user
        last = selectors.last_before(visit)
        changed = rules.differences(last.answers, visit.answers) if last and visit.answers else []
        rows = point_rows(visit, form)
        answered = sum(bool(row["answer"]) for row in rows)
        held = form if form is not None else forms.RecordForm(initial=_initial(visit))
        return {
            "rows": rows,
            "form": held,
            "answered": answered + bool(visit.result),
            "overall": OVERALL,
            "results": Result.choices,
            "seen": Seen.choices,
            "premises": selectors.premises_of(visit.client),
            "last": last,
            "last_tone": RESULT_TONES.get(last.result, "") if last else "",
            "changed": [
                (rules.BY_NUMBER[number], Seen(old).label if old else "—", Seen(new).label if new else "—") for number, old, new in changed
            ],
            "state_tone": STATE_TONES[visit.state],
            "result_tone": RESULT_TONES.get(visit.result, ""),
            "photo_count": visit.photos.count(),
            "may_check_in": permissions.can_check_in(user=user, visit=visit),
            "may_record": permissions.can_record(user=user, visit=visit, now=timezone.now()),
            "may_cancel": permissions.can_cancel(user=user, visit=visit),
            "is_visitor": permissions.is_visitor(user, visit),
            "is_own": visit.origin == Origin.OWN,
            "fewer": _fewer(visit),
            "cards": self._cards(),
        }

    def _cards(self) -> list[tuple[str, Any]]:
        cards = [(card.template, card.content(self.request.user, self.object)) for card in sorted(of(VisitCard), key=lambda one: one.order)]
        return [(template, content) for template, content in cards if content is not None]


def _initial(visit: SurpriseVisit) -> dict[str, Any]:
    names = ("people_seen", "on_payroll", "phone_dialled", "entry_refused", "result", "result_reason")
    found: dict[str, Any] = {name: getattr(visit, name) for name in names}
    if found["on_payroll"] is None:
        found["on_payroll"] = selectors.premises_of(visit.client).headcount
    moment = visit.phone_diverted_at
    return found | {"phone_diverted": moment is not None, "phone_diverted_at": moment.isoformat() if moment else ""}


def _fewer(visit: SurpriseVisit) -> int | None:
    """Per cent fewer people than on payroll, where that is beyond the bank's tolerance."""
    tolerance = selectors.figures(visit.centre.jurisdiction, visit.on).days("headcount_percent")
    seen, payroll = visit.people_seen, visit.on_payroll
    if seen is None or not payroll or not rules.is_short_staffed(seen, payroll, tolerance):
        return None
    return round((payroll - seen) * 100 / payroll)


class VisitDetail(VisitPage):
    """`/credit/visits/<id>/`: on the phone, check-in and record; afterwards what was seen."""

    template_name = "surprises/visit_detail.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page as its state calls for it."""
        record = Record()
        record.setup(request, pk=self.object.pk)
        keys = {"submission": record.submission, "draft_key": url_of("surprises:record", self.object.pk)}
        check_in = forms.CheckInForm()
        return self.render(self.template_name, self.get_context_data(check_in=check_in, **keys, **self.on_site(None)))


class CheckIn(OperationView):
    """The visitor is there."""

    model = SurpriseVisit
    select_related = RELATED
    form_class = forms.CheckInForm
    title = _("Check in")
    submit_label = _("Check in")
    success_message = _("Checked in.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_check_in(user=request.user, visit=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> SurpriseVisit:
        """Check in."""
        place = rules.place_of(data["latitude"], data["longitude"])
        told = {"visit_id": self.object.pk, "away_reason": data["away_reason"], "actor": self.request.user}
        return services.check_in(place=place, now=now, **told)


class Record(VisitPage, OperationView):
    """What was seen, with photos. It goes out once, however often the phone sends it."""

    form_class = forms.RecordForm
    template_name = "surprises/record_form.html"
    title = _("Record of the visit")
    submit_label = _("Finish visit")
    success_message = _("Recorded.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_record(user=request.user, visit=self.object, now=timezone.now())

    def get_initial(self) -> dict[str, Any]:
        """As it stands."""
        return _initial(self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> SurpriseVisit:
        """Photos first: what they show belongs to the record."""
        user: Any = self.request.user
        for point in range(1, OVERALL + 1):
            for upload in self.request.FILES.getlist(f"photos_{point}"):
                file = receive_photo(upload, actor=user)
                services.add_photo(visit_id=self.object.pk, point=point, file_id=file.pk, actor=user, now=now)
        entry = self.make_form().entry(data, now)  # type: ignore[attr-defined]
        return services.record(visit_id=self.object.pk, entry=entry, actor=user, now=now)

    def show(self, form: BaseForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """With all that the phone shows."""
        more = self.on_site(form)
        more.pop("form")
        return super().show(form, status=status, **more | context)


class VisitWorker(RecordPage):
    """`/credit/visits/<id>/worker.js`: the script that opens this one visit's page without a network. Its address is its scope."""

    model = SurpriseVisit

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever makes the record."""
        return permissions.can_record(user=request.user, visit=self.object, now=timezone.now())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The same script for every visit."""
        return HttpResponse(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")


class Cancel(OperationView):
    """The centre head calls it off."""

    model = SurpriseVisit
    select_related = RELATED
    form_class = forms.CancelForm
    title = pgettext_lazy("surprise visit", "Cancel this visit")
    submit_label = _("Cancel it")
    success_message = _("Cancelled. Another is drawn.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_cancel(user=request.user, visit=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> SurpriseVisit:
        """Cancel it."""
        return services.cancel(visit_id=self.object.pk, actor=self.request.user, now=now, **data)


class PhotoDownload(RecordPage):
    """One photo, only ever as a download."""

    model = Photo
    select_related = ("file",)

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the visit."""
        return ALLOWED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The file."""
        return attachment(self.object.file)


class AboutClient(OperationView):
    """A step that begins at a client."""

    model = Client
    select_related = ("company", "centre", "team")

    def get_back_url(self) -> str:
        """The client."""
        return self.object.get_absolute_url()


class Go(AboutClient):
    """A manager goes there unannounced, now."""

    form_class = NoFields
    title = _("Go there unannounced, today?")
    submit_label = _("Begin the visit")
    success_message = _("Check in once you are there.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_go(user=request.user, client=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> SurpriseVisit:
        """Begin it."""
        return services.go_unannounced(client_id=self.object.pk, actor=self.request.user, now=now)


class KeepPremises(AboutClient, UpdateView):
    """Where and how a client works."""

    form_class = forms.PremisesForm
    title = _("Premises")
    success_message = _("Saved.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_premises(user=request.user, client=self.object)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """As they are known."""
        return self.form_class(data, files, instance=selectors.premises_of(self.object))

    def version_now(self) -> int:
        """Theirs; 0 while none are written down."""
        return selectors.premises_of(self.object).version

    def get_success_url(self, result: Any) -> str:
        """The client."""
        return self.object.get_absolute_url()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Premises:
        """Keep them."""
        return services.keep_premises(client_id=self.object.pk, values=data, version=self.seen, actor=self.request.user, now=now)


class CompanyVisits(RecordFragmentView):
    """A company's surprise visits that this reader may see, as a panel of its page."""

    model = Company
    template_name = "surprises/company_visits.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads monitoring; which visits is for the rows."""
        return permissions.can_read_monitoring(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest ones, how far the year is, and what this reader may do."""
        user = self.request.user
        rows = SurpriseVisit.objects.visible_to(user).filter(client__company=self.object).select_related("visitor")
        rows = rows.exclude(state=VisitState.CANCELLED).order_by("-on", "-pk")[:SHOWN]
        client = Client.objects.visible_to(user).filter(company=self.object).select_related("centre").first()
        shown = [(row, STATE_TONES[row.state], RESULT_TONES.get(row.result, "")) for row in rows]
        more: dict[str, Any] = {"client": client}
        if client is not None:
            more["progress"] = monitoring.progress_of([client.pk], on=timezone.localdate()).get(client.pk)
            more["may_go"] = bool(permissions.can_go(user=user, client=client))
            more["may_keep"] = bool(permissions.can_keep_premises(user=user, client=client))
            more["may_read_plan"] = bool(permissions.can_read_plan(user=user))
        return super().get_context_data(rows=shown, **more, **context)


class ReadPlan(RecordPage):
    """Compliance reads a client's sealed draws: a reason first; nothing of the answer is kept anywhere but the fact that it was read."""

    model = Client
    select_related = ("company", "centre")
    title = _("Sealed draws")
    template_name = "surprises/plan.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Compliance alone."""
        return permissions.can_read_plan(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question why."""
        return self.render(self.template_name, self.get_context_data(form=forms.PlanForm()))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The draws, on this one answer."""
        form = forms.PlanForm(request.POST)
        if not form.is_valid():
            return self.render(self.template_name, self.get_context_data(form=form), status=422)
        try:
            told: dict[str, Any] = {"actor": request.user, "now": timezone.now()}
            plan = services.read_plan(client_id=self.object.pk, reason=form.cleaned_data["reason"], **told)
        except DomainError as error:
            form.add_error(None, str(error))
            return self.render(self.template_name, self.get_context_data(form=form), status=422)
        known = selectors.figures(self.object.centre.jurisdiction, timezone.localdate())
        rows = [(one, "–".join(f"{moment:%H:%M}" for moment in known.span(one.slot))) for one in plan]
        return self.render(self.template_name, self.get_context_data(form=form, plan=rows))
