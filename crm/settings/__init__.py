"""Settings: embedded unless `RAPPORT_MODE=production` asks for the servers of a real bank."""

from crm.settings.env import choice

if choice("RAPPORT_MODE", ("embedded", "production"), default="embedded") == "production":
    from crm.settings.production import *  # noqa: F403
else:
    from crm.settings.embedded import *  # noqa: F403
