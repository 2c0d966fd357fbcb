"""Forms that carry out one business operation: as a page, or as a dialog when htmx asks."""

import copy
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from crm.kernel.errors import DomainError, Sentence, StaleVersion
from crm.kernel.submissions import new_key, submit_once
from crm.kernel.wording import listed
from crm.web.views import meanwhile
from crm.web.views.base import Page, RecordPage, wants_fragment
from crm.web.views.errors import status_of

SUBMISSION, VERSION, BACK = "submission", "version", "next"
UNPROCESSABLE = 422
_NEVER = -1
_NOT_CONTENT = {"csrfmiddlewaretoken", SUBMISSION}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a stale save: what stands now, and what was typed."""

    label: Sentence
    current: str
    typed: str


class FormPage(Page):
    """A form and one service call. The answer of the service is kept under the form's UUID, so a second click gets the first answer."""

    form_class: Any = forms.Form
    submit_label: Sentence = _("Save")
    success_message: Sentence = ""
    template_name = "web/operation.html"
    tone: ClassVar[str] = "primary"
    _key_spent = False

    # What a feature says

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Make the one service call with the form's cleaned data; its DomainError becomes the form's."""
        raise NotImplementedError

    def get_success_url(self, result: Any) -> str:
        """Where to go afterwards: the result's own page, or the page one came from."""
        own = getattr(result, "get_absolute_url", None)
        return own() if own else self.get_back_url()

    def get_success_message(self, result: Any) -> Sentence:
        """What the next page says."""
        return self.success_message

    def get_initial(self) -> dict[str, Any]:
        """What the empty form holds. By default the address's parameters that name fields, so that a link can fill it in."""
        return {name: value for name, value in self.request.GET.items() if name in self.form_class.base_fields}

    def get_form_kwargs(self) -> dict[str, Any]:
        """Further arguments of the form, such as `user`."""
        return {}

    def get_back_url(self) -> str:
        """Where "Not now" leads: `next` where it stays on this site, else home."""
        asked = self.request.POST.get(BACK) or self.request.GET.get(BACK) or ""
        return asked if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else "/"

    # The answers

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """The form, empty or filled with what was sent."""
        return self.form_class(data=data, files=files, initial=self.get_initial(), **self.get_form_kwargs())

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The empty form."""
        return self.show(self.make_form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carry it out once, or show the form again with all that was typed."""
        form = self.make_form(request.POST, request.FILES)
        if not form.is_valid():
            return self.show(form, status=UNPROCESSABLE)
        try:
            answer = self.once(self.submission, self._body(), lambda: self._carry_out(form.cleaned_data))
        except DomainError as error:
            return self.refuse(form, error)
        return self.succeed(answer)

    @property
    def submission(self) -> str:
        """The UUID that the form brought; a fresh one where it brought none."""
        try:
            return str(UUID(self.request.POST.get(SUBMISSION, "")))
        except ValueError:
            return new_key()

    @property
    def operation(self) -> str:
        """The name under which answers are kept: the page's address name and record."""
        match = self.request.resolver_match
        return f"{match.view_name if match else type(self).__name__}:{self.kwargs.get('pk', '')}"[:100]

    def once(self, key: str, body: Any, action: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Run `action` under this page's name, or return what it answered before."""
        return submit_once(key, actor=self.request.user, operation=self.operation, body=body, action=action)

    def _body(self) -> dict[str, Any]:
        sent = {name: self.request.POST.getlist(name) for name in self.request.POST if name not in _NOT_CONTENT}
        return sent | {name: [(file.name, file.size) for file in self.request.FILES.getlist(name)] for name in self.request.FILES}

    def _carry_out(self, data: dict[str, Any]) -> dict[str, Any]:
        result = self.perform(data=data, now=timezone.now())
        return {"url": self.get_success_url(result), "message": str(self.get_success_message(result))}

    def succeed(self, answer: dict[str, Any]) -> HttpResponse:
        """Go on to the next page, with the message, and with the word for the browser that its draft is saved."""
        messages.success(self.request, answer["message"] or _("Saved."), extra_tags=f"draft:{self.draft_key}")
        return HttpResponseClientRedirect(answer["url"]) if self.request.htmx else HttpResponseRedirect(answer["url"])

    def refuse(self, form: forms.BaseForm, error: DomainError) -> HttpResponse:
        """The form again, with what was typed and the service's sentence where it belongs."""
        on_form = {name: sentence for name, sentence in error.fields.items() if name in form.fields}
        for name, sentence in on_form.items():
            form.add_error(name, str(sentence))
        if not on_form or error.message not in on_form.values():
            form.add_error(None, str(error))
        self._key_spent = error.code == "key_reused"
        return self.show(form, status=status_of(error), differences=self._differences(form, error))

    def show(self, form: forms.BaseForm, *, status: int = 200, **context: Any) -> HttpResponse:
        """Draw the form. In a dialog every refusal is 422, the one status of errors that htmx swaps in."""
        in_dialog = wants_fragment(self.request)
        layout = "web/dialog.html" if in_dialog else "web/base.html"
        keys = {"submission": new_key() if self._key_spent else self.submission, "draft_key": self.draft_key}
        data = self.get_context_data(form=form, layout=layout, back_url=self.get_back_url(), **keys, **context)
        return self.render(self.template_name, data, status=UNPROCESSABLE if in_dialog and status >= 400 else status)

    @property
    def draft_key(self) -> str:
        """Under which name the browser keeps what is typed until it is saved."""
        return self.request.path

    def _differences(self, form: forms.BaseForm, error: DomainError) -> list[Difference]:
        """Both versions of the fields that differ, for a stale save."""
        return differences(form, error.current) if isinstance(error, StaleVersion) else []


class CreateView(FormPage):
    """Makes a new record: `perform` calls the service that creates it and returns it."""

    submit_label = _("Create")


class OperationView(RecordPage, FormPage):
    """Does one thing with the record that `pk` in the address names and `visible_to` finds. `permission` asks what the service asks."""

    def get_title(self) -> Sentence:
        """What is done."""
        return self.title or self.submit_label

    def get_back_url(self) -> str:
        """The record's own page, unless `next` says otherwise."""
        back = super().get_back_url()
        return self.object.get_absolute_url() if back == "/" and hasattr(self.object, "get_absolute_url") else back


class UpdateView(OperationView):
    """Changes a record's fields. The form is filled from the record; `self.version` is what the reader saw, for the service to compare."""

    version_field: ClassVar[str] = "version"
    of_the_act: ClassVar[frozenset[str]] = frozenset()
    """Fields that say something of this change alone, such as its day: what was sent of them stands, whatever was saved meanwhile."""
    _overtaken = False
    _standing: forms.BaseForm | None = None
    _both: frozenset[str] | None = None

    def get_initial(self) -> dict[str, Any]:
        """The record's values."""
        return model_to_dict(self.object, fields=list(self.form_class.base_fields)) | super().get_initial()

    def make_form(self, data: Any = None, files: Any = None) -> forms.BaseForm:
        """A ModelForm gets a copy of the record: only the service changes the record itself."""
        if not issubclass(self.form_class, forms.BaseModelForm):
            return super().make_form(data, files)
        return self.form_class(data=data, files=files, instance=copy.copy(self.object), **self.get_form_kwargs())

    @property
    def version(self) -> int | None:
        """The version that the reader saw; None where the form brought none, which no service takes for the current one."""
        if self._standing is not None:
            return self.version_now()
        sent = self.request.POST.get(VERSION, "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None

    @property
    def seen(self) -> int:
        """As `version`, for services that take None from whoever was shown nothing: where the form brought none, one that no record has."""
        return _NEVER if self.version is None else self.version

    def refuse(self, form: forms.BaseForm, error: DomainError) -> HttpResponse:
        """After a stale save what was typed here goes with what was saved meanwhile, and is saved where no field was changed by both.

        Else the form carries the new version, so that saving again is a choice. A record of which the service shows no values is looked
        at again as a whole: whoever speaks for it has to have seen it.
        """
        if not isinstance(error, StaleVersion):
            return super().refuse(form, error)
        self._overtaken = True
        opened = meanwhile.read(self.request.POST.get(meanwhile.OPENED, ""))
        if not opened or not error.current or self._standing is not None:
            self._standing = self._both = None  # A third save in the same moment: all that stands is compared.
            return super().refuse(form, error)
        self.load()
        self._standing = self.make_form()
        merged = meanwhile.merge(form, self._standing, opened, of_the_act=self.of_the_act)
        self._both = merged.both
        form = self.make_form(merged.data, self.request.FILES)
        if not form.is_valid() or merged.both:
            return super().refuse(form, error)
        return self._save_merged(form, told=merged.theirs)

    def _save_merged(self, form: forms.BaseForm, *, told: bool) -> HttpResponse:
        try:
            answer = self.once(self.submission, self._body(), lambda: self._carry_out(form.cleaned_data))
        except DomainError as error:
            return self.refuse(form, error)
        if told:
            messages.info(self.request, _("Somebody else changed other fields meanwhile. Theirs stand as well."))
        return self.succeed(answer)

    def _differences(self, form: forms.BaseForm, error: DomainError) -> list[Difference]:
        """Of the fields that both changed, where it is known who touched which."""
        if not isinstance(error, StaleVersion) or self._standing is None or self._both is None:
            return super()._differences(form, error)
        current = {bound.name: bound.value() for bound in self._standing if bound.name in self._both}
        return differences(form, current)

    def version_now(self) -> int | None:
        """The record's version; None where it counts none."""
        return getattr(self.object, self.version_field, None)

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the version that the form goes out with, and what it holds then; a page that says why there is no form has neither."""
        data = super().get_context_data(version=self._version_shown(), **context)
        form = data.get("form")
        return data | {"opened": self._opened(form) if form is not None and data["version"] is not None else ""}

    def opened_form(self, shown: forms.BaseForm) -> forms.BaseForm:
        """The form as the record alone fills it, of which `shown` is what the reader gets."""
        return shown

    def _opened(self, form: forms.BaseForm) -> str:
        if self._overtaken:
            return meanwhile.digests(self._standing) if self._standing is not None else ""
        if self.request.method == "POST":
            return str(self.request.POST.get(meanwhile.OPENED, ""))
        return meanwhile.digests(self.opened_form(form))

    def _version_shown(self) -> int | None:
        if self.request.method == "POST" and not self._overtaken:
            return self.version if self.version_now() is not None else None
        if self._overtaken and self._standing is None and hasattr(self.object, self.version_field):
            self.object.refresh_from_db(fields=[self.version_field])
        return self.version_now()


def differences(form: forms.BaseForm, current: Mapping[str, Any]) -> list[Difference]:
    """The fields of which another value stands now than the form holds."""
    found = []
    for bound in form:
        if bound.name in current and not bound.is_hidden:
            now, typed = _in_words(bound, bound.field.prepare_value(current[bound.name])), _in_words(bound, bound.value())
            if now != typed:
                found.append(Difference(bound.label, now, typed))
    return found


def _in_words(bound: forms.BoundField, value: Any) -> str:
    """A field's value as the person reads it: choices by label, several joined."""
    if value in (None, ""):
        return ""
    choices: Any = bound.field.choices if isinstance(bound.field, forms.ChoiceField) else ()
    labels = {str(key): str(label) for key, label in choices}
    items = value if isinstance(value, list | tuple) else [value]
    return listed(labels.get(str(item), item) for item in items)
