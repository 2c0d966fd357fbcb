"""The catalogue with its stock, and the register of gifts given and received."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.companies.models import Company, Contact
from crm.gifts.choices import (
    HOLDS_ROOM,
    Category,
    Direction,
    Disposal,
    GiftAct,
    GiftState,
    MovementKind,
    Occasion,
    Quality,
    Relation,
    ValueBasis,
)
from crm.gifts.querysets import GiftPartQuerySet, GiftQuerySet, ItemQuerySet, MovementQuerySet
from crm.kernel.addresses import url_of
from crm.kernel.models import AuditedModel, EventModel, OwnedModel, VersionedModel


class GiftItem(AuditedModel, VersionedModel):
    """Something that a centre keeps in stock to give away: practical, of good quality, with the bank's logo. Class I."""

    centre = models.ForeignKey("staff.OrgUnit", on_delete=models.PROTECT, related_name="+", verbose_name=_("centre"))
    name_en = models.CharField(_("name (English)"), max_length=120)
    name_hant = models.CharField(_("name (繁體)"), max_length=120)
    name_hans = models.CharField(_("name (简体)"), max_length=120)
    category = models.CharField(_("kind"), max_length=12, choices=Category.choices, default=Category.PROMOTIONAL)
    cost = models.DecimalField(_("cost"), max_digits=12, decimal_places=2)
    quality = models.CharField(_("quality"), max_length=8, choices=Quality.choices, default=Quality.GOOD)
    has_logo = models.BooleanField(_("carries the bank’s logo"), default=True)
    is_practical = models.BooleanField(_("of practical use"), default=True)
    is_offered = models.BooleanField(_("in use"), default=True)
    stock = models.PositiveIntegerField(_("in stock"), default=0, editable=False)

    objects = ItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift item")
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "name_en"], name="gifts_item_once", violation_error_message=_("This centre has an item of this name.")
            ),
            models.CheckConstraint(condition=Q(has_logo=True, is_practical=True), name="gifts_item_fit"),
            models.CheckConstraint(condition=Q(cost__gt=0), name="gifts_item_costs"),
            models.CheckConstraint(condition=~Q(category=Category.CASH_LIKE), name="gifts_item_no_cash"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return {"zh-hant": self.name_hant, "zh-hans": self.name_hans}.get(get_language() or "en", self.name_en)

    def get_absolute_url(self) -> str:
        """The item's page."""
        return url_of("gifts:item_detail", self.pk)


class Gift(AuditedModel, VersionedModel, OwnedModel):
    """A gift that the owner gives, or was given or offered, by or to a person of a company. Class I.

    Seen by the owner, their heads, head office, compliance, finance and audit; by the counter while it is to be issued.
    """

    number = models.CharField(_("number"), max_length=20, unique=True, editable=False)
    direction = models.CharField(_("direction"), max_length=8, choices=Direction.choices)
    state = models.CharField(_("state"), max_length=10, choices=GiftState.choices, default=GiftState.REQUESTED)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="gifts", verbose_name=_("company"))
    contact = models.ForeignKey(
        Contact, on_delete=models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name=_("person we know")
    )
    person = models.CharField(_("person"), max_length=120)
    person_title = models.CharField(_("position"), max_length=120, blank=True)
    person_key = models.CharField(max_length=60, editable=False, help_text="Whose limits it counts against: contact:12, or a folded name.")
    relation = models.CharField(_("relation"), max_length=8, choices=Relation.choices, default=Relation.MANAGER)
    is_official = models.BooleanField(_("public official or state-owned staff"), default=False)
    item = models.ForeignKey(GiftItem, on_delete=models.PROTECT, null=True, blank=True, related_name="gifts", verbose_name=_("item"))
    quantity = models.PositiveSmallIntegerField(_("pieces"), default=1)
    what = models.CharField(_("what"), max_length=300)
    category = models.CharField(_("kind"), max_length=12, choices=Category.choices)
    value = models.DecimalField(_("value"), max_digits=12, decimal_places=2)
    currency = models.CharField(_("currency"), max_length=3)
    basis = models.CharField(_("basis of the value"), max_length=8, choices=ValueBasis.choices)
    occasion = models.CharField(_("occasion"), max_length=12, choices=Occasion.choices)
    on = models.DateField(_("day"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    was_declined = models.BooleanField(_("offered and declined"), default=False)
    taken_home = models.BooleanField(_("taken home from a table"), default=False, editable=False)
    source_type = models.CharField(max_length=60, blank=True, editable=False)
    source_id = models.BigIntegerField(null=True, editable=False)
    level = models.CharField(_("decided by"), max_length=4, blank=True, editable=False)
    sensitive = models.CharField(_("open on this company"), max_length=300, blank=True, editable=False)
    is_late = models.BooleanField(_("declared late"), default=False, editable=False)
    needs_consent = models.BooleanField(_("needs compliance’s consent"), default=False, editable=False)
    consented_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("consented to by")
    )
    consented_at = models.DateTimeField(_("consented"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("approver")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("issued by")
    )
    disposal = models.CharField(_("disposal"), max_length=8, choices=Disposal.choices, blank=True, editable=False)

    objects = GiftQuerySet.as_manager()

    class Meta:
        verbose_name = _("gift")
        indexes = [
            models.Index(fields=["-on", "-id"], name="gifts_newest"),
            models.Index(fields=["owner", "-on", "-id"], name="gifts_by_owner"),
            models.Index(fields=["team", "-on", "-id"], name="gifts_by_team"),
            models.Index(fields=["centre", "-on", "-id"], name="gifts_by_centre"),
            models.Index(fields=["company", "-on", "-id"], name="gifts_by_company"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "person_key", "what"], condition=~Q(source_type=""), name="gifts_taken_home_once"
            ),
            models.CheckConstraint(condition=Q(value__gt=0) & Q(quantity__gt=0), name="gifts_worth_something"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("owner")),
                name="gifts_decided_by_another",
                violation_error_message=_("Nobody decides their own gift."),
            ),
            models.CheckConstraint(
                condition=Q(consented_by=None) | ~Q(consented_by=F("owner")),
                name="gifts_consented_by_another",
                violation_error_message=_("Nobody decides their own gift."),
            ),
            models.CheckConstraint(
                condition=Q(issued_by=None) | ~Q(issued_by=F("owner")),
                name="gifts_issued_by_another",
                violation_error_message=_("Whoever gives it does not issue it from stock."),
            ),
            models.CheckConstraint(
                condition=~Q(direction=Direction.GIVEN, state__in=HOLDS_ROOM, is_official=True) | ~Q(consented_at=None),
                name="gifts_official_consented",
                violation_error_message=_("A gift to an official needs compliance’s consent first."),
            ),
            models.CheckConstraint(
                condition=~Q(category=Category.CASH_LIKE) | Q(direction=Direction.RECEIVED, was_declined=True), name="gifts_no_cash"
            ),
            models.CheckConstraint(
                condition=~Q(direction=Direction.GIVEN) | ~Q(item=None) | Q(taken_home=True), name="gifts_given_from_catalogue"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.company}"

    def get_absolute_url(self) -> str:
        """The gift's page."""
        return url_of("gifts:gift_detail", self.pk)

    @property
    def waits_for_consent(self) -> bool:
        """Compliance has yet to say yes."""
        return self.state == GiftState.REQUESTED and self.needs_consent and self.consented_at is None


class GiftEvent(EventModel):
    """What was done with a gift, from which state to which, and why. Never changed."""

    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, related_name="events")
    act = models.CharField(_("what"), max_length=8, choices=GiftAct.choices)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects: ClassVar[Any] = GiftPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")

    def __str__(self) -> str:
        return f"{self.gift_id}: {self.get_act_display()}"

    @staticmethod
    def gift_model() -> type[Gift]:
        """For querysets, which stand below the models."""
        return Gift


class StockMovement(EventModel):
    """Pieces that came into or left a centre's stock. Whoever gives an item away is never the one who issues it."""

    item = models.ForeignKey(GiftItem, on_delete=models.PROTECT, related_name="movements")
    gift = models.ForeignKey(Gift, on_delete=models.PROTECT, null=True, related_name="movements")
    kind = models.CharField(_("what"), max_length=5, choices=MovementKind.choices)
    quantity = models.IntegerField(_("pieces"), help_text="Negative where they left.")
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects: ClassVar[Any] = MovementQuerySet.as_manager()

    class Meta:
        verbose_name = _("movement of stock")
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="gifts_movement_moves"),
            models.UniqueConstraint(fields=["gift", "kind"], condition=Q(gift__isnull=False), name="gifts_movement_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.quantity:+d}"

    @staticmethod
    def item_model() -> type[GiftItem]:
        """For querysets, which stand below the models."""
        return GiftItem
