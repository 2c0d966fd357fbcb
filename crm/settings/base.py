"""What embedded, production and tests have in common."""

import os
from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from crm.settings import env

# Before openpyxl is imported: else it reads with the XML parser that trafilatura brings, and so past defusedxml.
os.environ["OPENPYXL_LXML"] = "False"

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = env.path("RAPPORT_DATA_DIR", default=BASE_DIR / "var")
# The keys of the surprise-visit draw: never in the data folder, which is backed up. A bank's own machine makes none by itself.
DRAW_KEYS = env.path("RAPPORT_DRAW_KEYS", default=BASE_DIR / ".draw-keys" / "keys.json")
DRAW_KEYS_MAKE = False

INSTALLED_APPS = [
    "crm.kernel",
    "crm.web",
    "crm.policy",
    "crm.staff",
    "crm.notifications",
    "crm.companies",
    "crm.papers",
    "crm.clients",
    "crm.figures",
    "crm.visits",
    "crm.hospitality",
    "crm.gifts",
    "crm.concessions",
    "content.letters",
    "content.clippings",
    "content.library",
    "content.capture",
    "content.brief",
    "content.alerts",
    "prospects.deals",
    "prospects.directories",
    "credit.spreads",
    "credit.packs",
    "credit.memos",
    "credit.handoff",
    "credit.checklists",
    "credit.exposure",
    "credit.reviews",
    "credit.decisions",
    "credit.flags",
    "credit.verifications",
    "credit.covenants",
    "credit.systems",
    "credit.payments",
    "credit.risk",
    "credit.accountability",
    "credit.handovers",
    "credit.surprises",
    "crm.approvals",
    "crm.today",
    "search",
    "crm.demo",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.images",
    "wagtail.documents",
    "wagtail.search",
    "wagtail.sites",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "simple_history",
    "axes",
    "csp",
    "django_tables2",
    "django_filters",
    "django_htmx",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "crm.web.middleware.room_middleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.staff.middleware.SessionLimitMiddleware",
    "crm.staff.middleware.EditorsDeskMiddleware",
    "crm.web.middleware.ReaderMiddleware",
    "crm.web.middleware.PrivatePageMiddleware",
    "crm.web.middleware.DomainErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.web.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "crm.web.templatetags.ui", "crm.web.templatetags.frame"],
        },
    }
]

# Signing in
AUTH_USER_MODEL = "staff.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "crm.staff.backends.PostBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "staff:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "staff:sign_in"
WAGTAILADMIN_LOGIN_URL = "/accounts/login/"
AXES_FAILURE_LIMIT = env.integer("RAPPORT_SIGN_IN_TRIES", default=5, minimum=1)
AXES_COOLOFF_TIME = env.integer("RAPPORT_LOCK_OUT_HOURS", default=1, minimum=1)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "crm.staff.views.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address"]
SESSION_IDLE_MINUTES = env.integer("RAPPORT_SESSION_IDLE_MINUTES", default=15, minimum=1)
SESSION_HOURS = env.integer("RAPPORT_SESSION_HOURS", default=10, minimum=1)
SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "crm.web.views.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Languages and time
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hant", "繁體中文"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [DATA_DIR / "locale"]  # compiled there at start from crm/locale
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_I18N = True
USE_TZ = True
FORMAT_MODULE_PATH = "crm.formats"
TIME_ZONE = "Asia/Hong_Kong"

# Safety of pages
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "crm.web.uploads.CappedUploads"]
UPLOAD_LIMIT_BYTES = env.integer("RAPPORT_UPLOAD_LIMIT_MB", default=50, minimum=1) * 1024 * 1024

# Files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "cms"
MEDIA_URL = "/cms-files/"
FILES_DIR = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

# Full-text search: a folder, or a cluster where one is named
ELASTICSEARCH_URL = env.server("ELASTICSEARCH_URL")
SEARCH_INDEX = env.text("RAPPORT_SEARCH_INDEX", default="rapport")
SEARCH_DIR = DATA_DIR / "search"

# Mail to staff (crm.notifications): a file in this folder, until a mail server is named
MAIL_DIR = DATA_DIR / "mail"
MAIL_LEAVES = False

# Wagtail: for editors only, see crm.staff.backends
WAGTAIL_SITE_NAME = "Rapport"
WAGTAILADMIN_BASE_URL = env.text("RAPPORT_BASE_URL", default="http://127.0.0.1:8000")
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES

# Work after commit
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "relay-outbox": {"task": "kernel.relay_outbox", "schedule": 1.0, "options": {"expires": 5}},
    "keep-search": {"task": "search.keep", "schedule": 60.0, "options": {"expires": 50}},
    "mend-search": {"task": "search.mend", "schedule": 24 * 3600.0},
    "sweep-files": {"task": "kernel.sweep_files", "schedule": 24 * 3600.0},
    "forget-drafts": {"task": "kernel.forget_drafts", "schedule": 24 * 3600.0},
    "sweep-bands": {"task": "clippings.sweep_bands", "schedule": 24 * 3600.0},
    "collect-feeds": {"task": "capture.collect_feeds", "schedule": 60.0, "options": {"expires": 55}},
    "set-reading": {"task": "brief.set_reading", "schedule": 900.0, "options": {"expires": 600}},
    "tell-alerts": {"task": "alerts.tell", "schedule": 60.0, "options": {"expires": 55}},
    "expire-exports": {"task": "web.expire_exports", "schedule": 3600.0},
    "escalate-approvals": {"task": "approvals.escalate", "schedule": 60.0, "options": {"expires": 55}},
    "send-digests": {"task": "approvals.send_digests", "schedule": 300.0, "options": {"expires": 280}},
    "send-mails": {"task": "notifications.send_mails", "schedule": 60.0, "options": {"expires": 55}},
    "forget-notifications": {"task": "notifications.forget_old", "schedule": 24 * 3600.0},
    "watch-concessions": {"task": "concessions.watch", "schedule": 600.0, "options": {"expires": 550}},
    "settle-coverage": {"task": "visits.settle_coverage", "schedule": 3600.0},
    "lapse-packs": {"task": "decisions.lapse", "schedule": 3600.0},
    "watch-limits": {"task": "decisions.watch", "schedule": 3600.0},
    "watch-reviews": {"task": "reviews.watch", "schedule": 600.0, "options": {"expires": 550}},
    "watch-flags": {"task": "flags.watch", "schedule": 600.0, "options": {"expires": 550}},
    "watch-verifications": {"task": "verifications.watch", "schedule": 600.0, "options": {"expires": 550}},
    "remind-of-papers": {"task": "checklists.remind", "schedule": 24 * 3600.0},
    "reveal-surprises": {"task": "surprises.keep", "schedule": 60.0, "options": {"expires": 55}},
    "watch-accountability": {"task": "accountability.watch", "schedule": 3600.0, "options": {"expires": 3500}},
    "nightly-monitoring": {"task": "surprises.nightly", "schedule": 3600.0, "options": {"expires": 3500}},
    "hospitality-terms": {"task": "hospitality.keep_terms", "schedule": 3600.0},
}
DEMO_NEWS_DAYS = env.integer("RAPPORT_DEMO_NEWS_DAYS", default=100, minimum=1)
# Where webhooks of credit systems may stand ("host" or "host:port"), and the private networks that these may lead into.
WEBHOOK_HOSTS = env.words("RAPPORT_WEBHOOK_HOSTS", default=())
WEBHOOK_NETWORKS = env.networks("RAPPORT_WEBHOOK_NETWORKS")
OUTBOX_LEASE_SECONDS = env.integer("RAPPORT_OUTBOX_LEASE_SECONDS", default=60, minimum=1)

# Services name the user of each history row themselves (crm.kernel.models.AuditedModel.record).
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SIMPLE_HISTORY_REVERT_DISABLED = True

TABLE_PAGE_SIZE = 50
SILENCED_SYSTEM_CHECKS = ["axes.W006", "wagtailadmin.W003"]

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("RAPPORT_LOG_LEVEL", default="WARNING")},
}

DATABASE_TIMEOUT_SECONDS = 20


def sqlite(path: Path) -> dict[str, Any]:
    """SQLite as a product: WAL, IMMEDIATE and a long wait, so that no writer is refused (measured: `safety` section 3)."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": DATABASE_TIMEOUT_SECONDS,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA mmap_size=268435456; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;"
            ),
        },
        "CONN_MAX_AGE": None,
    }


APP_NAME = _("Rapport")
