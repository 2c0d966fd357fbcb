"""A template by an editor: held against its purpose and the phrases that never leave the bank; a refused save is on the trail."""

from typing import Any

from django.utils import timezone
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.snippets.views.snippets import CreateView, EditView

from crm.papers import selectors, services
from crm.papers.choices import Step
from crm.papers.models import Letterhead, LetterTemplate
from crm.papers.rules import Fault, faults, tidy


class TemplateForm(WagtailAdminModelForm):
    """The wording of a letter. `faults` are by column what stood against it when it was last checked."""

    faults: dict[str, list[Fault]]

    def clean(self) -> dict[str, Any]:
        """Each fault stands beside the text that it is in."""
        data = super().clean() or {}
        self.faults = {}
        tried = LetterTemplate(context=data.get("context", ""))
        for name in list(data):
            if name.startswith(("subject_", "body_")):
                data[name] = tidy(data[name] or "")
                setattr(tried, name, data[name])
        self.faults = selectors.template_faults(tried, on=timezone.localdate()) if tried.context else {}
        for name, found in self.faults.items():
            for fault in found:
                self.add_error(name, str(fault.sentence))
        return data

    def save(self, commit: bool = True) -> Any:
        """The history names who edited."""
        self.instance._history_user = self.for_user
        return super().save(commit)


class LetterheadForm(WagtailAdminModelForm):
    """A letterhead: it names no fields, and nothing that no client may read."""

    faults: dict[str, list[Fault]]

    def clean(self) -> dict[str, Any]:
        """Each fault stands beside the text that it is in."""
        data = super().clean() or {}
        self.faults, never = {}, selectors.phrases(on=timezone.localdate())
        for name in data:
            if name.startswith(("bank_", "address_")):
                data[name] = " ".join(tidy(data[name] or "").split())
                found = faults(data[name], allowed=(), phrases=never)
                if found:
                    self.faults[name] = found
        for name, wrong in self.faults.items():
            for fault in wrong:
                self.add_error(name, str(fault.sentence))
        return data

    def save(self, commit: bool = True) -> Letterhead:
        """The history names who edited."""
        self.instance._history_user = self.for_user
        head: Letterhead = super().save(commit)
        return head


class _Refusing:
    """Somebody pressed save, draft or publish: what is refused then is on the trail.

    Wagtail's preview and its saving by itself ask again at each pause of typing: what they refuse is kept nowhere, and half words would
    drown the trail.
    """

    request: Any
    expects_json_response: bool

    def named(self, form: Any) -> str:
        """How the trail calls what was refused."""
        return form.data.get("code") or form.instance.code or ""

    def form_invalid(self, form: Any) -> Any:
        """Write it down and show the form again."""
        if not self.expects_json_response:
            tried = LetterTemplate(code=self.named(form)[:40])
            services.note_refusal(form.faults, step=Step.SAVE, template=tried, actor=self.request.user, now=timezone.now())
        return super().form_invalid(form)  # type: ignore[misc]


class TemplateCreate(_Refusing, CreateView):
    """A new template."""


class TemplateEdit(_Refusing, EditView):
    """A template's page."""


class _RefusingHead(_Refusing):
    def named(self, form: Any) -> str:
        """No template's."""
        return "letterhead"


class LetterheadCreate(_RefusingHead, CreateView):
    """A new letterhead."""


class LetterheadEdit(_RefusingHead, EditView):
    """A letterhead's page."""
