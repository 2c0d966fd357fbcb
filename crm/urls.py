"""The address of every page. Features keep their own `urls.py`; this is the one list of them."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail.admin import urls as wagtail_admin_urls

from crm.staff.views import set_language
from crm.web.api import api
from crm.web.views.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("api/v1/", api.urls),
    path("cms/", include(wagtail_admin_urls)),
    path("", include("crm.today.urls")),
    path("approvals/", include("crm.approvals.urls")),
    path("notifications/", include("crm.notifications.urls")),
    path("", include("crm.web.urls")),
    path("", include("crm.staff.urls")),
    path("policies/", include("crm.policy.urls")),
    path("", include("crm.companies.urls")),
    path("letters/", include("crm.papers.urls")),
    path("clients/", include("crm.clients.urls")),
    path("visits/", include("crm.visits.urls")),
    path("figures/", include("crm.figures.urls")),
    path("gifts/", include("crm.gifts.urls")),
    path("hospitality/", include("crm.hospitality.urls")),
    path("concessions/", include("crm.concessions.urls")),
    path("prospects/directories/", include("prospects.directories.urls")),
    path("prospects/", include("prospects.deals.urls")),
    path("news/alerts/", include("content.alerts.urls")),
    path("news/brief/", include("content.brief.urls")),
    path("news/", include("content.capture.urls")),
    path("news/", include("content.clippings.urls")),
    path("information/", include("content.library.urls")),
    path("credit/spreads/", include("credit.spreads.urls")),
    path("credit/", include("credit.packs.urls")),
    path("credit/", include("credit.memos.urls")),
    path("credit/", include("credit.handoff.urls")),
    path("credit/", include("credit.checklists.urls")),
    path("credit/", include("credit.exposure.urls")),
    path("credit/", include("credit.reviews.urls")),
    path("credit/", include("credit.decisions.urls")),
    path("credit/payments/", include("credit.payments.urls")),
    path("credit/verifications/", include("credit.verifications.urls")),
    path("credit/flags/", include("credit.flags.urls")),
    path("credit/covenants/", include("credit.covenants.urls")),
    path("credit/", include("credit.systems.urls")),
    path("credit/", include("credit.risk.urls")),
    path("credit/accountability/", include("credit.accountability.urls")),
    path("credit/handovers/", include("credit.handovers.urls")),
    path("credit/", include("credit.surprises.urls")),
    path("search/", include("search.urls")),
]

handler400 = "crm.web.views.errors.bad_request"
handler403 = "crm.web.views.errors.forbidden"
handler404 = "crm.web.views.errors.not_found"
handler500 = "crm.web.views.errors.server_error"
