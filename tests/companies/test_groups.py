"""Corporate groups: what the place of a company rests on, the tree that is confirmed, the people shared, the news (domain 6.9)."""

import datetime as dt
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from crm.companies import selectors, services
from crm.companies.choices import GroupBasis
from crm.companies.models import Company, CompanyGroup, Officer
from crm.companies.rules import GroupLink, months_before, person_key, same_person, wrong_in
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.staff.services import create_token
from tests import cast
from tests.companies import making
from tests.companies.making import browser, text
from tests.crm.figures import making as figuring
from tests.forms import sent_with_version

pytestmark = pytest.mark.django_db
HEAD, HELD = GroupLink(GroupBasis.HEAD), GroupLink(GroupBasis.CONTROL, Decimal(80))


def _say(bank, company, group, link, by="rm", now=cast.NOW):
    return services.put_in_group(company_id=company.pk, group_id=group.pk, link=link, actor=bank.people[by], now=now)


@pytest.fixture
def parent(bank):
    return making.client_of(bank, "Yau Tat Holdings").company


@pytest.fixture
def daughter(bank):
    return making.client_of(bank, "Ocean Dyeing").company


@pytest.fixture
def group(bank, parent, daughter):
    made = services.form_group(company_id=parent.pk, name_en="Yau Tat Group", name_zh="裕達集團", link=HEAD, actor=bank.rm, now=cast.NOW)
    _say(bank, daughter, made, HELD)
    return made


@pytest.mark.parametrize(
    ("link", "field"),
    [
        (GroupLink(GroupBasis.CONTROL, Decimal("50.01")), None),
        (GroupLink(GroupBasis.CONTROL, Decimal(50)), "share"),
        (GroupLink(GroupBasis.CONTROL), "note"),
        (GroupLink(GroupBasis.CONTROL, note="Names four of six directors"), None),
        (GroupLink(GroupBasis.COMMON), "note"),
        (GroupLink(GroupBasis.COMMON, note="Mr Yau holds both"), None),
        (GroupLink(GroupBasis.COMMON, Decimal(60), "Mr Yau"), "share"),
        (GroupLink(GroupBasis.DEPENDENCE, Decimal(50)), None),
        (GroupLink(GroupBasis.DEPENDENCE, Decimal("49.99")), "share"),
        (GroupLink(GroupBasis.DEPENDENCE), "share"),
        (GroupLink(GroupBasis.HEAD, Decimal(10)), "share"),
        (GroupLink(GroupBasis.CONTROL, Decimal(101)), "share"),
        (GroupLink(), None),
    ],
)
def test_each_basis_needs_its_own_proof(link, field):
    wrong = wrong_in(link, control_over=50, dependence_from=50)
    assert (wrong and wrong[0]) == field


def test_a_company_joins_with_its_basis_and_leaves_without(bank, group, daughter):
    daughter.refresh_from_db()
    assert (daughter.group_basis, daughter.group_share) == ("control", 80)
    services.put_in_group(company_id=daughter.pk, group_id=None, actor=bank.rm, now=cast.NOW)
    daughter.refresh_from_db()
    assert (daughter.group_id, daughter.group_basis, daughter.group_share) == (None, "", None)


def test_a_link_that_does_not_hold_is_refused_at_its_field(bank, group, daughter):
    with pytest.raises(RuleBroken) as refused:
        _say(bank, daughter, group, GroupLink(GroupBasis.CONTROL, Decimal(40)))
    assert "share" in refused.value.fields
    with pytest.raises(RuleBroken):
        _say(bank, daughter, group, GroupLink("friendship"))


def test_a_tree_is_confirmed_by_who_looks_after_a_member(bank, group):
    services.confirm_group(group_id=group.pk, actor=bank.head, now=cast.NOW)
    group.refresh_from_db()
    assert (group.confirmed_on, group.confirmed_by) == (dt.date(2026, 3, 4), bank.head)
    with pytest.raises(NotAllowed):
        services.confirm_group(group_id=group.pk, actor=bank.ho, now=cast.NOW)
    with pytest.raises(CompanyGroup.DoesNotExist):
        services.confirm_group(group_id=group.pk, actor=bank.outsider, now=cast.NOW)


def test_a_tree_without_a_basis_or_with_one_company_is_not_confirmed(bank, group, daughter):
    _say(bank, daughter, group, GroupLink())
    with pytest.raises(RuleBroken, match="rests on"):
        services.confirm_group(group_id=group.pk, actor=bank.rm, now=cast.NOW)
    services.put_in_group(company_id=daughter.pk, group_id=None, actor=bank.rm, now=cast.NOW)
    with pytest.raises(RuleBroken, match="alone"):
        services.confirm_group(group_id=group.pk, actor=bank.rm, now=cast.NOW)


@pytest.mark.parametrize("link", [GroupLink(GroupBasis.CONTROL, Decimal(90)), None])
def test_a_change_of_members_takes_the_confirmation_back(bank, group, daughter, link):
    services.confirm_group(group_id=group.pk, actor=bank.rm, now=cast.NOW)
    services.put_in_group(
        company_id=daughter.pk, group_id=group.pk if link else None, link=link or GroupLink(), actor=bank.rm, now=cast.NOW
    )
    group.refresh_from_db()
    assert group.confirmed_on is None
    assert group.history.count() == 3


def test_saying_the_same_again_changes_nothing(bank, group, daughter):
    services.confirm_group(group_id=group.pk, actor=bank.rm, now=cast.NOW)
    version = Company.objects.get(pk=daughter.pk).version
    _say(bank, daughter, group, HELD)
    group.refresh_from_db()
    assert (group.confirmed_on, Company.objects.get(pk=daughter.pk).version) == (dt.date(2026, 3, 4), version)


@pytest.mark.parametrize(("on", "holds"), [(dt.date(2027, 3, 4), True), (dt.date(2027, 3, 5), False), (dt.date(2026, 3, 3), False)])
def test_a_confirmation_holds_for_twelve_months(bank, group, on, holds):
    services.confirm_group(group_id=group.pk, actor=bank.rm, now=cast.NOW)
    group.refresh_from_db()
    assert selectors.is_tree_confirmed(group, on=on) is holds


def test_months_before_end_with_the_month():
    assert months_before(dt.date(2024, 2, 29), 12) == dt.date(2023, 2, 28)
    assert months_before(dt.date(2026, 1, 31), 2) == dt.date(2025, 11, 30)


def test_names_are_compared_as_people_write_them():
    assert person_key("Lam, Wing") == person_key("WING  LAM")
    assert same_person([("Wing Lam", 1), ("Lam Wing", 1), ("Ann Wong", 2)]) == {}
    assert list(same_person([("Wing Lam", 1), ("Lam, Wing", 2), ("", 3), ("", 4)]).values()) == [{1, 2}]


def test_people_of_two_members_are_shown_with_where_they_stand(bank, group, parent, daughter):
    Officer.objects.create(company=parent, name="LAM, Wing", title="Chairman")
    making.contact(bank, daughter, "Wing Lam", title="Director")
    making.contact(bank, daughter, "Ann Wong")
    shared = selectors.shared_people(user=bank.rm, group=group)
    assert [(one.name, {company.pk: title for company, title in one.places}) for one in shared] == [
        ("LAM, Wing", {parent.pk: "Chairman", daughter.pk: "Director"})
    ]
    assert "Chairman" in text(browser(bank.rm).get(f"/groups/{group.pk}/people/"))


def test_people_whom_the_reader_may_not_see_are_not_compared(bank, group, parent):
    far = making.client_of(bank, "Far Mills", by="outsider").company
    Company.objects.filter(pk=far.pk).update(group=group, group_basis="control")
    making.contact(bank, far, "Wing Lam", by="outsider")
    making.contact(bank, parent, "Wing Lam")
    assert selectors.shared_people(user=bank.rm, group=group) == []
    assert len(selectors.shared_people(user=bank.compliance, group=group)) == 1


def test_the_page_says_what_each_place_rests_on_and_confirms_the_tree(bank, group):
    who = browser(bank.rm)
    page = text(who.get(f"/groups/{group.pk}/"))
    for shown in (
        "Head of the group",
        "Control of the shares or the board",
        "80",
        "never",
        "Confirm the tree",
        "Shared people",
        "News",
        "Figures",
    ):
        assert shown in page
    assert who.post(f"/groups/{group.pk}/confirm/", {}).status_code == 302
    page = text(who.get(f"/groups/{group.pk}/"))
    assert "never" not in page
    assert bank.rm.name in page


def test_a_company_is_put_in_a_group_by_form_with_its_basis(bank, group):
    other = making.client_of(bank, "Third Spinning").company
    who, url = browser(bank.rm), f"/companies/{other.pk}/group/"
    assert sent_with_version(who, url, {"group": group.pk, "basis": "dependence", "share": "30"}).status_code == 422
    held = {"group": group.pk, "basis": "dependence", "share": "62.5", "note": "Sells yarn to Ocean"}
    assert sent_with_version(who, url, held).status_code == 302
    other.refresh_from_db()
    assert (other.group_basis, other.group_share, other.group_note) == ("dependence", Decimal("62.50"), "Sells yarn to Ocean")
    assert 'value="62.50"' in text(who.get(url))


def test_the_groups_figures_are_those_of_clients_that_the_reader_sees_whole(bank, group, parent, daughter):
    far = making.client_of(bank, "Far Mills", by="outsider").company
    Company.objects.filter(pk=far.pk).update(group=group, group_basis="control")
    for company, hkd in ((parent, 1_000), (daughter, 234), (far, 9_999)):
        figuring.balance(company.client, hkd, dt.date.today())
    mine = text(browser(bank.rm).get(f"/figures/of/group/{group.pk}/"))
    assert "HK$ 1,234" in mine
    assert "9,999" not in mine
    assert "HK$ 11,233" in text(browser(bank.ho).get(f"/figures/of/group/{group.pk}/"))


def test_the_api_gives_groups_with_their_members_to_those_within_whose_reach_they_are(bank, group, parent, daughter):
    told = {name: {"Authorization": f"Bearer {create_token(user=bank.people[name])}"} for name in ("rm", "outsider", "lobby")}
    client = Client()
    [listed] = client.get("/api/v1/groups", {"q": "裕達"}, headers=told["rm"]).json()["items"]
    assert (listed["id"], listed["name"], listed["members"], listed["confirmed_on"]) == (group.pk, "Yau Tat Group", 2, None)
    whole = client.get(f"/api/v1/groups/{group.pk}", headers=told["rm"]).json()
    assert [(row["id"], row["basis"], row["share"]) for row in whole["companies"]] == [
        (daughter.pk, "control", "80.00"),
        (parent.pk, "head", None),
    ]
    assert whole["is_confirmed"] is False
    services.confirm_group(group_id=group.pk, actor=bank.rm, now=timezone.now())
    assert client.get(f"/api/v1/groups/{group.pk}", headers=told["rm"]).json()["is_confirmed"] is True
    assert client.get("/api/v1/groups", headers=told["outsider"]).json()["items"] == []
    assert client.get(f"/api/v1/groups/{group.pk}", headers=told["outsider"]).status_code == 404
    assert client.get("/api/v1/groups", headers=told["lobby"]).status_code == 403
