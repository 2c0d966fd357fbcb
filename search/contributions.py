"""What search adds to shared screens: its entry in the menu."""

from django.utils.translation import gettext_lazy as _

from crm.kernel.contributions import ApiRouter, NavItem, register
from crm.kernel.ports import provide_day_counter, provide_text_finder, provide_title_finder
from search.reading import ids_holding, ids_titled, published_since

provide_text_finder(ids_holding)
provide_day_counter(published_since)
provide_title_finder(ids_titled)
register(
    NavItem(_("Search"), "search:search", "search", order=700, section=_("Know")),
    ApiRouter("search", "search.api.router", order=700),
)
