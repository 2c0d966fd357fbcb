"""Nineteen tamperings with a pack that was handed off: each is refused by the database, or found by `check_invariants` (T23).

The raw statements run as the application's own database user. Where the database refuses, the trigger is lifted afterwards and the
same change is made by force: the invariants must find it too.
"""

import json
from contextlib import suppress

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from credit.handoff import freezing, services
from credit.handoff.invariants import INVARIANTS
from credit.handoff.models import Endorsement, Seal, SealedDocument
from credit.memos.models import Attestation, Section
from credit.packs.models import Facility, Pack, PackEvent, PackVersion, Party
from crm.kernel import files
from crm.kernel.events import AppendOnly
from crm.kernel.models import Sequence
from tests.cast import NOW
from tests.credit.handoff import making
from tests.credit.spreads import making as spreads

RAW = {
    "1 a facility's amount": "UPDATE packs_facility SET total = 1",
    "2 a facility taken away": "DELETE FROM packs_facility",
    "3 a party's name": "UPDATE packs_party SET note = 'x'",
    "4 a section's text": "UPDATE memos_section SET text = 'Nothing adverse' WHERE code = 13",
    "5 the attestation's word": "UPDATE memos_attestation SET none_known = TRUE",
    "5b the accounts": "UPDATE memos_accounts SET content = '{}'",
    "6 the manifest": "UPDATE handoff_seal SET manifest = '{}'",
    "7 the sealed contents": "UPDATE handoff_seal SET contents = '{}'",
    "8 the seal's hash": "UPDATE handoff_seal SET hash = 'f' || substr(hash, 2), previous_hash = 'e'",
    "9 the last seal taken out": "DELETE FROM handoff_sealeddocument; DELETE FROM handoff_seal WHERE position = 2",
    "10 the hash of a document": "UPDATE handoff_sealeddocument SET sha256 = 'f' || substr(sha256, 2)",
    "11 another file under the document": "UPDATE kernel_storedfile SET sha256 = 'f' || substr(sha256, 2)",
    "12 a step of the pack": "UPDATE packs_packevent SET reason = 'x', actor_id = NULL",
    "13 a step taken out": "DELETE FROM packs_packevent WHERE act = 'change'",
    "14 the day of the seal": "UPDATE packs_packversion SET sealed_at = '2020-01-01 00:00:00+00:00'",
    "15 the version a draft again": "UPDATE packs_packversion SET state = 'draft', sealed_at = NULL WHERE number = 1",
    "16 who endorsed it": "UPDATE handoff_endorsement SET actor_id = (SELECT owner_id FROM packs_pack LIMIT 1)",
    "17 a row of the version's history": "DELETE FROM packs_historicalpackversion",
}
HISTORY_ONLY = {"17 a row of the version's history"}
"""Nothing outside the table says what it held: the database's refusal is what protects it."""


LISTED = {"postgresql": "SELECT tgname FROM pg_trigger", "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'"}


@pytest.fixture
def sealed(bank):
    """Two packs that are sealed, one after the other; the first one is endorsed and has a paper."""
    first = making.ready(bank, amount="8000000")
    spreads.enter(bank, spreads.spread(bank, first.company))
    services.submit_for_endorsement(pack_id=first.pk, actor=bank.rm, now=NOW)
    making.decide(bank, first)
    second = making.ready(bank, amount="9000000")
    services.submit_for_endorsement(pack_id=second.pk, actor=bank.rm, now=NOW)
    return Pack.objects.get(pk=first.pk)


def broken():
    return [sentence for invariant in INVARIANTS for sentence in invariant.broken()]


def run(statements):
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements.split("; "):
            cursor.execute(statement)


def lift_all():
    """As somebody who may drop triggers would."""
    with connection.cursor() as cursor:
        for statement in freezing.lifted(connection):
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE '%\\_frozen\\_%'")
            for name, table in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '%_frozen_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {name}")


def test_an_untouched_bank_has_nothing_to_report(sealed, capsys):
    assert broken() == []
    with suppress(SystemExit):  # Work that waits in the outbox of a test is another matter.
        call_command("check_invariants", "--json")
    assert not [line for line in json.loads(capsys.readouterr().out)["broken"] if "handoff" in str(line)]


def test_raw_sql_is_refused_by_the_database(sealed):
    for statements in RAW.values():
        with pytest.raises(DatabaseError, match="never changed"):
            run(statements)
    assert broken() == []


def test_what_is_forced_past_the_database_is_found(sealed):
    lift_all()
    for what, statements in RAW.items():
        with transaction.atomic():
            run(statements)
            assert what in HISTORY_ONLY or broken(), what
            transaction.set_rollback(True)
    assert broken() == []


def test_18_the_bytes_of_a_document_on_the_disk(sealed):
    document = SealedDocument.objects.order_by("pk")[0]
    content = bytearray(document.file.path.read_bytes())
    content[-2] ^= 1
    document.file.path.write_bytes(bytes(content))
    assert [sentence for sentence in broken() if "H01" in sentence]
    document.file.path.unlink()
    assert [sentence for sentence in broken() if "missing" in sentence]


def test_19_a_seal_put_in_and_the_numbers_made_to_fit(sealed):
    Sequence.objects.filter(prefix="pack seals").update(last=1)
    assert broken() == ["The chain ends at 2, but 1 seals were made."]


def test_what_belongs_to_the_pack_itself_is_held_against_the_seal(sealed):
    Pack.objects.filter(pk=sealed.pk).update(authorship="B", number="XX-2026-99")
    assert [sentence for sentence in broken() if "fixed with the pack" in sentence]
    assert [sentence for sentence in broken() if "another version" in sentence]


@pytest.mark.parametrize("model", [Seal, Endorsement, PackEvent])
def test_the_orm_refuses_to_change_or_delete_what_is_only_added(sealed, model):
    row = model.objects.first()
    with pytest.raises(AppendOnly):
        row.save()
    with pytest.raises(AppendOnly):
        row.delete()
    for act in (lambda: model.objects.update(at=NOW), lambda: model.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


@pytest.mark.parametrize("model", [Section, Attestation, Facility, Party])
def test_the_orm_refuses_to_touch_the_parts_of_a_sealed_version(sealed, model):
    row = model.objects.filter(version__pack=sealed).first()
    for act in (row.save, row.delete, lambda: model.objects.filter(pk=row.pk).update(version_id=row.version_id)):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_version_moves_only_as_its_states_allow(sealed):
    version = PackVersion.objects.get(pack=sealed)
    for state in ("draft", "dropped"):
        with pytest.raises(DatabaseError), transaction.atomic():
            PackVersion.objects.filter(pk=version.pk).update(state=state)
    PackVersion.objects.filter(pk=version.pk).update(state="on_hold")
    PackVersion.objects.filter(pk=version.pk).update(state="sealed")
    PackVersion.objects.filter(pk=version.pk).update(state="superseded")
    with pytest.raises(DatabaseError), transaction.atomic():
        PackVersion.objects.filter(pk=version.pk).update(state="sealed")


def test_the_file_that_a_seal_pins_is_not_removed_and_others_are(sealed):
    pinned = SealedDocument.objects.order_by("pk")[0].file
    with pytest.raises(DatabaseError), transaction.atomic():
        files.StoredFile.objects.filter(pk=pinned.pk).update(name="other.pdf")
    other = files.store([b"free"], name="free.txt", media_type="text/plain", owner=None)
    files.StoredFile.objects.filter(pk=other.pk).update(name="freer.txt")
    other.delete()


def test_every_trigger_stands_in_a_migrated_database(db):
    names = {f"{table}_stands_{verb}" for table, verb, _condition in freezing.conditions(connection.vendor)}
    tables = ("packs_party", "packs_facility", "packs_security", "memos_section", "memos_attestation", "memos_accounts")
    names |= {f"{table}_frozen_{verb}" for table in tables for verb in ("insert", "update", "delete")}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger"
            if connection.vendor == "postgresql"
            else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        )
        assert names <= {name for (name,) in cursor.fetchall()}
