"""The glance drops nothing that the full comparison would show."""

import random

import pytest
from django.db import connection

from crm.companies.models import Company, CompanyName
from crm.kernel.names.bounds import Bound
from crm.kernel.names.likeness import Likeness, NameParts, company_score, name_score
from prospects.directories.choices import HeldBack
from prospects.directories.models import StagedRow
from prospects.directories.services import matching, memory
from prospects.directories.services.sketches import Glance, Sketch
from tests.prospects.directories.loading import counts, load

WORDS = ["wing", "fat", "golden", "harbour", "harbor", "harbors", "petro", "china", "trading", "textile", "international", "hong", "kong"]
CHARACTERS = "裕達紡織永發金港新利大東貿易電子有限公司集團國際香港"
SHOWN_FROM = 65


def names(dice):
    english = " ".join(dice.choices(WORDS, k=dice.randint(1, 5))).title()
    chinese = "".join(dice.choices(CHARACTERS, k=dice.randint(2, 8)))
    return dice.choice([(english,), (chinese,), (english, chinese), (f"{english} {chinese}",)])


def company(dice):
    """Names, and each other field at random: the same as others have, another, or none."""
    return Likeness(
        names=names(dice),
        phones=frozenset(dice.choice([(), ("+85225210001",), ("+85225210002",)])),
        addresses=dice.choice([(), ("1 Queen's Road Central",), ("7 Mody Road",), ("皇后大道中1號",)]),
        email_domains=frozenset(dice.choice([(), ("wing.example",), ("gmail.com",)])),
        directors=frozenset(dice.choice([(), ("chan tai man",), ("li si",)])),
    )


def sketch(one):
    return Sketch.of(NameParts.of(one.names), phone=bool(one.phones), address=bool(one.addresses), director=bool(one.directors))


@pytest.mark.parametrize("seed", range(4))
def test_whoever_reaches_the_score_passes_the_glance(seed):
    dice = random.Random(seed)
    shown = dropped = 0
    for _ in range(5_000):
        one, other = company(dice), company(dice)
        contacts = [
            field
            for field, ours, theirs in (("phone", one.phones, other.phones), ("email_domain", one.email_domains, other.email_domains))
            if ours & theirs
        ]
        ours = sketch(one)
        in_common = {"contacts": contacts} if dice.random() < 0.5 or len(contacts) < 2 else {"by_contact": {1}}
        allowed = Glance(ours, Bound(ours.names), at_least=SHOWN_FROM, **in_common).allowed([1], {1: sketch(other)})
        dropped += not allowed
        if company_score(one, other) >= SHOWN_FROM:
            shown += 1
            assert allowed, (one, other)
    assert shown > 300
    assert dropped > 2_000


@pytest.mark.parametrize("seed", range(2))
def test_no_name_scores_above_its_bound(seed):
    dice = random.Random(seed)
    reached = ruled_out = 0
    for _ in range(5_000):
        ours, theirs = names(dice), names(dice)
        needed = dice.choice([SHOWN_FROM, 50, 80, 100])
        score = name_score(ours, theirs)
        may = Bound(NameParts.of(ours)).may_reach(needed - 0.5, NameParts.of(theirs))
        reached += score is None or score >= needed
        ruled_out += not may
        assert may or (score is not None and score < needed), (ours, theirs, needed, score)
    assert reached > 300
    assert ruled_out > 2_000


@pytest.mark.parametrize("theirs", ["Wingfat Trading Limited", "Wing Fat Tradin Limited", "FAT WING Trading"])
def test_a_bound_knows_words_written_together_misspelt_and_turned_round(theirs):
    ours = "Wing Fat Trading Limited"
    score = name_score([ours], [theirs])
    assert score > 80
    bound = Bound(NameParts.of([ours]))
    assert bound.may_reach(score - 0.5, NameParts.of([theirs]))
    assert not bound.may_reach(score - 0.5, NameParts.of(["Silver Star Trading Limited"]))


def test_of_a_name_with_the_same_own_part_the_rest_is_measured_too():
    ours, theirs = (NameParts.of([f"Cheung Chau {trade} Limited"]) for trade in ("Logistics", "Trading"))
    assert name_score(["Cheung Chau Logistics Limited"], ["Cheung Chau Trading Limited"]) == 78
    assert Bound(ours).may_reach(77.5, theirs)
    assert not Bound(ours).may_reach(78.5, theirs)


@pytest.mark.django_db
def test_a_telephone_of_very_many_companies_still_counts_for_a_like_name(bank, tmp_path, monkeypatch):
    monkeypatch.setattr(matching, "BLOCK_AT_MOST", 2)
    first = [[f"{number:05}", name, "25210001", "", ""] for number, name in enumerate(["Yau Tat Textiles", "Big Ben Toys", "Sun Fish"], 1)]
    assert counts(load(tmp_path, first, actor=bank.head)) == {"created": 3}
    later = [["", "Yau Tat Textiles Harbour Trading", "25210001", "", ""]]
    assert counts(load(tmp_path, later, actor=bank.head, source="Another")) == {"duplicates": 1}
    assert StagedRow.objects.get(verdict="duplicates").held_back == HeldBack.ALIKE


@pytest.mark.django_db
def test_rows_that_share_a_telephone_with_very_many_others_of_the_file_still_meet_by_name(bank, tmp_path, monkeypatch):
    monkeypatch.setattr(matching, "BLOCK_AT_MOST", 2)
    called = ["Yau Tat Textiles", "Big Ben Toys", "Sun Fish", "Moon Lamp", "Yau Tat Textiles Harbour Trading"]
    rows = [["", name, "25210001", "", ""] for name in called]
    assert counts(load(tmp_path, rows, actor=bank.head)) == {"created": 4, "duplicates": 1}


@pytest.mark.django_db
def test_of_more_than_are_compared_those_that_share_most_are_chosen(bank, tmp_path, monkeypatch):
    monkeypatch.setattr(matching, "COMPARED_AT_MOST", 1)
    rows = [["", "Goldfish Toys Limited", "", "", ""], ["", "Goldfish Marine Engineering Limited", "25210001", "", ""]]
    assert counts(load(tmp_path, rows, actor=bank.head)) == {"created": 2}
    later = [["", "Goldfish Marine Engineering", "25210001", "", ""]]
    assert counts(load(tmp_path, later, actor=bank.head, source="Another")) == {"duplicates": 1}
    marine = CompanyName.objects.get(text__startswith="Goldfish Marine").company
    assert Company.objects.count() == 2
    assert [candidate["company"] for candidate in StagedRow.objects.get(verdict="duplicates").candidates] == [marine.pk]


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only SQLite maps its file")
def test_the_database_is_mapped_again_after_a_list_was_compared():
    before = mapped()
    assert before > 0
    with pytest.raises(ValueError, match="mid-way"):
        _fail_unmapped()
    assert mapped() == before


@memory.unmapped()
def _fail_unmapped():
    assert mapped() == 0
    raise ValueError("mid-way")


def mapped():
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA mmap_size").fetchone()[0]
