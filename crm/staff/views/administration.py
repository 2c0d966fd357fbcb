"""Administration of people and their posts. Read by compliance and audit, changed by administrators."""

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.kernel.addresses import url_of
from crm.kernel.permission import Permission
from crm.staff import permissions, selectors, services
from crm.staff.choices import ChangeState
from crm.staff.forms import PostChangeForm, UserForm
from crm.staff.models import AccountEvent, ApiToken, OrgUnit, Post, PostChange, User
from crm.staff.tables import ChangeTable, UserTable
from crm.web.filters import ChoiceFilter, FilterSet, YesNoFilter
from crm.web.views import Action, CreateView, DetailView, Fact, ListView, OperationView

ACTS_SHOWN = 20


class StaffReaders:
    """Pages that administrators, compliance and audit read."""

    def permission(self, request: HttpRequest) -> Permission:
        """Domain 1.2, "Users, grades"."""
        return permissions.can_read_staff(user=request.user)


class Administrators:
    """Pages that only administrators use."""

    def permission(self, request: HttpRequest) -> Permission:
        """Domain 1.2, "Users, grades"."""
        return permissions.can_administer(user=request.user)


class UserFilters(FilterSet):
    """Narrow the list of staff."""

    is_active = YesNoFilter(label=_("May sign in"))

    class Meta:
        model = User
        fields: list[str] = []


class UserList(StaffReaders, ListView):
    """All members of staff."""

    model = User
    title = _("Staff")
    table_class = UserTable
    filterset_class = UserFilters
    ordering = ("name_en",)
    search_hint = _("Name, user name or staff number")

    def get_queryset(self) -> QuerySet[Any]:
        """With the posts held now."""
        current = Post.objects.visible_to(self.request.user).current(timezone.now()).select_related("unit")
        return super().get_queryset().prefetch_related(Prefetch("posts", current, to_attr="current_posts"))

    def search(self, queryset: QuerySet[Any], q: str) -> QuerySet[Any]:
        """By any of the names and numbers."""
        return queryset.filter(Q(name_en__icontains=q) | Q(name_zh__icontains=q) | Q(username__icontains=q) | Q(staff_number__iexact=q))

    def actions(self) -> list[Action]:
        """Add somebody; look at what waits."""
        may = permissions.can_administer(user=self.request.user)
        return [
            Action(_("Changes that wait"), url_of("staff:change_list")),
            Action(_("Add a system"), url_of("staff:system_create"), refusal=may.reason),
            Action(pgettext_lazy("staff", "Add a person"), url_of("staff:user_create"), icon="plus", primary=True, refusal=may.reason),
        ]


class UserDetail(StaffReaders, DetailView):
    """A person's posts, past and present, and the changes proposed for them."""

    model = User
    template_name = "staff/user.html"
    crumb = (_("Staff"), "staff:user_list")

    @cached_property
    def locked(self) -> dt.datetime | None:
        """Until when this person is locked out."""
        return selectors.locked_until(self.object, now=timezone.now())

    def facts(self) -> Sequence[Fact]:
        """How to reach them, and whether they get in."""
        told = [Fact(_("E-mail"), self.object.email), Fact(_("Language"), self.object.get_language_display())]
        locked = [Fact(_("Locked until"), f"{timezone.localtime(self.locked):%Y-%m-%d %H:%M}")] if self.locked else []
        return [*([] if self.object.is_service else [fact for fact in told if fact.value]), *locked]

    def actions(self) -> Sequence[Action]:
        """Propose a change; shut out or let in; help somebody in who is locked out or forgot the password."""
        may = permissions.can_administer(user=self.request.user)
        helps = permissions.can_help_in(user=self.request.user, account=self.object)
        word = _("Shut out") if self.object.is_active else _("Let in again")
        token = permissions.can_make_token(user=self.request.user, account=self.object)
        password = Action(_("Set a new password"), url_of("staff:user_password", self.object.pk), dialog=True, refusal=helps.reason)
        making = Action(_("New token"), url_of("staff:system_token", self.object.pk), refusal=token.reason)
        return [
            *([making] if self.object.is_service else []),
            *([Action(_("Unlock"), url_of("staff:user_unlock", self.object.pk), dialog=True, refusal=helps.reason)] if self.locked else []),
            *([] if self.object.is_service or not may else [password]),
            *([Action(_("Correct the details"), url_of("staff:user_update", self.object.pk))] if may else []),
            Action(word, url_of("staff:user_active", self.object.pk), dialog=True, refusal=may.reason),
            Action(_("Change posts"), url_of("staff:change_create", self.object.pk), primary=True, refusal=may.reason),
        ]

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Posts and changes."""
        posts = Post.objects.visible_to(self.request.user).filter(user=self.object).select_related("unit").order_by("-from_at")
        changes = PostChange.objects.visible_to(self.request.user).filter(user=self.object).select_related("unit", "ends", "ends__unit")
        tokens: list[ApiToken] = []
        if self.object.is_service:
            held = ApiToken.objects.visible_to(self.request.user).filter(user=self.object, revoked_at=None)
            tokens = list(held.select_related("made_by", "confirmed_by").order_by("-id"))
        reader = self.request.user
        confirms = {token.pk for token in tokens if permissions.can_confirm_token(user=reader, token=token)}
        may = {"administers": bool(permissions.can_administer(user=reader)), "confirms": confirms}
        acts = AccountEvent.objects.visible_to(reader).filter(user=self.object).select_related("actor").order_by("-id")[:ACTS_SHOWN]
        more = {"acts": acts, "posts": posts, "changes": changes.order_by("-id"), "tokens": tokens, "now": timezone.now(), **may}
        return super().get_context_data(**more, **context)


class UserCreate(Administrators, CreateView):
    """Add a member of staff; the post comes by a change that a second administrator approves."""

    title = pgettext_lazy("staff", "Add a person")
    form_class = UserForm
    success_message = _("Added. Now propose a post; another administrator approves it.")

    def perform(self, *, data: dict[str, Any], now: Any) -> User:
        """Create."""
        return services.create_user(actor=self.request.user, **data)


class UserActive(Administrators, OperationView):
    """Shut somebody out, or let them in again."""

    model = User
    submit_label = _("Yes")
    tone = "bad"

    def get_title(self) -> Any:
        """The question."""
        words = _("Shut %(name)s out? Open sessions end at once.") if self.object.is_active else _("Let %(name)s sign in again?")
        return words % {"name": self.object}

    def perform(self, *, data: dict[str, Any], now: Any) -> User:
        """Turn it round."""
        return services.set_active(user_id=self.object.pk, active=not self.object.is_active, actor=self.request.user, now=now)


class ChangeCreate(Administrators, OperationView):
    """Propose a change of somebody's posts."""

    model = User
    title = _("Change posts")
    form_class = PostChangeForm
    submit_label = _("Propose")
    success_message = _("Proposed. Another administrator decides.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Units and posts to choose from."""
        user = self.request.user
        return {"person": self.object, "units": OrgUnit.objects.visible_to(user), "posts": Post.objects.visible_to(user)}

    def perform(self, *, data: dict[str, Any], now: Any) -> PostChange:
        """Propose."""
        return services.propose_post_change(
            user_id=self.object.pk,
            actor=self.request.user,
            now=now,
            role=data["role"],
            grade=data["grade"] or 0,
            unit_id=data["unit"].pk if data["unit"] else None,
            ends_id=data["ends"].pk if data["ends"] else None,
            from_at=data["from_at"],
            reason=data["reason"],
        )


class ChangeFilters(FilterSet):
    """Narrow the changes."""

    state = ChoiceFilter(label=_("State"), choices=ChangeState.choices)

    class Meta:
        model = PostChange
        fields: list[str] = []


class ChangeList(StaffReaders, ListView):
    """Changes of posts: what waits first of all."""

    model = PostChange
    title = _("Changes of posts")
    table_class = ChangeTable
    filterset_class = ChangeFilters
    ordering = ("-created_at",)
    select_related = ("user", "unit", "proposed_by")


class ChangeDetail(StaffReaders, DetailView):
    """A proposed change: who, what, why; and the two buttons for the second administrator."""

    model = PostChange
    template_name = "staff/change.html"
    crumb = (_("Changes of posts"), "staff:change_list")
    select_related = ("user", "unit", "ends", "ends__unit", "proposed_by", "decided_by")

    def actions(self) -> Sequence[Action]:
        """Refuse or approve."""
        may = permissions.can_decide_change(user=self.request.user, change=self.object)
        return [
            Action(_("Refuse"), url_of("staff:change_refuse", self.object.pk), dialog=True, refusal=may.reason),
            Action(_("Approve"), url_of("staff:change_approve", self.object.pk), dialog=True, primary=True, refusal=may.reason),
        ]


class ChangeDecision(OperationView):
    """Approve or refuse a change."""

    model = PostChange
    approve = True

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_decide_change(user=request.user, change=self.object)

    def get_title(self) -> Any:
        """What is done."""
        return _("Approve this change?") if self.approve else _("Refuse this change?")

    def perform(self, *, data: dict[str, Any], now: Any) -> PostChange:
        """Decide."""
        return services.decide_post_change(change_id=self.object.pk, approve=self.approve, actor=self.request.user, now=now)
