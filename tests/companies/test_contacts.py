"""People of companies: consent, opt-outs, birthdays, leaving (domain 1.3, rule 7)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from crm.companies import services
from crm.companies.choices import Channel, ConsentBasis
from crm.companies.models import Contact
from crm.companies.permissions import can_reach
from crm.kernel.errors import NotAllowed, RuleBroken, StaleVersion
from crm.kernel.worklist import TimelineRow
from tests import cast
from tests.companies.making import contact, covered

DAY = dt.date(2026, 1, 5)


def add(bank, company, *, by="rm", **facts):
    return services.add_contact(company_id=company.pk, facts={"name_en": "CHAN Tai Man"} | facts, actor=bank.people[by], now=cast.NOW)


@pytest.fixture
def yau_tat(bank):
    return covered(bank, "Yau Tat Textiles")


def test_a_person_is_added_with_a_row_on_the_timeline(bank, yau_tat):
    added = add(bank, yau_tat, name_zh="陳大文", title="CFO")
    row = TimelineRow.objects.get(company=yau_tat)
    assert (row.kind, row.subject_id, row.owner, row.team) == ("contact_added", added.pk, bank.rm, bank.team)
    assert added.history.get().history_user == bank.rm


@pytest.mark.parametrize("query", ["chan tai", "tai man", "大文", "陈大", "ctm", "cdw", "man chan", "chendawen"])
def test_a_person_is_found_in_all_scripts_and_by_initials(bank, yau_tat, query):
    added = add(bank, yau_tat, name_zh="陳大文")
    assert Contact.objects.visible_to(bank.rm).named(query, user=bank.rm).get() == added


def test_a_family_name_is_read_as_one_in_initials(bank, yau_tat):
    added = add(bank, yau_tat, name_en="", name_zh="曾國強")
    assert Contact.objects.visible_to(bank.rm).named("zgq", user=bank.rm).get() == added


def test_a_person_is_found_by_phone_but_not_by_those_who_read_phones_masked(bank, yau_tat):
    added = add(bank, yau_tat, mobile="+852 9123 4567")
    assert Contact.objects.visible_to(bank.rm).named("9123 4567", user=bank.rm).get() == added
    assert not Contact.objects.visible_to(bank.ho).named("9123 4567", user=bank.ho)
    assert Contact.objects.visible_to(bank.compliance).named("91234567", user=bank.compliance).get() == added


@pytest.mark.parametrize("name", ["rm2", "sibling", "outsider", "ho", "compliance", "analyst", "finance", "lobby", "auditor"])
def test_only_who_covers_the_company_adds_people(bank, yau_tat, name):
    with pytest.raises(NotAllowed):
        add(bank, yau_tat, by=name)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name_en": ""}, "name_en"),
        ({"birthday": dt.date(1970, 5, 1)}, "birthday"),
        ({"consent_basis": ConsentBasis.CONSENT}, "consent_on"),
        ({"consent_basis": ConsentBasis.CONSENT, "consent_on": dt.date(2026, 3, 5)}, "consent_on"),
        ({"consent_basis": ConsentBasis.CONSENT, "consent_on": DAY, "birthday": dt.date(2026, 3, 5)}, "birthday"),
        ({"consent_basis": ConsentBasis.CONSENT, "consent_on": DAY, "birthday": dt.date(1, 1, 1)}, "birthday"),
        ({"consent_basis": ConsentBasis.CONSENT, "consent_on": DAY, "birthday": dt.date(1906, 3, 3)}, "birthday"),
        ({"email": "not an address"}, "email"),
    ],
)
def test_a_person_is_refused_beside_the_field_that_is_wrong(bank, yau_tat, facts, field):
    with pytest.raises(RuleBroken) as refused:
        add(bank, yau_tat, **facts)
    assert field in refused.value.fields
    assert not Contact.objects.exists()


def test_the_database_itself_refuses_a_birthday_without_consent(bank, yau_tat):
    added = add(bank, yau_tat)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=added.pk).update(birthday=dt.date(1970, 5, 1))


def test_withdrawn_consent_erases_the_birthday(bank, yau_tat):
    added = contact(bank, yau_tat, "CHAN Tai Man", birthday=dt.date(1970, 5, 1))
    services.record_consent(contact_id=added.pk, basis=ConsentBasis.NONE, on=None, actor=bank.rm, now=cast.NOW)
    added.refresh_from_db()
    assert (added.birthday, added.consent_on, added.consent_basis) == (None, None, ConsentBasis.NONE)
    assert not can_reach(contact=added, channel=Channel.EMAIL, marketing=True)
    assert can_reach(contact=added, channel=Channel.EMAIL)


def test_consent_without_a_day_is_dated_today_in_the_centre(bank, yau_tat):
    added = add(bank, yau_tat)
    services.record_consent(contact_id=added.pk, basis=ConsentBasis.CONSENT, on=None, actor=bank.rm, now=cast.NOW)
    added.refresh_from_db()
    assert added.consent_on == dt.date(2026, 3, 4)


@pytest.mark.parametrize("channel", Channel.values)
def test_an_opt_out_stops_its_channel_and_may_be_taken_back(bank, yau_tat, channel):
    added = contact(bank, yau_tat, "CHAN Tai Man")
    services.record_opt_out(contact_id=added.pk, channel=channel, actor=bank.rm, now=cast.NOW)
    services.record_opt_out(contact_id=added.pk, channel=channel, actor=bank.rm, now=cast.NOW)
    added.refresh_from_db()
    assert added.opt_outs == [channel]
    assert [bool(can_reach(contact=added, channel=other)) for other in Channel.values].count(False) == 1
    services.record_opt_out(contact_id=added.pk, channel=channel, refused=False, actor=bank.rm, now=cast.NOW)
    added.refresh_from_db()
    assert can_reach(contact=added, channel=channel, marketing=True)
    assert added.history.count() == 3


def test_who_left_is_reached_no_more(bank, yau_tat):
    added = contact(bank, yau_tat, "CHAN Tai Man")
    services.contact_left(contact_id=added.pk, on=dt.date(2026, 3, 4), actor=bank.rm, now=cast.NOW)
    added.refresh_from_db()
    assert not can_reach(contact=added, channel=Channel.PHONE)
    assert TimelineRow.objects.filter(company=yau_tat, kind="contact_left").count() == 1
    with pytest.raises(RuleBroken):
        services.contact_left(contact_id=added.pk, on=dt.date(2026, 3, 4), actor=bank.rm, now=cast.NOW)


def test_leaving_is_not_recorded_ahead(bank, yau_tat):
    added = contact(bank, yau_tat, "CHAN Tai Man")
    with pytest.raises(RuleBroken):
        services.contact_left(contact_id=added.pk, on=dt.date(2026, 3, 5), actor=bank.rm, now=cast.NOW)


def test_a_stale_change_is_refused_with_what_stands_now(bank, yau_tat):
    added = contact(bank, yau_tat, "CHAN Tai Man")
    services.change_contact(contact_id=added.pk, version=1, changes={"title": "CFO"}, actor=bank.rm, now=cast.NOW)
    with pytest.raises(StaleVersion) as refused:
        services.change_contact(contact_id=added.pk, version=1, changes={"title": "Director"}, actor=bank.head, now=cast.NOW)
    assert refused.value.current["title"] == "CFO"


def test_a_person_of_another_team_is_not_there_at_all(bank, yau_tat):
    added = contact(bank, yau_tat, "CHAN Tai Man")
    with pytest.raises(Contact.DoesNotExist):
        services.change_contact(contact_id=added.pk, version=1, changes={"title": "CFO"}, actor=bank.outsider, now=cast.NOW)
    with pytest.raises(Contact.DoesNotExist):
        services.record_opt_out(contact_id=added.pk, channel=Channel.PHONE, actor=bank.outsider, now=cast.NOW)


def test_head_office_sees_the_person_but_changes_nothing(bank, yau_tat):
    added = contact(bank, yau_tat, "CHAN Tai Man")
    with pytest.raises(NotAllowed):
        services.change_contact(contact_id=added.pk, version=1, changes={"title": "CFO"}, actor=bank.ho, now=cast.NOW)


@pytest.mark.parametrize("name", ["rm", "head", "centre", "outsider", "ho", "compliance", "lobby", "admin"])
def test_people_are_counted_as_they_are_seen(bank, name):
    for manager in ("rm", "outsider"):
        add(bank, covered(bank, f"Mills of {manager}", by=manager), by=manager)
    user = bank.people[name]
    counted = [pk for part in Contact.objects.parts_for(user) for pk in part.values_list("pk", flat=True)]
    assert sorted(counted) == sorted(Contact.objects.visible_to(user).values_list("pk", flat=True))
