"""`/news/add/`: bring a clipping in, from the phone or the desk."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from content.capture import services
from content.capture.forms import AddForm
from content.clippings import permissions
from crm.kernel.addresses import url_of
from crm.kernel.errors import Sentence
from crm.kernel.jobs import Job
from crm.kernel.permission import Permission
from crm.web.views import CreateView


class ClippingAdd(CreateView):
    """An address or a file is read in the background, a text at once."""

    form_class = AddForm
    title = _("Add a clipping")
    submit_label = _("Add")
    success_message = _("Added.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_add_clipping(user=request.user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who adds, and when."""
        return {"user": self.request.user, "now": timezone.now()}

    def get_initial(self) -> dict[str, Any]:
        """What a link brought along."""
        return {"klass": "P"} | super().get_initial()

    def get_back_url(self) -> str:
        """The news, unless one came from elsewhere."""
        back = super().get_back_url()
        return url_of("clippings:clipping_list") if back == "/" else back

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Add it, or begin to."""
        told = {"source_name": data["source_name"], "klass": data["klass"], "actor": self.request.user, "now": now}
        if data["paper"] is not None:
            return services.bring_in(file_id=data["paper"].pk, **told)
        if data["text"]:
            return services.add_pasted(title="", text=data["text"], url=data["url"], published_at=data["published_at"], **told)
        return services.bring_in(url=data["url"], **told)

    def get_success_message(self, result: Any) -> Sentence:
        """What happens now."""
        return _("It is being read.") if isinstance(result, Job) else self.success_message
