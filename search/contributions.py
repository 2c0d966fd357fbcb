"""What search adds to shared screens: its entry in the menu."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import ApiRouter, NavItem, register
from crm.kernel.ports import provide_day_counter, provide_text_finder
from search.reading import ids_holding, published_since

provide_text_finder(ids_holding)
provide_day_counter(published_since)
register(
    NavItem(_("Search"), "search:search", "search", order=700, section=_("Know")),
    ApiRouter("search", "search.api.router", order=700),
)
