"""Leave cover: who keeps whose desk, and naming or ending a deputy."""

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.staff import permissions, selectors, services
from crm.staff.choices import CoverState
from crm.staff.forms import CoverForm
from crm.staff.models import LeaveCover, User
from crm.web.forms import NoFields
from crm.web.views import Action, OperationView, Page

TONES = {CoverState.COMING: "indigo", CoverState.HOLDS: "jade", CoverState.OVER: "mute"}


class CoverList(Page):
    """One's own cover, the desks that one keeps, and those of one's people."""

    title = _("Leave cover")
    template_name = "staff/covers.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Who decides something, and who reads staff records."""
        return permissions.can_read_covers(user=request.user)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Today's, later ones, and those of the last 30 days."""
        user: Any = request.user
        now, today = timezone.now(), timezone.localdate()
        people = list(selectors.headed_deciders(user, now=now))
        enders = {user.pk, *(person.pk for person in people)}
        shown = {part: [self._row(cover, today, enders) for cover in covers] for part, covers in selectors.covers_of(user, now=now).items()}
        return self.render(self.template_name, self.get_context_data(covers=shown, people=people, actions=self.actions()))

    def _row(self, cover: LeaveCover, today: dt.date, enders: set[int]) -> tuple[LeaveCover, CoverState, str, bool]:
        """The cover, its state and tone, and whether the reader may end it: as `can_end_cover` says, without a statement a row."""
        state = cover.state_on(today)
        may_end = state != CoverState.OVER and (cover.principal_id in enders or cover.deputy_id == self.request.user.pk)
        return cover, state, TONES[state], may_end

    def actions(self) -> list[Action]:
        """Name a deputy for oneself."""
        user = self.request.user
        if not permissions.can_name_deputy(user=user, principal=user):
            return []
        return [Action(_("Name my deputy"), url_of("staff:cover_create", user.pk), "plus", primary=True)]


class CoverCreate(OperationView):
    """Name the deputy of somebody who will be away."""

    model = User
    form_class = CoverForm
    submit_label = _("Name the deputy")
    success_message = _("Named. The deputy decides on these days with the lower authority of both.")

    def get_queryset(self) -> QuerySet[Any]:
        """Oneself, and the heads whom one heads."""
        user: Any = self.request.user
        return selectors.coverable(user, now=timezone.now())

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_name_deputy(user=request.user, principal=self.object)

    def get_title(self) -> Any:
        """For whom."""
        if self.object.pk == self.request.user.pk:
            return _("Name my deputy")
        return _("Name a deputy for %(name)s") % {"name": self.object}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Those who may, and the longest time."""
        now = timezone.now()
        return {
            "deputies": selectors.deputies_for(self.object, now=now),
            "today": services.today_of(self.object, now),
            "most": services.longest_cover(self.object, now),
        }

    def get_back_url(self) -> str:
        """The list."""
        return url_of("staff:cover_list")

    def perform(self, *, data: dict[str, Any], now: Any) -> LeaveCover:
        """Name."""
        absence = services.Absence(self.object.pk, data["deputy"], data["from_on"], data["to_on"], data["reason"])
        return services.name_deputy(actor=self.request.user, now=now, absence=absence)


class CoverEnd(OperationView):
    """End a cover before its last day."""

    model = LeaveCover
    select_related = ("principal", "deputy")
    form_class = NoFields
    submit_label = _("End it")
    success_message = _("Ended. The deputy decides nothing of it any more.")
    tone = "bad"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_end_cover(user=request.user, cover=self.object)

    def get_title(self) -> Any:
        """The question."""
        return _("End %(deputy)s’s cover for %(principal)s now?") % {"deputy": self.object.deputy, "principal": self.object.principal}

    def perform(self, *, data: dict[str, Any], now: Any) -> LeaveCover:
        """End."""
        return services.end_cover(cover_id=self.object.pk, actor=self.request.user, now=now)
