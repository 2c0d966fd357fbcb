"""The application: nineteen sections by two people, facts beside them, adverse facts that nobody may pass over."""

import pytest
from django.db import DatabaseError, connection, transaction

from credit.memos import contents, selectors, services
from credit.memos.catalogue import ADVERSE, VISITS, section_kinds
from credit.memos.models import Section
from credit.memos.services import MOST_CHARACTERS
from credit.packs import services as packs
from credit.packs.models import PackEvent
from crm.kernel.errors import NotAllowed, RuleBroken, StaleVersion
from tests.cast import NOW, fresh
from tests.credit import making as base
from tests.credit.handoff import making as handoff
from tests.credit.memos import making

B = {"authorship": "B"}


def sentences(version):
    return [str(one.sentence) for one in contents.obstacles(version, NOW)]


def test_an_application_has_the_nineteen_sections_in_three_languages():
    kinds = section_kinds()
    assert list(kinds) == list(range(1, 20))
    assert all(kind.en and kind.hant and kind.hans and kind.guide_en and kind.guide_hant and kind.guide_hans for kind in kinds.values())


def test_a_new_pack_has_its_sections_and_model_b_its_fact_sheet(bank):
    memo = base.draft(base.pack(bank))
    sheet = base.draft(base.pack(bank, base.company(bank, name="Other", name_zh="他"), **B))
    assert [row.code for row in memo.sections.all()] == list(range(1, 20))
    assert [row.code for row in sheet.sections.all()] == [2, 4, 5, 6, 7, 13, 17]


def test_the_application_is_begun_once_papers_are_gathered(bank):
    version = base.draft(base.in_docs(bank))
    with pytest.raises(NotAllowed, match="once the papers are gathered"):
        making.write(bank, making.section(version, 1))


def test_two_people_save_different_sections_from_the_same_moment(bank):
    version = base.draft(making.writing(bank))
    first, second = making.section(version, 2), making.section(version, 3)
    making.write(bank, first, "By the manager")
    making.write(bank, second, "By the head", by="head")
    assert {row.written_by for row in version.sections.filter(code__in=(2, 3))} == {bank.rm, bank.head}


def test_a_stale_save_is_refused_and_shows_the_text_that_stands(bank):
    version = base.draft(making.writing(bank))
    row = making.section(version, 2)
    making.write(bank, row, "First")
    with pytest.raises(StaleVersion) as caught:
        making.write(bank, row, "Second", by="head", edits=1)
    assert caught.value.current == {"text": "First"}
    assert making.section(version, 2).text == "First"


def test_neither_a_colleague_nor_credit_writes(bank):
    version = base.draft(making.writing(bank))
    row = making.section(version, 2)
    for name in ("rm2", "outsider", "analyst", "sibling"):
        with pytest.raises(Section.DoesNotExist):
            making.write(bank, row, by=name)
    with pytest.raises(NotAllowed, match="heads over it"):
        making.write(bank, row, by="ho")


def test_too_long_and_empty_ones_are_refused(bank):
    row = making.section(base.draft(making.writing(bank)), 2)
    with pytest.raises(RuleBroken, match="40000 characters"):
        making.write(bank, row, "信" * (MOST_CHARACTERS + 1))
    with pytest.raises(RuleBroken, match="empty section"):
        making.write(bank, row, "  \n ", done=True)


def test_each_save_is_an_event(bank):
    pack = making.writing(bank)
    making.write(bank, making.section(base.draft(pack), 2))
    event = PackEvent.objects.filter(pack=pack).latest("pk")
    assert (event.actor, event.values["what"], event.values["section"]) == (bank.rm, "section", 2)


def test_open_sections_are_named_when_it_is_attested(bank):
    pack = making.writing(bank)
    version = making.written(bank, pack)
    making.write(bank, making.section(version, 7), "Begun", done=False)
    with pytest.raises(RuleBroken, match="not complete: 7"):
        services.attest(pack_id=pack.pk, none_known=False, actor=bank.rm, now=NOW)


def test_adverse_facts_are_written_or_denied_and_never_both(bank):
    pack = making.writing(bank)
    version = making.written(bank, pack, adverse="")
    with pytest.raises(RuleBroken, match="say that none are known"):
        services.attest(pack_id=pack.pk, none_known=False, actor=bank.rm, now=NOW)
    assert "Adverse facts are neither written nor denied." in sentences(base.draft(pack))
    services.attest(pack_id=pack.pk, none_known=True, actor=bank.rm, now=NOW)
    assert sentences(base.draft(pack)) == []
    making.write(bank, making.section(version, ADVERSE), "A supplier sued.")
    with pytest.raises(RuleBroken, match="cannot be attested"):
        services.attest(pack_id=pack.pk, none_known=True, actor=bank.rm, now=NOW)


def test_what_is_changed_after_it_was_attested_is_attested_anew(bank):
    pack = making.writing(bank)
    version = making.attested(bank, pack)
    assert sentences(base.draft(pack)) == []
    making.write(bank, making.section(version, 2), "Another owner since Monday.")
    assert sentences(base.draft(pack)) == ["The application is not attested."]


def test_only_the_relationship_manager_attests(bank):
    pack = making.writing(bank)
    making.written(bank, pack)
    with pytest.raises(NotAllowed, match="Only its relationship manager"):
        services.attest(pack_id=pack.pk, none_known=False, actor=fresh(bank.head), now=NOW)


def test_model_b_has_a_fact_sheet_with_adverse_facts_in_its_guard(bank):
    pack = making.writing(bank, **B)
    assert sentences(base.draft(pack)) == [
        "The fact sheet is not complete.",
        "Adverse facts are neither written nor denied.",
        "The fact sheet is not attested.",
    ]
    making.attested(bank, pack)
    assert sentences(base.draft(pack)) == []


def test_visits_stand_beside_their_section_and_a_changed_one_flags_it(bank):
    pack = making.writing(bank)
    handoff.visited(bank, pack)
    version = base.draft(pack)
    row = making.section(version, VISITS)
    version.pack = pack
    facts = selectors.facts_for(version, [VISITS], user=bank.rm, now=NOW)[VISITS]
    assert len(facts) == 1
    assert "2 of the bank" in facts[0][1].text
    assert not selectors.beside(row, facts).is_flagged
    saved = making.write(bank, row, "Seen on site.")
    assert saved.facts[0]["text"] == facts[0][1].text
    handoff.visited(bank, pack, along=(), days=3)
    again = selectors.facts_for(version, [VISITS], user=bank.rm, now=NOW)[VISITS]
    assert selectors.beside(saved, again).is_flagged
    assert [fact.is_new for fact in selectors.beside(saved, again).now] == [True, False]
    saved.facts[0]["text"] = "Something else"
    assert selectors.beside(saved, facts).now[0].was == "Something else"
    assert selectors.beside(saved, []).gone[0]["text"] == "Something else"


def test_a_next_version_carries_the_text_and_loses_the_attestation(bank):
    pack = making.writing(bank)
    making.attested(bank, pack)
    base.sealed(pack)
    opened = packs.open_version(pack_id=pack.pk, reason="More", actor=bank.rm, now=NOW)
    first = pack.versions.get(number=1)
    old, new = contents.content(first), contents.content(opened)
    assert old["attestation"] is not None
    assert new["attestation"] is None
    assert {key: row for key, row in old.items() if key != "attestation"} == {key: row for key, row in new.items() if key != "attestation"}


@pytest.mark.parametrize("verb", ["UPDATE memos_section SET text = 'x'", "DELETE FROM memos_section", "DELETE FROM memos_attestation"])
def test_the_database_refuses_to_change_sections_that_are_sealed(bank, verb):
    pack = making.writing(bank)
    making.attested(bank, pack)
    base.sealed(pack)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb)


def test_the_page_shows_the_text_and_the_editor_saves_it(bank, browse):
    pack = making.writing(bank)
    browser = browse(bank.rm)
    row = making.section(base.draft(pack), 2)
    page = browser.get(f"/credit/packs/{pack.pk}/application/")
    assert page.status_code == 200
    assert "0 of 19 complete" in page.content.decode()
    answer = browser.post(
        f"/credit/sections/{row.pk}/", {"text": "# Owner\nMs **Ho**", "is_done": "on", "version": row.edits, "submission": "a" * 32}
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    html = browser.get(f"/credit/packs/{pack.pk}/application/").content.decode()
    assert "<h4>Owner</h4>" in html
    assert "<b>Ho</b>" in html
    stale = browser.post(f"/credit/sections/{row.pk}/", {"text": "Other", "version": row.edits, "submission": "b" * 32})
    assert "Somebody else saved this meanwhile" in stale.content.decode()
    assert "Other" in stale.content.decode()


def test_pages_are_hidden_from_those_who_do_not_see_the_pack(bank, browse):
    pack = making.writing(bank)
    row = making.section(base.draft(pack), 2)
    for name in ("rm2", "outsider", "analyst", "lobby"):
        browser = browse(bank.people[name])
        assert browser.get(f"/credit/packs/{pack.pk}/application/").status_code == 404
        assert browser.get(f"/credit/sections/{row.pk}/").status_code == 404
