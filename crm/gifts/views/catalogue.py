"""The catalogue and its stock."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.gifts import permissions, services
from crm.gifts.filters import ItemFilters
from crm.gifts.forms import ItemForm, StockForm
from crm.gifts.models import GiftItem
from crm.gifts.tables import ItemTable
from crm.kernel.addresses import url_of
from crm.kernel.permission import ALLOWED, Permission
from crm.web.templatetags.ui import money
from crm.web.views import Action, CreateView, DetailView, Empty, Fact, ListView, OperationView, UpdateView

MOVEMENTS_SHOWN = 50


class ItemList(ListView):
    """`/gifts/catalogue/`."""

    model = GiftItem
    table_class = ItemTable
    filterset_class = ItemFilters
    title = _("Gift catalogue")
    ordering = ("name_en",)
    select_related = ("centre",)
    empty = Empty(
        _("The catalogue is empty"), _("Practical things of good quality with the bank’s logo stand here, with their stock."), icon="box"
    )

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever gives, issues or oversees."""
        return permissions.can_read_catalogue(user=request.user)

    def actions(self) -> list[Action]:
        """A new item, for those who keep it."""
        if not permissions.can_keep_catalogue(user=self.request.user):
            return []
        return [Action(_("New item"), url_of("gifts:item_create"), "plus", primary=True)]


class ItemDetail(DetailView):
    """An item and the movements of its stock."""

    model = GiftItem
    select_related = ("centre",)
    template_name = "gifts/item_detail.html"
    crumb = (_("Gift catalogue"), "gifts:item_list")

    def permission(self, request: HttpRequest) -> Permission:
        """Whoever sees it."""
        return ALLOWED

    def facts(self) -> list[Fact]:
        """What it is and how many there are."""
        item = self.object
        return [
            Fact(_("In stock"), item.stock),
            Fact(_("Cost"), money(item.cost, item.centre.currency)),
            Fact(_("Quality"), item.get_quality_display()),
            Fact(_("Kind"), item.get_category_display()),
            Fact(_("Centre"), item.centre.name),
        ]

    def actions(self) -> list[Action]:
        """Change it, count it."""
        item, user = self.object, self.request.user
        actions = []
        if permissions.can_count_stock(user=user, item=item):
            actions.append(Action(_("Stock came in, or is lost"), url_of("gifts:stock_move", item.pk), "box", dialog=True))
        if permissions.can_keep_item(user=user, item=item):
            actions.append(Action(_("Change"), url_of("gifts:item_update", item.pk), "edit", primary=True))
        return actions

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        """Adds the movements, newest first."""
        movements = self.object.movements.select_related("actor", "gift").order_by("-pk")[:MOVEMENTS_SHOWN]
        return super().get_context_data(movements=movements, **context)


class ItemCreate(CreateView):
    """Put something into the catalogue."""

    form_class = ItemForm
    title = _("New gift item")
    success_message = _("It stands in the catalogue.")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose centres may be chosen."""
        return {"user": self.request.user}

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_catalogue(user=request.user)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> GiftItem:
        """Make it."""
        centre = data.pop("centre")
        return services.keep_item(item_id=None, centre_id=centre.pk if centre else None, actor=self.request.user, now=now, **data)


class ItemUpdate(UpdateView):
    """Change an item."""

    model = GiftItem
    form_class = ItemForm
    title = _("Change this item")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who changes it."""
        return {"user": self.request.user}

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_keep_item(user=request.user, item=self.object)

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> GiftItem:
        """Change it."""
        return services.keep_item(item_id=self.object.pk, version=self.version, actor=self.request.user, now=now, **data)


class StockMove(OperationView):
    """Pieces came in, or are lost."""

    model = GiftItem
    form_class = StockForm
    title = _("Stock came in, or is lost")
    success_message = _("Counted.")

    def permission(self, request: HttpRequest) -> Permission:
        """The service's own."""
        return permissions.can_count_stock(user=request.user, item=self.object)

    def get_success_url(self, result: Any) -> str:
        """The item."""
        return self.object.get_absolute_url()

    def perform(self, *, data: dict[str, Any], now: dt.datetime) -> Any:
        """Count it."""
        return services.move_stock(item_id=self.object.pk, actor=self.request.user, now=now, **data)
