"""Every address x every role x every method (T1): the owner gets in, strangers find nothing, nothing breaks, nothing is unlisted."""

from itertools import product

import pytest

from tests.access import asking, hearing
from tests.access.canaries import CANARIES
from tests.access.features import RULES
from tests.access.people import ANONYMOUS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PUBLIC = {"healthz": 200, "staff:sign_in": 200, "staff:sign_out": 405, "set_language": 405}
TO_SIGN_IN = 302
CMS_DOORS = (
    "", "login/", "password_reset/", "users/", "groups/", "snippets/", "images/", "documents/", "reports/site-history/", "api/main/pages/",
    "sites/", "account/",
)  # fmt: skip


def test_every_address_has_a_rule_and_every_rule_an_address():
    names = {name for name, _pattern in asking.addresses()}
    assert names - RULES.keys() == set(), "addresses without a rule: say in tests/access/features who may go there"
    assert RULES.keys() - names == set(), "rules without an address"


def _without(headers):
    """Which of the headers of a private page this answer lacks."""
    said = {
        "no-store": "no-store" in headers.get("Cache-Control", ""),
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "frame": headers.get("X-Frame-Options") == "DENY",
        "referrer": headers.get("Referrer-Policy") == "same-origin",
        "csp": any(word in headers.get("Content-Security-Policy", "") for word in ("script-src 'self'", "sandbox")),
    }
    return [header for header, there_is in said.items() if not there_is]


def test_each_page_opens_for_those_it_is_for_and_for_nobody_else_and_each_answer_is_private(browsers, there):
    """And in none of them stands a word of a record that its reader may not see (T3)."""
    wrong = []
    for name, rule in RULES.items():
        url = asking.address(name, rule, there)
        for person, browser in browsers.items():
            expected = PUBLIC.get(name, TO_SIGN_IN) if person == ANONYMOUS else rule.expected(person)
            status, headers, words = hearing.opened(browser, url)
            if status != expected:
                wrong.append(f"{name} as {person}: {status}, not {expected}")
            wrong += [f"{name} as {person}: {header}" for header in _without(headers)]
            heard = () if person in hearing.LEFT_OUT else sorted(words)
            wrong += [f"{name} as {person}: tells {word}" for word in heard if person not in CANARIES[word].may]
    assert not wrong, "\n".join(wrong)


def test_each_rule_lets_somebody_in_so_that_refusals_mean_something():
    closed = {name for name, rule in RULES.items() if not rule.who}
    # A job without a file; a visit that needs no signature; a receipt without a picture.
    assert closed == {"web:job_file", "visits:visit_sign_off", "hospitality:receipt_download", "handoff:submit"}


def test_an_empty_post_gets_nobody_further_than_a_get(browsers, there):
    """403 and 404 stay what they are; whoever may open the form gets it back, or an answer that is no error of ours."""
    wrong = []
    for name, rule in RULES.items():
        if name in {"staff:sign_out", "set_language"}:
            continue
        url = asking.address(name, rule, there)
        for person, browser in browsers.items():
            status = asking.ask(browser, "post", url)
            inside = person != ANONYMOUS and rule.expected(person) not in {403, 404}
            fine = status < 500 if inside else status in {TO_SIGN_IN, 403, 404, 405, 200 if name in PUBLIC else 404}
            if not fine:
                wrong.append(f"{name} as {person}: {status}")
    assert not wrong, "\n".join(wrong)


def test_no_page_takes_other_methods(browsers, there):
    """Of nobody: who is not signed in, who may open the page, and who may not."""
    wrong = []
    for name, rule in RULES.items():
        url = asking.address(name, rule, there)
        insiders = [person for person in browsers if person in rule.who][:1]
        outsiders = [person for person in browsers if person not in {*rule.who, ANONYMOUS}][:1]
        for method, person in product(("put", "patch", "delete"), (ANONYMOUS, *insiders, *outsiders)):
            status = asking.ask(browsers[person], method, url)
            if status not in {302, 403, 404, 405}:
                wrong.append(f"{method} {name} as {person}: {status}")
    assert not wrong, "\n".join(wrong)


def test_the_editors_desk_is_there_for_editors_alone(browsers):
    for person, browser in browsers.items():
        expected = {"editor": 200, ANONYMOUS: 302}.get(person, 404)
        assert asking.ask(browser, "get", "/cms/") == expected, person


def test_no_door_of_the_editors_desk_is_open_to_others(browsers):
    for door in CMS_DOORS:
        for person in ("rm", "ho", "admin", "auditor"):
            assert asking.ask(browsers[person], "get", f"/cms/{door}") == 404, (door, person)
        assert asking.ask(browsers[ANONYMOUS], "get", f"/cms/{door}") == 302, door
        assert asking.ask(browsers["editor"], "get", f"/cms/{door}") < 500, door
