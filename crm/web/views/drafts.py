"""Long forms that keep what is typed on the server at each pause, for their writer alone: another device goes on where this one stopped.

    class SectionUpdate(KeepsDrafts, UpdateView): ...

The browser posts the form to its own address with `draft=keep`; `draft=discard` (a plain button) forgets it. Saving drops the draft in the
same transaction. Where somebody else saved the record since the draft was begun, that is told at the pause, and when the form is opened
again both versions stand side by side: nothing is written over.
"""

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse, QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.kernel import drafts
from crm.kernel.drafts import Draft, DraftMoved, Typed
from crm.kernel.errors import DomainError
from crm.web.views.errors import status_of
from crm.web.views.operations import UpdateView, differences

WISH, SEEN = "draft", "draft_seen"
KEEP, DISCARD = "keep", "discard"
MOVED, LONGEST_NUMBER = 409, 10


def clock(at: dt.datetime) -> str:
    """When something was typed: the time, on another day with the day."""
    local = timezone.localtime(at)
    return date_format(local, "H:i" if local.date() == timezone.localdate() else "DATETIME_FORMAT")


class KeepsDrafts(UpdateView):
    """An UpdateView whose draft is kept on the server. `draft_place` names the form and its record."""

    @property
    def draft_place(self) -> str:
        """Under which name the draft is kept."""
        return self.operation

    @cached_property
    def draft(self) -> Draft | None:
        """What this person typed and did not save."""
        return drafts.found(self.draft_place, actor=self.request.user)

    # Opening the form

    def saved_values(self) -> dict[str, Any]:
        """What the form would hold without the draft."""
        return super().get_initial()

    def get_initial(self) -> dict[str, Any]:
        """The record's values; those of the draft, where there is one and the form is opened."""
        saved = self.saved_values()
        return saved | self._typed_values() if self.request.method == "GET" and self.draft else saved

    def opened_form(self, shown: forms.BaseForm) -> forms.BaseForm:
        """Without the draft: what it holds was typed."""
        return self.form_class(initial=self.saved_values(), **self.get_form_kwargs()) if self.draft else shown

    def _typed_values(self) -> dict[str, Any]:
        typed = self.draft.typed if self.draft else {}
        sent, fields = _as_sent(typed), self.form_class.base_fields
        return {name: fields[name].widget.value_from_datadict(sent, {}, name) for name in typed if name in fields}

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the draft, and what somebody else saved since it was begun."""
        draft = self.draft
        kept = {"seen": draft.edits if draft else 0, "said": "", "told": ""}
        if draft is not None and self.request.method == "GET":
            kept["said"] = _("Your draft of %(time)s is in the form") % {"time": clock(draft.at)}
            if self._is_overtaken(draft):
                kept["told"] = _("Somebody else saved this since you began your draft. Compare both.")
                context["differences"] = differences(context["form"], self.saved_values())
        return super().get_context_data(kept=kept, **context)

    def _is_overtaken(self, draft: Draft) -> bool:
        return draft.version != self.version_now()

    # What comes from the browser

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A pause, a draft given up, or the save."""
        wish = request.POST.get(WISH, "")
        if wish == KEEP:
            return self._keep()
        return self._discard() if wish == DISCARD else super().post(request, *args, **kwargs)

    def _keep(self) -> JsonResponse:
        typed, actor = self._typed(), self.request.user
        if not self.make_form(_as_sent(typed.values)).has_changed():
            gone = drafts.drop(self.draft_place, typed, actor=actor)
            return JsonResponse({"seen": 0 if gone else typed.edits, "said": "", "told": ""})
        try:
            draft = drafts.keep(self.draft_place, typed, actor=actor, now=timezone.now())
        except DomainError as error:
            return JsonResponse({"said": str(error)}, status=MOVED if isinstance(error, DraftMoved) else status_of(error))
        told = _("Somebody else saved this meanwhile. Your draft is kept; saving shows you both.") if self._is_overtaken(draft) else ""
        return JsonResponse({"seen": draft.edits, "said": _("Draft saved %(time)s") % {"time": clock(draft.at)}, "told": told})

    def _discard(self) -> HttpResponse:
        if drafts.drop(self.draft_place, self._typed(), actor=self.request.user):
            messages.success(self.request, _("Your draft is discarded."), extra_tags=f"draft:{self.draft_key}")
        return HttpResponseRedirect(self.request.get_full_path())

    def _typed(self) -> Typed:
        sent, fields = self.request.POST, self.form_class.base_fields
        names = [name for name, field in fields.items() if not field.widget.needs_multipart_form]
        seen = sent.get(SEEN, "")
        edits = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < LONGEST_NUMBER else 0
        return Typed({name: [value.replace("\r\n", "\n") for value in sent.getlist(name)] for name in names}, self.version, edits)

    def _carry_out(self, data: dict[str, Any]) -> dict[str, Any]:
        answer = super()._carry_out(data)
        drafts.drop(self.draft_place, self._typed(), actor=self.request.user)
        return answer


def _as_sent(typed: Mapping[str, list[str]]) -> QueryDict:
    sent = QueryDict(mutable=True)
    for name, values in typed.items():
        sent.setlist(name, values)
    return sent
