"""A file of statements: brought, understood, taken over."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from credit.spreads import permissions, services, showing
from credit.spreads.choices import UploadState
from credit.spreads.forms import FileForm, PlanForm
from credit.spreads.lines import lines
from credit.spreads.models import Spread, SpreadUpload
from credit.spreads.selectors import covered
from credit.spreads.services.loading import Reading
from crm.kernel.errors import Sentence
from crm.kernel.permission import Permission, denied
from crm.web.views import OperationView, UpdateView

TAKE = "take"
CELLS_SHOWN = 60


class FileBring(OperationView):
    """Bring a file. It is read at once; what cannot be read is refused beside the file, and nothing is kept of it."""

    model = Spread
    select_related = ("company",)
    form_class = FileForm
    title = _("Load a file")
    submit_label = _("Read the file")
    success_message = _("The file was read. Check what its labels and periods mean.")
    template_name = "spreads/file_form.html"

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_enter(user=request.user, company=covered(self.object.company))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The spread, whose unit holds where the file names none."""
        return {"spread": self.object}

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> SpreadUpload:
        """Keep it."""
        told = {name: data[name] for name in ("own_unit", "only", "missing")}
        return services.bring_file(
            spread_id=self.object.pk, path=data["path"], reading=data["reading"], actor=self.request.user, now=now, **told
        )


class UploadMap(UpdateView):
    """What the labels and periods of a file mean, with what would be taken over beside them."""

    model = SpreadUpload
    select_related = ("spread__company", "file")
    form_class = PlanForm
    title = _("Check what the file means")
    submit_label = _("Save and look again")
    template_name = "spreads/upload_map.html"
    sent_form: Any = None

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever enters figures, until it was taken over."""
        allowed = permissions.can_enter(user=request.user, company=covered(self.object.spread.company))
        if allowed and self.object.state != UploadState.READ:
            return denied(_("This file was taken over already."))
        return allowed

    def load(self) -> None:
        """The file as it is planned now."""
        super().load()
        self.__dict__.pop("reading", None)

    @cached_property
    def reading(self) -> Reading:
        """The kept file, read anew outside of any transaction."""
        return services.reading_of(self.object)

    def make_form(self, data: Any = None, files: Any = None) -> Any:
        """Keeps the form at hand: the service takes the plan that it makes."""
        self.sent_form = PlanForm(data, reading=self.reading)
        return self.sent_form

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Spread | SpreadUpload:
        """Save the plan; take the figures over where that was asked for."""
        plan = self.sent_form.plan()
        upload = services.set_plan(upload_id=self.object.pk, version=self.version, plan=plan, actor=self.request.user, now=now)
        if not self._takes:
            return upload
        services.take_over(upload_id=upload.pk, reading=self.reading, actor=self.request.user, now=now)
        spread: Spread = self.object.spread
        return spread

    @property
    def _takes(self) -> bool:
        return self.request.POST.get("then") == TAKE

    def get_success_message(self, result: Any) -> Sentence:
        """What happened."""
        return _("The figures were taken over.") if self._takes else _("Saved.")

    def get_back_url(self) -> str:
        """The spread."""
        return str(self.object.spread.get_absolute_url())

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds what would come of it: figures by line and period, what does not tie, refused cells."""
        spread = self.object.spread
        taken, untied = services.preview(self.reading, spread, on=timezone.localdate())
        codes = [code for code in lines() if any(code in period.lines for period in taken.periods)]
        rows = [
            (lines()[code].name, [showing.amount(period.lines[code].amount) if code in period.lines else "" for period in taken.periods])
            for code in codes
        ]
        return super().get_context_data(
            spread=spread, taken=taken, untied=untied, rows=rows, refused=taken.refused[:CELLS_SHOWN], shown=CELLS_SHOWN, **context
        )
