"""Who looks after a company, what follows for who sees its people, and corporate groups."""

import datetime as dt

import pytest

from crm.companies import services
from crm.companies.choices import CoverageKind, Ring
from crm.companies.models import Company, CompanyGroup, CompanyName, Contact, Coverage
from crm.companies.permissions import can_correct_company, covers, sees_contact_data, sight
from crm.kernel.errors import NotAllowed, RuleBroken
from crm.staff.choices import Role
from crm.staff.models import Post
from tests import cast
from tests.companies.making import company, contact, covered


def test_coverage_carries_team_and_centre_of_its_post(bank):
    row = covered(bank, "Yau Tat").coverage.get()
    assert (row.owner, row.team, row.centre) == (bank.rm, bank.units["team"], bank.units["centre"])


def test_only_one_looks_after_a_company_in_each_way(bank):
    made = covered(bank, "Yau Tat", kind=CoverageKind.PROSPECT)
    with pytest.raises(RuleBroken) as refused:
        services.take_on(company=made, kind=CoverageKind.PROSPECT, post=bank.post("outsider"), actor=bank.outsider, now=cast.NOW)
    assert refused.value.code == "covered"
    assert "rm" not in str(refused.value).lower().split()
    services.take_on(company=made, kind=CoverageKind.CLIENT, post=bank.post("rm2"), actor=bank.rm2, now=cast.NOW)
    assert len(made.current_coverage) == 2


def test_ended_coverage_frees_the_company_and_stays_on_record(bank):
    made = covered(bank, "Yau Tat")
    services.end_coverage(company=made, kind=CoverageKind.CLIENT, actor=bank.rm, now=cast.NOW + dt.timedelta(days=1))
    assert services.end_coverage(company=made, kind=CoverageKind.CLIENT, actor=bank.rm, now=cast.NOW) is None
    services.take_on(company=made, kind=CoverageKind.CLIENT, post=bank.post("outsider"), actor=bank.outsider, now=cast.NOW)
    assert Coverage.objects.filter(company=made).count() == 2
    assert not covers(user=bank.rm, company=Company.objects.get(pk=made.pk))


SEES_PEOPLE = {"rm", "head", "centre", "ho", "ho2", "compliance", "compliance2", "auditor"}
SEES_DATA = SEES_PEOPLE - {"ho", "ho2"}


@pytest.mark.parametrize("name", sorted(cast.PEOPLE))
def test_each_role_sees_people_and_their_data_as_domain_1_2_says(bank, name):
    person = contact(bank, covered(bank, "Yau Tat"), "CHAN Tai Man", phone="2345 6789")
    user = bank.people[name]
    seen = Contact.objects.visible_to(user).with_sight(user).filter(pk=person.pk).first()
    assert (seen is not None) == (name in SEES_PEOPLE)
    if seen is not None:
        assert sees_contact_data(user=user, contact=seen) == (name in SEES_DATA)
        assert sees_contact_data(user=user, contact=Contact.objects.get(pk=person.pk)) == (name in SEES_DATA)


@pytest.mark.parametrize("name", sorted(cast.PEOPLE))
def test_directory_facts_are_for_all_but_administrators_and_the_lobby_reads_names(bank, name):
    made, user = company(bank, "Yau Tat"), bank.people[name]
    expected = {"admin": None, "admin2": None, "lobby": Ring.NAME, "branch": Ring.NAME}.get(name, Ring.FULL)
    assert sight(user=user, company=made) == expected
    assert Company.objects.visible_to(user).exists() == (expected is not None)
    assert CompanyName.objects.visible_to(user).exists() == (expected == Ring.FULL)


def test_a_head_office_colleague_with_a_second_post_sees_the_data_of_what_that_covers(bank):
    Post.objects.create(user=bank.ho, role=Role.RM, grade=2, unit=bank.units["team"], from_at=cast.NOW - dt.timedelta(days=1))
    own = contact(bank, covered(bank, "Yau Tat", by="rm"), "CHAN Tai Man")
    made = company(bank, "Golden Harbour")
    post = bank.ho.posts.get(role=Role.RM)
    services.take_on(company=made, kind=CoverageKind.CLIENT, post=post, actor=bank.ho, now=cast.NOW)
    user = cast.fresh(bank.ho)
    second = services.add_contact(company_id=made.pk, facts={"name_en": "LEE Ka Yan"}, actor=user, now=cast.NOW)
    shown = {row.pk: row.shows_data for row in Contact.objects.visible_to(user).with_sight(user)}
    assert shown == {own.pk: False, second.pk: True}


def test_an_uncovered_company_is_corrected_by_anyone_of_the_business_side(bank):
    made = company(bank, "Yau Tat")
    allowed = {name for name, user in bank.people.items() if can_correct_company(user=user, company=made)}
    assert allowed == {"arm", "rm", "rm2", "sibling", "outsider", "head", "head2", "outhead", "centre"}


def test_a_group_is_formed_joined_left_and_renamed_by_who_covers_a_member(bank):
    first, second = covered(bank, "Yau Tat Textiles"), covered(bank, "Ocean Bright Shipping")
    group = services.form_group(company_id=first.pk, name_en="Yau Tat Group", name_zh="裕達集團", actor=bank.rm, now=cast.NOW)
    services.put_in_group(company_id=second.pk, group_id=group.pk, actor=bank.head, now=cast.NOW)
    assert set(group.companies.all()) == {first, second}
    services.rename_group(group_id=group.pk, name_en="Yau Tat Holdings", name_zh="", actor=bank.rm, now=cast.NOW)
    services.put_in_group(company_id=second.pk, group_id=None, actor=bank.rm, now=cast.NOW)
    group.refresh_from_db()
    assert group.name_en == "Yau Tat Holdings"
    assert group.companies.get() == first
    assert second.history.count() == 3


def test_group_refusals(bank):
    first, far = covered(bank, "Yau Tat Textiles"), covered(bank, "Golden Harbour", by="outsider")
    with pytest.raises(RuleBroken):
        services.form_group(company_id=first.pk, name_en=" ", name_zh="", actor=bank.rm, now=cast.NOW)
    group = services.form_group(company_id=first.pk, name_en="Yau Tat Group", name_zh="", actor=bank.rm, now=cast.NOW)
    with pytest.raises(RuleBroken):
        services.form_group(company_id=first.pk, name_en="Second Group", name_zh="", actor=bank.rm, now=cast.NOW)
    with pytest.raises(NotAllowed):
        services.put_in_group(company_id=first.pk, group_id=None, actor=bank.outsider, now=cast.NOW)
    with pytest.raises(CompanyGroup.DoesNotExist):
        services.put_in_group(company_id=far.pk, group_id=group.pk, actor=bank.outsider, now=cast.NOW)
    with pytest.raises(NotAllowed):
        services.rename_group(group_id=group.pk, name_en="X", name_zh="", actor=bank.ho, now=cast.NOW)
