"""A bank's servers, chosen by environment variables. Start-up refuses what is unsafe."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from crm.settings import env
from crm.settings.base import *  # noqa: F403

MODE = "production"
DEBUG = env.boolean("RAPPORT_DEBUG", default=False)
if DEBUG:
    raise ImproperlyConfigured("RAPPORT_DEBUG must be off in production.")

SECRET_KEY = env.text("RAPPORT_SECRET_KEY")
if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 10 or "insecure" in SECRET_KEY or "change" in SECRET_KEY.lower():
    raise ImproperlyConfigured("RAPPORT_SECRET_KEY must be a random text of 50 characters or more, not a default.")

ALLOWED_HOSTS = env.words("RAPPORT_HOSTS")
if "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured("RAPPORT_HOSTS must name the hosts; '*' is not allowed in production.")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]

DATABASES = {"default": env.database("DATABASE_URL")}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must name a PostgreSQL database in production.")
DATABASES["default"]["OPTIONS"] = {**DATABASES["default"].get("OPTIONS", {}), "pool": {"min_size": 1, "max_size": 8, "timeout": 10}}

# Required: the key file of the surprise-visit draw, outside the data folder and its backups.
DRAW_KEYS = Path(env.text("RAPPORT_DRAW_KEYS")).resolve()

CELERY_BROKER_URL = env.text("CELERY_BROKER_URL")
if not CELERY_BROKER_URL.startswith(("redis://", "rediss://", "amqp://", "amqps://")):
    raise ImproperlyConfigured("CELERY_BROKER_URL must begin with redis://, rediss://, amqp:// or amqps://.")

if env.text("EMAIL_URL", default=""):
    vars().update(env.email("EMAIL_URL"))
    MAIL_LEAVES = True

SECURE_SSL_REDIRECT = env.boolean("RAPPORT_TLS_REDIRECT", default=True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
AXES_IPWARE_PROXY_COUNT = env.integer("RAPPORT_PROXIES", default=1)
WHITENOISE_USE_FINDERS = False
STORAGES["staticfiles"]["BACKEND"] = "crm.web.storage.HashedStaticFiles"  # noqa: F405
