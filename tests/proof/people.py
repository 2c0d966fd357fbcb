"""Signs people in, past the password: `python -m tests.proof.people` prints the sessions and companies of managers as JSON."""

import json
from typing import Any

import django


def main() -> list[dict[str, Any]]:
    """A session key and the companies of prospects for each relationship manager."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from prospects.deals.models import Deal

    found = []
    for user in get_user_model().objects.filter(username__startswith="rm").order_by("pk"):
        browser = Client()
        browser.force_login(user, backend="crm.staff.backends.PostBackend")
        companies = list(Deal.objects.open().filter(owner=user).order_by("pk").values_list("company_id", flat=True))
        found.append({"session": browser.session.session_key, "companies": companies})
    return found


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))
