"""What gifts add to shared screens."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.gifts import approving, permissions, selectors
from crm.gifts.choices import ANYWHERE, AS_GIFT, HOLDS_ROOM, NEVER, PLACES, Category, Direction, GiftWork
from crm.gifts.models import Gift, GiftItem
from crm.gifts.selectors import RECIPIENT
from crm.gifts.services.traces import SUBJECT, TIMELINE
from crm.kernel.addresses import url_of
from crm.kernel.contributions import (
    ApiRouter,
    ApprovalKind,
    ClientPanel,
    CompanyForm,
    Invariant,
    KnownOfficials,
    LogEntry,
    NavItem,
    PaletteCommand,
    PolicyTable,
    RecordAction,
    TimelineKind,
    WorkKind,
    register,
)
from crm.kernel.limits import LimitEntry, decimal


def _reads(user: Any) -> bool:
    return bool(permissions.can_read_gifts(user=user))


def _panel_shown(user: Any, company: Any) -> bool:
    return _reads(user)


def _give_url(record: Any) -> str:
    return f"{url_of('gifts:gift_create')}?company={getattr(record, 'company_id', record.pk)}"


def _stocks_apart() -> Iterator[str]:
    moved = GiftItem.objects.annotate(moved=Coalesce(Sum("movements__quantity"), 0)).exclude(stock=F("moved"))
    for item in moved:
        yield f"Gift item {item.pk}: counted {item.stock}, moved {item.moved}."


def _unbranded() -> Iterator[str]:
    for pk in Gift.objects.filter(item__has_logo=False).values_list("pk", flat=True):
        yield f"Gift {pk}: it was issued without the logo."
    for pk in Gift.objects.filter(category=Category.CASH_LIKE, was_declined=False).values_list("pk", flat=True):
        yield f"Gift {pk}: it is as good as cash."


def _off_the_ledger() -> Iterator[str]:
    entries = LimitEntry.objects.filter(subject_type=SUBJECT, window__scope=RECIPIENT)
    entered = dict(entries.values_list("subject_id").annotate(total=Sum("hundredths")).order_by())
    for pk, direction, state, value in Gift.objects.values_list("pk", "direction", "state", "value"):
        counts = direction == Direction.GIVEN and state in HOLDS_ROOM
        if decimal(entered.get(pk, 0)) != (value if counts else 0):
            yield f"Gift {pk}: its value and the ledger of its recipient differ."


def _self_decided() -> Iterator[str]:
    for pk in Gift.objects.filter(decided_by=F("owner")).values_list("pk", flat=True):
        yield f"Gift {pk}: whoever gave or received it decided it."
    official = Gift.objects.counting().filter(is_official=True, consented_at=None)
    for pk in official.values_list("pk", flat=True):
        yield f"Gift {pk}: an official's, without compliance's consent."


register(
    NavItem(_("Gifts"), "gifts:gift_list", "gift", order=62, section=_("Money"), shown=_reads),
    LogEntry(_("Gift"), "gifts:gift_create", "gift", order=50, shown=permissions.is_giver),
    PaletteCommand(
        _("Give something"), "gifts:gift_create", "gift", words=_("gift present souvenir"), order=60, shown=permissions.is_giver
    ),
    PaletteCommand(
        _("Declare a gift received"), "gifts:gift_declare", "gift", words=_("gift received declined"), order=61, shown=permissions.is_giver
    ),
    KnownOfficials("gifts", selectors.once_official),
    CompanyForm("gift", "gifts:gift_create"),
    CompanyForm("gift-received", "gifts:gift_declare"),
    *(
        RecordAction(model, _("Give something"), "gift", _give_url, permissions.can_give_with, order=60)
        for model in ("companies.company", "clients.client")
    ),
    ClientPanel("gifts", _("Gifts"), "gifts:company_gifts", order=60, shown=_panel_shown),
    TimelineKind(TIMELINE, _("Gift"), "amber", "gifts:gift_detail"),
    WorkKind(GiftWork.DECIDE, _("Gift to decide"), "gift", "gifts:gift_detail"),
    WorkKind(GiftWork.CONSENT, _("Gift to consent to"), "gift", "gifts:gift_detail"),
    WorkKind(GiftWork.ISSUE, _("Gift to issue"), "box", "gifts:gift_detail"),
    WorkKind(GiftWork.DISPOSE, _("What became of a gift"), "gift", "gifts:gift_detail"),
    ApprovalKind(
        GiftWork.DECIDE,
        _("Gift"),
        "amber",
        approving.cards,
        approving.pane,
        approving.decide,
        escalate=approving.escalate,
        order=30,
    ),
    ApprovalKind(GiftWork.CONSENT, _("Gift, consent"), "amber", approving.cards, approving.pane, approving.decide, together=(), order=31),
    Invariant("gifts.stock", "Every stock is the sum of its movements", _stocks_apart),
    Invariant("gifts.fit", "Every gift issued carries the logo, and none is cash", _unbranded),
    Invariant("gifts.ledger", "Every gift that counts stands in its recipient's ledger with its value", _off_the_ledger),
    Invariant("gifts.decided", "Nobody decides their own gift; officials' have compliance's consent", _self_decided),
    PolicyTable(
        "gifts.caps",
        _("What gifts may be worth"),
        _("Gifts"),
        "money",
        labels={
            "item": _("One item"),
            "occasion": _("One person, one occasion"),
            "recipient": _("One person, in the months of the window"),
            "official_item": _("One item, for an official"),
        },
        simulate="crm.gifts.selectors.simulate_caps",
        order=310,
    ),
    PolicyTable(
        "gifts.received",
        _("Gifts received"),
        _("Gifts"),
        "money",
        labels={"permission": _("Needs permission above"), "returned": _("Goes back, unless compliance consents, above")},
        order=320,
    ),
    PolicyTable(
        "gifts.windows",
        _("How far gifts count together"),
        _("Gifts"),
        "count",
        labels={"occasion_days": _("One occasion, days"), "recipient_months": _("One person, months")},
        units={"occasion_days": "days", "recipient_months": "months"},
        order=330,
    ),
    PolicyTable(
        "gifts.days",
        _("Terms of gifts"),
        _("Gifts"),
        "days",
        labels={
            "declare": _("Declared within (working days)"),
            "decide": _("Decided within (working days)"),
            "ahead": _("Planned ahead at most"),
        },
        order=340,
    ),
    PolicyTable(
        NEVER,
        _("Words for what is never given or paid for"),
        _("Gifts"),
        "words",
        labels={AS_GIFT: _("Never a gift"), ANYWHERE: _("Never a gift, nor paid for at a table"), PLACES: _("Places never paid for")},
        order=350,
    ),
    ApiRouter("gifts", "crm.gifts.api.router", order=70),
)
