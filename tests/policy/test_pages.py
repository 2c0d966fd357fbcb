"""The policy screens and their API: who sees which figures, proposes and decides (domain 1.2; invariant 13)."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from crm.kernel.contributions import Invariant, PolicyTable, of
from crm.policy.models import Figure, FigureChange
from crm.staff.services import create_token
from tests.policy.making import approve, propose

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("limits")]


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def today():
    return timezone.localdate()


def browser(user):
    client = Client()
    client.force_login(user, backend="crm.staff.backends.PostBackend")
    return client


def page(user, url, **kwargs):
    return browser(user).get(url, **kwargs).content.decode()


def api(user, path, body=None):
    headers = {"Authorization": f"Bearer {create_token(user=user)}"}
    url = f"/api/v1/policies{path}"
    return (
        Client().get(url, headers=headers) if body is None else Client().post(url, body, content_type="application/json", headers=headers)
    )


def everything(user):
    """All pages of the figures of today."""
    answer = api(user, "?limit=200").json()
    found = answer["items"]
    while answer["next"]:
        answer = api(user, f"?{urlencode({'limit': 200, 'cursor': answer['next']})}").json()
        found += answer["items"]
    return found


def seen(user, table):
    return set(Figure.objects.visible_to(user).filter(table=table).values_list("key", flat=True))


def test_every_table_of_figures_is_contributed():
    planted = set(Figure.objects.values_list("table", flat=True))
    assert planted - {table.name for table in of(PolicyTable)} == set()


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("arm", {"ARM"}),
        ("rm2", {"RM"}),
        ("rm", {"SRM"}),
        ("head", {"ARM", "RM", "SRM", "TH"}),
        ("centre", {"ARM", "RM", "SRM", "TH", "RCH"}),
        ("ho", {"ARM", "RM", "SRM", "TH", "RCH", "HO"}),
        ("compliance", {"ARM", "RM", "SRM", "TH", "RCH", "HO"}),
        ("auditor", {"ARM", "RM", "SRM", "TH", "RCH", "HO"}),
        ("finance", set()),
        ("lobby", set()),
        ("admin", set()),
    ],
)
def test_a_restricted_table_shows_rows_up_to_ones_own_grade(bank, name, keys):
    user = bank.people[name]
    assert seen(user, "test.matrix") == keys
    assert seen(user, "test.limit") == {"ARM", "RM", "SRM", "TH", "RCH"}
    assert {item["key"] for item in everything(user) if item["table"] == "test.matrix"} == keys
    for url in ("/policies/test.matrix/", "/policies/test.matrix/propose/"):
        assert browser(user).get(url).status_code == (404 if not keys else 200 if name == "ho" or "propose" not in url else 403)
    assert api(user, "/tables/test.matrix").status_code == (200 if keys else 404)


def test_the_overview_of_an_rm_holds_the_own_cell_of_the_matrix_alone(bank):
    shown = page(bank.rm2, "/policies/?q=Matrix")
    assert [cell for cell in ("10 bp", "0 bp", "20 bp", "35 bp", "60 bp", "no limit") if f">{cell}" in shown] == ["10 bp"]
    shown = page(bank.ho, "/policies/?q=Matrix")
    assert all(f">{cell}" in shown for cell in ("10 bp", "20 bp", "35 bp", "60 bp", "no limit"))


def test_the_overview_shows_each_jurisdiction_with_its_own_figures(bank):
    assert "HK$ 8,000.00" in page(bank.rm, "/policies/")
    assert "RMB 5,000.00" in page(bank.rm, "/policies/?jurisdiction=CN")
    assert "RMB 5,000.00" in page(bank.outsider, "/policies/")
    assert "RMB 5,000.00" in page(bank.outsider, "/policies/?jurisdiction=XX")


def test_ones_own_figure_is_seen_by_oneself_ones_heads_and_those_who_read_all(bank, now, today):
    approve(propose(bank.head, now, {"RM": 6123}, person_id=bank.rm2.pk, effective_from=today), bank.centre, now)
    sees = {name for name, user in bank.people.items() if Figure.objects.visible_to(user).filter(person=bank.rm2).exists()}
    assert sees == {"rm2", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"}
    assert "HK$ 6,123.00" in page(bank.rm2, "/policies/")
    assert "HK$ 6,123.00" not in page(bank.sibling, "/policies/")
    assert "HK$ 8,000.00" in page(bank.sibling, "/policies/")
    assert "HK$ 6,123.00" in page(bank.head, "/policies/test.limit/").replace("6,123.00", "HK$ 6,123.00").replace("HK$ HK$", "HK$")
    assert "6,123.00" not in page(bank.sibling, "/policies/test.limit/")


def test_changes_are_seen_by_head_office_readers_their_proposer_and_the_centre_head(bank, now, today):
    general = propose(bank.ho, now, {"RM": 9000}, effective_from=today)
    own = propose(bank.head, now, {"RM": 6000}, person_id=bank.rm2.pk, effective_from=today)
    all_see = {"ho", "ho2", "compliance", "compliance2", "auditor"}
    for change, sees in ((general, all_see), (own, all_see | {"head", "centre"})):
        found = {name for name, user in bank.people.items() if FigureChange.objects.visible_to(user).filter(pk=change.pk).exists()}
        assert found == sees
    assert browser(bank.rm2).get("/policies/changes/").status_code == 403
    assert browser(bank.rm2).get(own.get_absolute_url()).status_code == 404
    assert browser(bank.head2).get(own.get_absolute_url()).status_code == 404
    assert "Dearer dinners" not in page(bank.rm2, "/policies/test.limit/")
    assert "Dearer dinners" in page(bank.head, "/policies/test.limit/")


def sent(form_url, user, **typed):
    client = browser(user)
    form = client.get(form_url).context["form"]
    data = {bound.html_name: bound.field.prepare_value(bound.value()) for bound in form if bound.value() not in (None, False)}
    return client.post(form_url, data | {"reason": "Dearer dinners"} | typed)


def test_what_is_typed_over_is_proposed_and_the_second_person_approves(bank, today):
    answer = sent("/policies/test.limit/propose/", bank.ho, **{"figure-RM": "9,000", "figure-SRM": "16000"})
    change = FigureChange.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, change.get_absolute_url())
    assert (change.values, change.effective_from) == ({"RM": "9000.00", "SRM": "16000.00"}, today)
    shown = page(bank.ho2, change.get_absolute_url())
    assert "8,000.00" in shown
    assert "9,000.00" in shown
    assert "Withdraw" in page(bank.ho, change.get_absolute_url())
    assert browser(bank.ho).post(f"{change.get_absolute_url()}approve/").status_code == 403
    assert browser(bank.ho2).post(f"{change.get_absolute_url()}approve/").status_code == 302
    assert "HK$ 9,000.00" in page(bank.rm, "/policies/")
    assert "Ho Lau · Ho2 Lau" in page(bank.rm, "/policies/test.limit/")


def test_a_form_for_one_jurisdiction_is_filled_with_what_holds_there(bank):
    sent("/policies/test.limit/propose/?jurisdiction=CN", bank.ho, **{"figure-RM": "5500"})
    change = FigureChange.objects.get()
    assert (change.jurisdiction, change.values, change.before) == ("CN", {"RM": "5500.00"}, {"RM": "5000.00"})


def test_what_does_not_fit_stands_beside_its_field_and_keeps_what_was_typed(bank):
    answer = sent("/policies/test.limit/propose/", bank.ho, **{"figure-RM": "much", "figure-SRM": "16000"})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"figure-RM"}
    assert answer.context["form"]["figure-SRM"].value() == "16000"
    assert sent("/policies/test.limit/propose/", bank.ho, **{"figure-RM": "9,0"}).status_code == 422
    answer = sent("/policies/test.limit/propose/", bank.ho)
    assert answer.status_code == 422
    assert "Change one figure at least." in answer.content.decode()


def test_values_of_several_parts_are_proposed_whole(bank):
    sent("/policies/visits.cadence/propose/", bank.ho, **{"figure-A-meet": "25"})
    assert FigureChange.objects.get().values == {"A": {"meet": 25, "call": 7}}
    answer = sent("/policies/visits.cadence/propose/", bank.ho, **{"figure-B-call": "often"})
    assert set(answer.context["form"].errors) == {"figure-B-meet", "figure-B-call"}


@pytest.mark.parametrize(
    ("table", "typed", "values"),
    [
        ("staff.working_hours", {"figure-spans": "09:00-13:00, 14:00-17:00"}, {"spans": [["09:00", "13:00"], ["14:00", "17:00"]]}),
        ("papers.phrases", {"figure-decides": "approv\n 批准 \n\napprov"}, {"decides": ["approv", "批准"]}),
        ("clients.tier", {"figure-initial": "D", "figure-manual_months": "6"}, {"initial": "D", "manual_months": 6}),
        ("library.expiry_days", {"figure-": "60"}, {"": 60}),
        ("deals.minimum_income", {"figure-": "25,000.5"}, {"": "25000.50"}),
    ],
)  # fmt: skip
def test_each_unit_is_typed_in_its_own_way(bank, table, typed, values):
    assert sent(f"/policies/{table}/propose/", bank.ho, **typed).status_code == 302
    assert FigureChange.objects.get().values == values


@pytest.mark.parametrize(
    ("table", "typed"),
    [
        ("staff.working_hours", {"figure-spans": "09:00-13:00, 12:00-17:00"}),
        ("staff.working_hours", {"figure-spans": "25:00-26:00"}),
        ("clients.tier", {"figure-initial": "Z"}),
        ("deals.probability", {"figure-S1": "101"}),
        ("deals.lead_cap", {"figure-RM": "12.5"}),
    ],
)
def test_what_no_unit_takes_is_refused(bank, table, typed):
    assert sent(f"/policies/{table}/propose/", bank.ho, **typed).status_code == 422
    assert not FigureChange.objects.exists()


def test_a_head_proposes_for_one_of_their_people_alone(bank):
    url = "/policies/test.limit/person/"
    offered = {
        name: set(browser(bank.people[name]).get(url).context["form"].fields["person"].queryset) for name in ("head", "centre", "ho")
    }
    assert offered["head"] == {bank.arm, bank.rm, bank.rm2}
    assert offered["centre"] == {bank.arm, bank.rm, bank.rm2, bank.sibling, bank.head, bank.head2}
    assert {bank.outsider, bank.centre, bank.ho2} < offered["ho"]
    assert bank.ho not in offered["ho"]
    assert sent(url, bank.head, person=bank.sibling.pk, figure="6000").status_code == 422
    assert sent(url, bank.head, person=bank.rm2.pk).status_code == 422
    answer = sent(url, bank.head, person=bank.rm2.pk, figure="9000")
    assert (answer.status_code, "more than their grade" in answer.content.decode()) == (403, True)
    assert sent(url, bank.head, person=bank.rm2.pk, figure="6000").status_code == 302
    change = FigureChange.objects.get()
    assert (change.person, change.values) == (bank.rm2, {"RM": "6000.00"})
    assert browser(bank.centre).post(f"{change.get_absolute_url()}approve/").status_code == 302
    assert sent(url, bank.head, person=bank.rm2.pk, ends="on").status_code == 302
    assert browser(bank.rm).get(url).status_code == 403
    assert browser(bank.ho).get("/policies/test.simulated/person/").status_code == 403


def test_a_refusal_by_page_says_why(bank, now, today):
    change = propose(bank.ho, now, {"RM": 9000}, effective_from=today)
    url = f"{change.get_absolute_url()}refuse/"
    assert browser(bank.ho2).post(url, {"reason": ""}).status_code == 422
    assert browser(bank.ho2).post(url, {"reason": "Too dear"}).status_code == 302
    assert "Too dear" in page(bank.ho, change.get_absolute_url())


def test_the_change_page_shows_what_would_have_been(bank, now, today):
    change = propose(bank.ho, now, {"": 9}, table="test.simulated", effective_from=today)
    assert "90 days" in page(bank.ho2, change.get_absolute_url())
    approve(change, bank.ho2, now)
    assert "Had these figures held" not in page(bank.ho2, change.get_absolute_url())


def test_figures_are_proposed_and_read_through_the_api(bank, now, today):
    body = {"table": "test.limit", "values": {"RM": "9000"}, "effective_from": today.isoformat(), "reason": "Dearer"}
    assert api(bank.rm, "/changes", body).status_code == 403
    assert api(bank.rm, "/changes", body | {"table": "test.unknown"}).status_code == 404
    wrong = api(bank.ho, "/changes", body | {"values": {"RM": "much"}})
    assert (wrong.status_code, set(wrong.json()["error"]["fields"])) == (422, {"RM"})
    answer = api(bank.ho, "/changes", body)
    assert (answer.status_code, answer.json()["values"], answer.json()["proposed_by"]) == (201, {"RM": "9000.00"}, "ho")
    path = f"/changes/{answer.json()['id']}"
    assert api(bank.ho2, path).json()["before"] == {"RM": "8000.00"}
    assert api(bank.rm, path).status_code == 404
    assert [item["id"] for item in api(bank.ho2, "/changes").json()["items"]] == [answer.json()["id"]]
    assert api(bank.rm, "/changes").json()["items"] == []
    rows = api(bank.rm, "/tables/test.limit").json()["items"]
    assert [(row["value"], row["jurisdiction"]) for row in rows if row["key"] == "RM"] == [("8000.00", ""), ("5000.00", "CN")]


def test_lists_show_names_in_place_of_codes(bank, now, today):
    propose(bank.head, now, {"RM": 6000}, person_id=bank.rm2.pk, effective_from=today)
    shown = page(bank.ho, "/policies/changes/?state=proposed")
    assert "Limit a month" in shown
    assert "Rm2 Lau" in shown


def broken(code):
    return list(next(invariant for invariant in of(Invariant) if invariant.code == code).broken())


def test_the_invariants_hold_and_tell_what_breaks_them(bank, now, today):
    codes = ("policy.overlap", "policy.two_people", "policy.carried_out")
    change = approve(propose(bank.ho, now, {"RM": 9000}, effective_from=today + dt.timedelta(days=1)), bank.ho2, now)
    assert [broken(code) for code in codes] == [[], [], []]
    Figure.objects.filter(table="test.limit", key="RM", person=None, change=None, jurisdiction="").update(
        effective_to=today + dt.timedelta(days=2)
    )
    FigureChange.objects.filter(pk=change.pk).update(decided_by=bank.centre)
    Figure.objects.create(
        table="test.limit",
        key="TH",
        jurisdiction="HK",
        value="1.00",
        effective_from=today,
        set_by=bank.ho,
        approved_by=bank.ho2,
        change=change,
    )
    found = [broken(code) for code in codes]
    assert [len(rows) for rows in found] == [1, 2, 1]


def test_pages_cost_a_fixed_number_of_statements(bank, now, today, django_assert_max_num_queries):
    for key in ("ARM", "RM", "SRM"):
        approve(propose(bank.ho, now, {key: 9000}, effective_from=today), bank.ho2, now)
    reader = browser(bank.rm)
    for url, most in (("/policies/", 5), ("/policies/test.limit/", 5)):
        reader.get(url)
        with django_assert_max_num_queries(most):
            assert reader.get(url).status_code == 200
