"""Versions: sealed ones never change; a change opens the next, and the one before stands on hold (domain 6.7, scenario 11)."""

import pytest
from django.db import DatabaseError, connection, transaction

from credit.packs import comparing, selectors, services
from credit.packs.choices import Act, State, VersionState
from credit.packs.contents import content
from credit.packs.models import Facility, PackVersion
from crm.kernel.errors import NotAllowed, RuleBroken
from tests.cast import NOW, fresh
from tests.credit import making


@pytest.fixture
def handed_off(bank):
    pack = making.in_docs(bank)
    guarantor = making.party(bank, pack, person_name="Chan Tai Man")
    making.security(bank, pack, provider_id=guarantor.pk)
    making.sealed(pack)
    return pack


def states(pack):
    return {row.number: row.state for row in PackVersion.objects.filter(pack=pack)}


def test_scenario_11_an_immutable_pack(bank, handed_off):
    pack = handed_off
    before = content(pack.versions.get(number=1))
    with pytest.raises(NotAllowed, match="sealed"):
        making.facility(bank, pack, "LC")
    opened = services.open_version(pack_id=pack.pk, reason="Audited accounts replaced", actor=bank.rm, now=NOW)
    assert states(pack) == {1: VersionState.ON_HOLD, 2: VersionState.DRAFT}
    assert content(opened) == before
    row = Facility.objects.get(version=opened)
    services.keep_facility(pack_id=pack.pk, facility_id=row.pk, entry=making.entry("TR", "35000000"), actor=bank.rm, now=NOW)
    assert content(PackVersion.objects.get(pack=pack, number=1)) == before
    making.sealed(pack)
    assert states(pack) == {1: VersionState.SUPERSEDED, 2: VersionState.SEALED}


def test_scenario_11_a_dropped_draft_lets_the_version_before_stand_again(bank, handed_off):
    pack = handed_off
    services.open_version(pack_id=pack.pk, reason="A mistake", actor=bank.rm, now=NOW)
    services.drop_version(pack_id=pack.pk, reason="It was none", actor=bank.rm, now=NOW)
    assert states(pack) == {1: VersionState.SEALED, 2: VersionState.DROPPED}
    assert [event.act for event in pack.events.order_by("-pk")[:2]] == [Act.DROP_VERSION, Act.OPEN_VERSION]
    third = services.open_version(pack_id=pack.pk, reason="Once more", actor=bank.rm, now=NOW)
    assert third.number == 3


def test_until_it_is_sealed_the_next_version_changes_nothing_that_the_pack_stands_for(bank, handed_off):
    pack = handed_off
    services.open_version(pack_id=pack.pk, reason="More", actor=bank.rm, now=NOW)
    making.facility(bank, pack, "LC", "9000000")
    pack.refresh_from_db()
    assert pack.requested == 30_000_000


def test_parties_named_by_facilities_and_securities_are_those_of_the_new_version(bank, handed_off):
    opened = services.open_version(pack_id=handed_off.pk, reason="More", actor=bank.rm, now=NOW)
    assert opened.securities.get().provider in list(opened.parties.all())


def test_a_version_is_opened_by_the_owner_with_a_reason_while_credit_has_the_pack(bank, handed_off):
    pack = handed_off
    with pytest.raises(RuleBroken, match="Say why"):
        services.open_version(pack_id=pack.pk, reason="", actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed, match="Only its relationship manager"):
        services.open_version(pack_id=pack.pk, reason="Mine", actor=bank.analyst, now=NOW)
    for state, sentence in (
        (State.ENDORSE, "endorser"),
        (State.APPROVED, "decided or closed"),
        (State.DRAFT, "Change the draft"),
    ):
        type(pack).objects.filter(pk=pack.pk).update(state=state)
        with pytest.raises(NotAllowed, match=sentence):
            services.open_version(pack_id=pack.pk, reason="More", actor=bank.rm, now=NOW)
    type(pack).objects.filter(pk=pack.pk).update(state=State.RETURNED)
    services.open_version(pack_id=pack.pk, reason="Defects mended", actor=bank.rm, now=NOW)
    with pytest.raises(NotAllowed, match="open already"):
        services.open_version(pack_id=pack.pk, reason="Again", actor=bank.rm, now=NOW)


def test_the_first_draft_is_not_dropped(bank):
    pack = making.in_docs(bank)
    with pytest.raises(NotAllowed, match="Withdraw the pack instead"):
        services.drop_version(pack_id=pack.pk, reason="No", actor=bank.rm, now=NOW)


def test_a_version_that_follows_one_sent_back_is_not_dropped(bank, handed_off):
    pack = handed_off
    services.open_version(pack_id=pack.pk, reason="Sent back", actor=bank.rm, now=NOW)
    type(pack).objects.filter(pk=pack.pk).update(state=State.DRAFT)
    with pytest.raises(NotAllowed, match="sent the version before back"):
        services.drop_version(pack_id=pack.pk, reason="No", actor=bank.rm, now=NOW)


@pytest.mark.parametrize("table", ["packs_facility", "packs_party", "packs_security"])
def test_the_database_refuses_every_change_of_what_a_sealed_version_asks_for(bank, handed_off, table):
    version = handed_off.versions.get()
    statements = (
        f"DELETE FROM {table} WHERE version_id = {version.pk}",
        f"UPDATE {table} SET version_id = version_id WHERE version_id = {version.pk}",
    )
    for statement in statements:
        with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_refuses_a_row_added_to_a_sealed_version(bank, handed_off):
    version = handed_off.versions.get()
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Facility.objects.create(version=version, type_code="OD", currency="HKD", amount=1, total=1, tenor_months=1, purpose="Slipped in")


def test_credit_does_not_see_a_version_that_was_not_handed_off(bank, handed_off):
    services.open_version(pack_id=handed_off.pk, reason="More", actor=bank.rm, now=NOW)
    assert [row.number for row in selectors.versions_of(handed_off, user=fresh(bank.analyst))] == [1]
    assert [row.number for row in selectors.versions_of(handed_off, user=fresh(bank.head))] == [2, 1]


def test_what_differs_between_two_versions_is_said_line_by_line(bank, handed_off):
    opened = services.open_version(pack_id=handed_off.pk, reason="More", actor=bank.rm, now=NOW)
    row = Facility.objects.get(version=opened)
    services.keep_facility(pack_id=handed_off.pk, facility_id=row.pk, entry=making.entry("TR", "35000000"), actor=bank.rm, now=NOW)
    making.facility(bank, handed_off, "OD", "1000000")
    found = comparing.differences(handed_off.versions.get(number=1), PackVersion.objects.get(pk=opened.pk))
    lines = {line.path: (line.before, line.after, line.kind) for part in found if part.code == "request" for line in part.lines}
    assert lines["facilities", "TR-1", "amount"] == ("30000000.00", "35000000.00", "changed")
    assert lines["facilities", "OD-1", "purpose"] == ("", "Stock for the season", "added")
    assert ("facilities", "TR-1", "purpose") not in lines


def test_the_borrowers_kind_belongs_to_the_version(bank, handed_off):
    pack = handed_off
    services.open_version(pack_id=pack.pk, reason="It is listed", actor=bank.rm, now=NOW)
    services.change_borrower_kind(pack_id=pack.pk, client_types=("company", "listed"), segment="corporate", actor=bank.rm, now=NOW)
    assert content(pack.versions.get(number=1))["client_types"] == ["company"]
    services.drop_version(pack_id=pack.pk, reason="It is not", actor=bank.rm, now=NOW)
    pack.refresh_from_db()
    assert pack.client_types == ["company"]
