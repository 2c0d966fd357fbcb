"""Prints, as JSON, a manager's sessions, with us and on the floor, and the pages put under load: `python -m tests.benchmarks.sign_in`."""

import json
from typing import Any

import django


def main() -> dict[str, Any]:
    """The list of clients and a client's page, each with its rows and its goal."""
    from django.urls import reverse

    from tests.benchmarks import pages

    reader = pages.sign_in(pages.MANAGER)
    found = {page.name: page for page in pages.PAGES}
    addresses = {
        "client_list": (f"{reverse('clients:client_list')}?all=1", 1 / 4),
        "client_page": (reverse("clients:client_detail", args=[reader.client_id]), 1 / 6),
    }
    targets = [
        {"name": name, "path": path, "rows": pages.rows_of(found[name], found[name].ask(reader)), "goal": goal}
        for name, (path, goal) in addresses.items()
    ]
    return {"session": reader.browser.session.session_key, "bare": reader.bare.session.session_key, "targets": targets}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(main()))
