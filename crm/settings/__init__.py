"""Settings: embedded unless `RAPPORT_MODE=production` asks for the servers of a real bank."""

import os

from crm.settings.env import choice

# Python runs this file before `crm.settings.test` too, which must first choose its own data folder.
if os.environ.get("DJANGO_SETTINGS_MODULE", __name__) == __name__:
    if choice("RAPPORT_MODE", ("embedded", "production"), default="embedded") == "production":
        from crm.settings.production import *  # noqa: F403
    else:
        from crm.settings.embedded import *  # noqa: F403
