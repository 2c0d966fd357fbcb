"""Signing in and out, one's own password, language and API tokens."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from crm.kernel.permission import ALLOWED, Permission
from crm.staff import accounts, services
from crm.staff.forms import AccountPasswordForm, SignInForm, TokenForm
from crm.staff.models import ApiToken
from crm.web.views import FormPage, OperationView, Page


class SignIn(auth_views.LoginView):
    """The sign-in page. The same answer for an unknown name, a wrong password and a person who has left."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "staff/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True


class SignOut(auth_views.LogoutView):
    """Ends the session, and has the browser let go of all that pages kept in it: drafts, records that waited, pages that open offline."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Sign out."""
        response = super().post(request, *args, **kwargs)
        response.headers["Clear-Site-Data"] = '"storage"'
        return response


sign_out = require_POST(SignOut.as_view())


def locked_out(request: HttpRequest, credentials: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
    """Too many wrong passwords: say for how long, whatever the name was."""
    return render(request, "staff/locked_out.html", {"hours": settings.AXES_COOLOFF_TIME}, status=429)


class ChangePassword(auth_views.PasswordChangeView):
    """A new password, after the old one."""

    http_method_names = ["get", "head", "post", "options"]
    template_name = "staff/password.html"
    form_class = AccountPasswordForm
    success_url = reverse_lazy("staff:account")

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it; other sessions of this person end, since their password hash no longer fits."""
        answer = super().form_valid(form)
        self.request.session.cycle_key()
        messages.success(self.request, _("Your password is changed."))
        return answer


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language, and remember it for the person who is signed in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        accounts.choose_language(user=request.user, language=language)
    return django_set_language(request)


class MyAccount(Page):
    """Who I am in the bank: my posts, language, password, API tokens."""

    title = _("My account")
    template_name = "staff/account.html"

    def permission(self, request: HttpRequest) -> Permission:
        """Everybody sees their own, with or without a post."""
        return ALLOWED

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """My posts and tokens."""
        tokens = ApiToken.objects.visible_to(request.user).filter(user=request.user, revoked_at=None).order_by("-id")
        person = self.request.user
        return self.render(self.template_name, self.get_context_data(person=person, posts=person.actor.posts, tokens=tokens))


class NewToken(FormPage):
    """Make an API token: its text is shown once, on this page only."""

    title = _("New API token")
    form_class = TokenForm
    submit_label = _("Make a token")

    def perform(self, *, data: dict[str, Any], now: Any) -> Any:
        """The text travels to the next page in the session, not in an address or a kept answer."""
        self.request.session["new_token"] = services.create_token(user=self.request.user, scopes=data["scopes"])

    def get_success_url(self, result: Any) -> str:
        """The page that shows it."""
        return str(reverse_lazy("staff:token_shown"))


class TokenShown(Page):
    """The token's text, once."""

    title = _("Your new API token")
    template_name = "staff/token_shown.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it and forget it."""
        return self.render(self.template_name, self.get_context_data(token=request.session.pop("new_token", "")))


class RevokeToken(OperationView):
    """End one of my tokens."""

    model = ApiToken
    title = _("Revoke this token")
    submit_label = _("Revoke")
    success_message = _("The token does not work any more.")
    tone = "bad"

    def get_queryset(self) -> Any:
        """One's own; a system's are ended on its page."""
        return super().get_queryset().filter(user=self.request.user)

    def perform(self, *, data: dict[str, Any], now: Any) -> Any:
        """Revoke."""
        services.revoke_token(token_id=self.object.pk, actor=self.request.user, now=now)

    def get_success_url(self, result: Any) -> str:
        """My account."""
        return str(reverse_lazy("staff:account"))
