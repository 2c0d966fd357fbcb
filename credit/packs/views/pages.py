"""The register of packs, a pack's page drawn from what the features of credit contribute, its steps, its versions compared."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.db.models import Max, Min, Sum
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.packs import comparing, permissions, selectors
from credit.packs.choices import PREPARING, State, VersionState
from credit.packs.filters import PackFilters
from credit.packs.guarding import obstacles_of
from credit.packs.models import Pack, PackVersion
from credit.packs.parts import Obstacle, PackAction, PackPanel
from credit.packs.tables import TONES, PackTable
from crm.companies.models import Company
from crm.kernel.addresses import url_of
from crm.kernel.contributions import of
from crm.kernel.money import Money
from crm.kernel.permission import ALLOWED, Permission
from crm.web.views import Action, Crumb, DetailView, Empty, ListView, RecordFragmentView, RecordPage

RELATED = ("company", "owner", "centre", "team")
SHOWN = 8
_VERSION_TONES = {
    VersionState.DRAFT: "indigo",
    VersionState.SEALED: "jade",
    VersionState.ON_HOLD: "amber",
    VersionState.SUPERSEDED: "",
    VersionState.DROPPED: "seal",
}


class PackList(ListView):
    """`/credit/packs/`: those that moved last first."""

    model = Pack
    table_class = PackTable
    filterset_class = PackFilters
    title = _("Credit packs")
    ordering = ("-state_since",)
    select_related = ("company", "owner")
    search_hint = _("Company, stock code or number")
    empty = Empty(
        _("No credit packs yet"),
        _("An application for credit is put together here, made complete, and handed to the credit department."),
        "packs:pack_create",
        _("Begin a credit pack"),
        "directories",
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads packs."""
        return permissions.can_read_packs(user=self.request.user)

    def search(self, queryset: Any, q: str) -> Any:
        """By the company, or the beginning of the number."""
        return queryset.found(q, Company.objects.visible_to(self.request.user).named(q))

    def totals(self, queryset: Any) -> dict[str, Any]:
        """What is asked for altogether, where all of it is in one currency."""
        found = queryset.aggregate(total=Sum("requested"), first=Min("currency"), last=Max("currency"))
        return {"requested": Money(found["total"], found["first"])} if found["first"] and found["first"] == found["last"] else {}

    def actions(self) -> list[Action]:
        """Begin one, for those who do."""
        if not permissions.is_maker(self.request.user):
            return []
        return [Action(_("Begin a credit pack"), url_of("packs:pack_create"), "plus", primary=True)]


class PackDetail(DetailView):
    """`/credit/packs/<id>/?version=2`: one version of a pack, the newest by itself."""

    model = Pack
    select_related = RELATED
    template_name = "packs/pack_detail.html"
    crumb = (_("Credit packs"), "packs:pack_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    @cached_property
    def now(self) -> dt.datetime:
        """One moment for all cards."""
        return timezone.now()

    @cached_property
    def versions(self) -> list[PackVersion]:
        """Those that this reader may see, the newest first."""
        return selectors.versions_of(self.object, user=self.request.user)

    @cached_property
    def shown(self) -> PackVersion | None:
        """The version that the cards are of; what it asks for is read once, since buttons and cards all look at it."""
        found: PackVersion | None = selectors.shown_version(self.versions, self.request.GET.get("version", ""))
        if found is not None:
            selectors.facilities_of(found)
            selectors.securities_of(found)
        return found

    def load(self) -> None:
        """The versions are at hand for every permission."""
        super().load()
        self.object._prefetched_objects_cache = {"versions": self.versions}

    def actions(self) -> list[Action]:
        """What the features of credit offer here; what is refused stands there with its reason."""
        user, pack = self.request.user, self.object
        on_draft = self.shown is not None and self.shown.is_draft
        found = []
        for action in of(PackAction):
            if (on_draft or not action.of_draft) and action.shown(user, pack):
                allowed = action.allowed(user, pack, self.shown, self.now)
                found.append(
                    Action(
                        action.label,
                        url_of(action.url_name, pack.pk),
                        action.icon,
                        primary=action.primary,
                        dialog=True,
                        refusal="" if allowed else allowed.reason,
                        reasons_at=action.reasons_at,
                    )
                )
        return found

    @cached_property
    def obstacles(self) -> list[Obstacle] | None:
        """What stands in the way of the handoff; None for a version that is sealed, and for those who do not prepare it."""
        version = self.shown
        if version is None or not version.is_draft or not selectors.is_open(self.object):
            return None
        return obstacles_of(version, self.now)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds versions, obstacles, cards."""
        columns: dict[int, list[dict[str, Any]]] = {1: [], 2: []}
        for panel in of(PackPanel) if self.shown is not None else ():
            card = self._later(panel) if panel.later else self._card(panel)
            if card is not None:
                columns[panel.column].append(card)
        return super().get_context_data(
            shown=self.shown,
            versions=[(row, _VERSION_TONES[VersionState(row.state)]) for row in self.versions],
            compared=self._compared(),
            tone=TONES.get(State(self.object.state), ""),
            obstacles=self.obstacles,
            preparing=self.object.state in PREPARING,
            wide=columns[1],
            side=columns[2],
            **context,
        )

    def _card(self, panel: PackPanel) -> dict[str, Any] | None:
        content = panel.content(self.request.user, self.object, self.shown, self.now)
        return None if content is None else {"slug": panel.slug, "label": panel.label, "template": panel.template, "content": content}

    def _later(self, panel: PackPanel) -> dict[str, Any] | None:
        if not panel.shown(self.request.user, self.object):
            return None
        url = reverse("packs:pack_card", args=[self.object.pk, panel.slug])
        return {"slug": panel.slug, "label": panel.label, "url": f"{url}?version={self.shown.number if self.shown else 1}"}

    def _compared(self) -> str:
        """Where the shown version is compared with the one before."""
        version = self.shown
        before = next((row for row in self.versions if version and row.number < version.number and row.sealed_at), None)
        return f"{url_of('packs:version_compare', self.object.pk)}?old={before.number}&new={version.number}" if version and before else ""


class PackCard(RecordFragmentView):
    """A card of a pack's page that loads by itself. Http404 for one that is none, or that this reader does not get."""

    model = Pack
    select_related = RELATED
    template_name = "packs/lone_card.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees the pack."""
        return ALLOWED

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Of the version that the address names, else of the newest."""
        panel = next((one for one in of(PackPanel) if one.slug == self.kwargs["slug"] and one.later), None)
        versions = selectors.versions_of(self.object, user=self.request.user)
        shown = selectors.shown_version(versions, self.request.GET.get("version", ""))
        content = panel.content(self.request.user, self.object, shown, timezone.now()) if panel and shown else None
        if panel is None or content is None:
            raise Http404
        card = {"slug": panel.slug, "label": panel.label, "template": panel.template, "content": content}
        return super().get_context_data(card=card, shown=shown, **context)


class PackEvents(RecordFragmentView):
    """The steps of a pack so far."""

    model = Pack
    select_related = RELATED
    title = _("Steps so far")
    template_name = "packs/events.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest first; of a version that one may not see only that it was changed."""
        seen = {row.pk for row in selectors.versions_of(self.object, user=self.request.user)}
        rows = self.object.events.select_related("actor", "version").order_by("-at", "-pk")[:200]
        return super().get_context_data(events=[row for row in rows if row.version_id is None or row.version_id in seen], **context)


class CompanyPacks(RecordFragmentView):
    """A company's packs, as a panel of its page."""

    model = Company
    template_name = "packs/company_packs.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever reads packs at all; which ones is for the rows."""
        return permissions.can_read_packs(user=request.user)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """The newest ones."""
        rows = list(selectors.open_packs(self.object, user=self.request.user)[:SHOWN])
        return super().get_context_data(packs=[(row, TONES.get(State(row.state), "")) for row in rows], **context)


class VersionCompare(RecordPage):
    """`/credit/packs/<id>/compare/?old=1&new=2`: what differs between two versions, part by part."""

    model = Pack
    select_related = RELATED
    template_name = "packs/compare.html"
    title = _("Versions compared")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees both."""
        return ALLOWED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """The parts that differ. Http404 for a version that is not there or not to be seen."""
        versions = selectors.versions_of(self.object, user=request.user)
        newest = versions[0].number if versions else 0
        old = self._version(versions, request.GET.get("old", str(newest - 1)))
        new = self._version(versions, request.GET.get("new", str(newest)))
        parts = comparing.differences(old, new)
        crumbs = [Crumb(_("Credit packs"), url_of("packs:pack_list")), Crumb(self.object.number, self.object.get_absolute_url())]
        return self.render(self.template_name, self.get_context_data(old=old, new=new, parts=parts, versions=versions[::-1], crumbs=crumbs))

    def _version(self, versions: list[PackVersion], asked: str) -> PackVersion:
        found = next((row for row in versions if str(row.number) == asked), None)
        if found is None:
            raise Http404
        return found
