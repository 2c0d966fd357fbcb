"""The intake as a table: each pack with its age against its clock and what stops it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Model
from django.utils.html import format_html
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from credit.packs.choices import State
from credit.packs.models import Pack
from credit.packs.tables import TONES
from credit.reviews import selectors
from credit.reviews.rules import Clock
from crm.kernel import clock
from crm.kernel.addresses import url_of
from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, Table
from crm.web.templatetags.ui import bar, chip, money


class IntakeTable(Table):
    """Packs with the credit department. Their number opens the card beside the queue; clocks come with the rows, or are read here."""

    company = NameColumn(verbose_name=_("Company"), orderable=False)
    number = Column(verbose_name=_("Number"), orderable=False, css="nowrap")
    authorship = Column(verbose_name=_("Model"), orderable=False)
    requested = MoneyColumn(verbose_name=pgettext_lazy("amount", "Asked for"), currency_accessor="currency", short=True)
    age = Column(verbose_name=pgettext_lazy("credit pack", "Age"), accessor="handed_off_at", order_by=("handed_off_at",))
    stopped = Column(verbose_name=_("Stopped by"), accessor="open_questions", orderable=False)
    state = ChipColumn(verbose_name=_("State"), tones=TONES, orderable=False)
    analyst = Column(verbose_name=_("Analyst"), accessor="pk", orderable=False)

    class Meta:
        model = Pack

    def __init__(self, records: Iterable[Any] = (), *, user: Any, sort: str = "", model: type[Model] | None = None, **kwargs: Any) -> None:
        rows = list(records)
        super().__init__(rows, user=user, sort=sort, model=model, **kwargs)
        unread = [row for row in rows if not hasattr(row, "clock_at_hand")]
        self._clocks = selectors.clocks_of(unread, now=clock.now()) if unread else {}

    def _clock_of(self, record: Any) -> Clock:
        found: Clock = getattr(record, "clock_at_hand", None) or self._clocks[record.pk]
        return found

    def render_number(self, value: str, record: Pack) -> Any:
        """Opens the card."""
        return format_html(
            '<a class="link" href="?pack={}" hx-get="{}" hx-target="#intake-card" hx-swap="outerHTML">{}</a>',
            record.pk,
            url_of("reviews:intake_card", record.pk),
            value,
        )

    def value_number(self, value: str, record: Pack) -> str:
        """The number."""
        return value

    def render_requested(self, value: Any, record: Pack) -> Any:
        """The amount, and below it what it is against today's."""
        return format_html("{}<small>{}</small>", money(value, record.currency, short=True), record.get_kind_display())

    def render_authorship(self, value: Any, record: Pack) -> Any:
        """The letter of the model."""
        return chip(record.authorship, "indigo" if record.authorship == "A" else "")

    def value_authorship(self, value: Any, record: Pack) -> str:
        """The same."""
        return record.authorship

    def render_age(self, value: Any, record: Pack) -> Any:
        """Working days against the target, with its bar."""
        clock_ = self._clock_of(record)
        words = clock_.label
        if clock_.is_late:
            words = _now("%(age)s, late") % {"age": words}
        elif not clock_.runs:
            words = _now("%(age)s, paused") % {"age": words}
        drawn = bar(clock_.spent.total_seconds(), clock_.target_seconds, _now("Clock"), tone=clock_.tone)
        return format_html('{}<small class="{}">{}</small>', drawn, "seal-ink" if clock_.is_late else "", words)

    def value_age(self, value: Any, record: Pack) -> float:
        """Working days, one decimal."""
        found = selectors.clocks_of([record], now=clock.now())
        return round(found[record.pk].days, 1)

    def render_stopped(self, value: Any, record: Any) -> Any:
        """A version on hold, a blocker; how many questions are open."""
        told = ngettext("%(number)s open question", "%(number)s open questions", value) % {"number": value}
        if record.is_held:
            return format_html("{}<small>{}</small>", chip(_now("New version in draft"), "amber"), told)
        if record.is_blocked:
            return format_html("{}<small>{}</small>", chip(_now("Blocker"), "seal"), told)
        return format_html("<small>{}</small>", told)

    def value_stopped(self, value: Any, record: Any) -> str:
        """In words."""
        return _now("New version in draft") if record.is_held else (_now("Blocker") if record.is_blocked else "")

    def render_analyst(self, value: Any, record: Pack) -> str:
        """Their name; a dash while nobody has it."""
        return self.value_analyst(value, record) or "—"

    def value_analyst(self, value: Any, record: Pack) -> str:
        """Their name."""
        review = getattr(record, "review", None)
        return review.analyst.name if review is not None else ""

    def value_state(self, value: Any, record: Pack) -> str:
        """In words."""
        return str(State(record.state).label)
