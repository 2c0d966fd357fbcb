"""Lists of concessions as tables."""

from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.concessions.choices import GRANTED, Level, State
from crm.concessions.models import Concession, Conflict, Probe, Suspension
from crm.concessions.rules import Terms
from crm.concessions.selectors import figure_in_words
from crm.kernel.errors import Sentence
from crm.staff.choices import Role
from crm.web.tables import ChipColumn, Column, MoneyColumn, NameColumn, PersonColumn, Table, WhenColumn
from crm.web.templatetags import ui

TONES = {
    State.REQUESTED: "indigo",
    State.RETURNED: "amber",
    State.APPROVED: "jade",
    State.PART: "amber",
    State.REFUSED: "seal",
    State.VETOED: "seal",
    State.APPLIED: "jade",
    State.REVOKED: "seal",
}


def standing(concession: Concession) -> tuple[Sentence, str]:
    """Where it stands, as a word and its tone: what is to be done first, else the state."""
    if concession.state in (*GRANTED, State.REFUSED, State.VETOED) and concession.told_at is None:
        return _("To be told"), "amber"
    return concession.get_state_display(), TONES.get(State(concession.state), "")


class ConcessionTable(Table):
    """Concessions, newest first."""

    company = NameColumn(verbose_name=_("Company"), orderable=False)
    number = Column(verbose_name=_("Number"), orderable=False, css="nowrap")
    kind = ChipColumn(verbose_name=_("Type"), orderable=False)
    figure = Column(verbose_name=_("Figure"), accessor="terms", orderable=False, css="num")
    amount = MoneyColumn(currency_accessor="currency", orderable=False)
    standing = Column(verbose_name=_("Standing"), accessor="pk", orderable=False)
    owner = PersonColumn(verbose_name=_("Asked by"), orderable=False)
    asked_at = WhenColumn(verbose_name=_("Asked on"), initial_sort_descending=True)

    class Meta:
        model = Concession

    def render_figure(self, value: Any, record: Concession) -> str:
        """The one figure that it is compared by."""
        return figure_in_words(Terms.from_json(value))

    def value_figure(self, value: Any, record: Concession) -> str:
        """The same."""
        return figure_in_words(Terms.from_json(value))

    def render_standing(self, value: Any, record: Concession) -> SafeString:
        """The word on its tone."""
        return ui.chip(*standing(record))

    def value_standing(self, value: Any, record: Concession) -> str:
        """The word."""
        return str(standing(record)[0])


class RegisterTable(ConcessionTable):
    """The register of compliance and finance: with what is forgone, and who decided when at which level."""

    amount = MoneyColumn(currency_accessor="currency", orderable=False, short=True)
    forgone = MoneyColumn(
        verbose_name=_("Income forgone"), accessor="granted_forgone", currency_accessor="centre.currency", orderable=False
    )
    is_exercise = ChipColumn(verbose_name=_("Own authority"), orderable=False)
    level = Column(verbose_name=_("Level"), accessor="decided_level", orderable=False, sight="levels")
    decided_at = WhenColumn(verbose_name=_("Decided"), orderable=False, sight="levels")
    told_at = WhenColumn(verbose_name=_("Told"), orderable=False)
    review = ChipColumn(verbose_name=pgettext_lazy("concession", "Review"), accessor="review_state", orderable=False, sight="levels")
    sunset_on = WhenColumn(verbose_name=_("Ends on"), orderable=False)

    class Meta:
        model = Concession

    @classmethod
    def visible_fields(cls, user: Any) -> set[str]:
        """Who decided when at which level: head office, compliance and audit, and not finance (domain 1.2)."""
        return {"levels"} if user.actor.has_role(Role.HO, Role.COMP, Role.AUD) else set()

    def render_level(self, value: int, record: Concession) -> str:
        """The grade's code."""
        return Level(value).name

    def value_level(self, value: int | None, record: Concession) -> str:
        """The same; empty before the decision."""
        return Level(value).name if value else ""


class ProbeTable(Table):
    """Who looked whose decision a concession would be."""

    actor = PersonColumn(verbose_name=_("Who"), orderable=False)
    at = WhenColumn(verbose_name=_("When"), initial_sort_descending=True)
    company = NameColumn(verbose_name=_("Company"), orderable=False)
    kind = ChipColumn(verbose_name=_("Type"), orderable=False)
    figures = Column(verbose_name=_("Figures"), accessor="terms", orderable=False)
    via = ChipColumn(verbose_name=_("Where"), orderable=False)
    slowed = ChipColumn(verbose_name=_("Put off"), orderable=False)

    class Meta:
        model = Probe

    def render_figures(self, value: dict[str, str], record: Probe) -> str:
        """All of them."""
        return ", ".join(f"{name} {figure}" for name, figure in value.items() if name != "kind")

    def value_figures(self, value: dict[str, str], record: Probe) -> str:
        """The same."""
        return self.render_figures(value, record)


class ConflictTable(Table):
    """Declared conflicts of interest."""

    person = PersonColumn(verbose_name=_("Who"), orderable=False)
    company = NameColumn(verbose_name=_("Company"), orderable=False)
    reason = Column(orderable=False, css="long")
    since = WhenColumn(orderable=False)
    until = WhenColumn(orderable=False)

    class Meta:
        model = Conflict


class SuspensionTable(Table):
    """Suspensions of authority."""

    person = PersonColumn(verbose_name=_("Who"), orderable=False)
    reason = Column(orderable=False, css="long")
    said_by = PersonColumn(orderable=False)
    since = WhenColumn(orderable=False)
    until = WhenColumn(orderable=False)

    class Meta:
        model = Suspension
