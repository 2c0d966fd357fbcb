"""Who sees which clippings (domain 1.2 and 1.3), alike on every surface, and that nothing tells of the others."""

import csv
import io
import re
from itertools import product

import pytest
from django.urls import reverse

from content.clippings import searching
from content.clippings.models import Clipping, Mention
from crm.companies.models import Company
from crm.kernel.outbox import deliver_pending
from crm.staff.choices import Role
from crm.staff.models import Post
from tests import cast
from tests.companies.making import ask, browser, company, text
from tests.content.making import MILL, clip, searched
from tests.content.making import text as body_of

pytestmark = pytest.mark.django_db

# Domain 1.2, "Clippings, info library": R; R public; and what the paragraph below the table says of departments that are not in it.
READ = {Role.ARM, Role.RM, Role.SRM, Role.TH, Role.RCH, Role.HO, Role.CA, Role.CO, Role.CC, Role.COMP, Role.FIN, Role.EDIT, Role.AUD}
READ_PUBLIC = {Role.LOB, Role.BH, Role.CAD, Role.OPS, Role.SPEC}
READ_ALL = {Role.COMP, Role.AUD}
READ_NONE = {Role.ADM}

STATES = ("published", "waiting", "withdrawn")
OWNERS = (None, "rm", "editor", "compliance", "lobby", "admin")


def of_state(title: str, state: str, **facts) -> Clipping:
    """A clipping that is published, waits for an editor, or was withdrawn by one."""
    made = clip(title, publish=state != "waiting", **facts)
    if state == "withdrawn":
        Clipping.objects.get(pk=made.pk).unpublish()
        made.refresh_from_db()
    return made


def sees(name: str, clipping: Clipping, owner: str | None) -> bool:
    """What the domain says, in words of its own."""
    role = cast.PEOPLE[name][0]
    if role in READ_NONE:
        return False
    if role in READ_ALL:
        return True
    if clipping.klass == "D":
        return name == owner
    if not clipping.live:
        return role == Role.EDIT or name == owner
    return role in READ if clipping.klass == "I" else role in READ | READ_PUBLIC


@pytest.fixture
def all_kinds(bank):
    """(clipping, by whom) of every class, state and person who might have brought it."""
    return [
        (of_state(f"{klass} {state} {owner}", state, klass=klass, by=bank.people[owner] if owner else None), owner)
        for klass, state, owner in product("PID", STATES, OWNERS)
        if klass != "D" or owner
    ]


def test_every_role_is_said_to_read_something_or_nothing():
    people = {role for role, _grade, _unit in cast.PEOPLE.values()}
    assert READ | READ_PUBLIC | READ_NONE == people == set(Role) - {Role.SYS, Role.HR}  # they read packs alone, or frozen files


def test_rows_tokens_and_hits_let_each_person_through_to_what_the_domain_says(bank, all_kinds):
    ids = [clipping.pk for clipping, _owner in all_kinds]
    wrong = {}
    for name, person in bank.people.items():
        tokens = set(searching.tokens_of(person))
        expected = {clipping.pk for clipping, owner in all_kinds if sees(name, clipping, owner)}
        rows = set(Clipping.objects.visible_to(person).values_list("pk", flat=True))
        found = {clipping.pk for clipping, _owner in all_kinds if searching.scope_of(clipping) & tokens}
        if not expected == rows == found == set(searching.visible(person, ids)):
            wrong[name] = (expected ^ rows, expected ^ found)
    assert wrong == {}


def test_who_leaves_their_post_sees_and_finds_nothing(bank, all_kinds):
    Post.objects.filter(user=bank.rm).update(to_at=cast.NOW)
    left = cast.fresh(bank.rm)
    assert not Clipping.objects.visible_to(left).exists()
    assert set(searching.tokens_of(left)) == set()


def test_all_clippings_of_a_story_have_one_scope(bank):
    for klass, near in product("PI", ("", "Dongguan.", "By our own staff.")):
        clip(f"{klass} {near}", body_of(near, *MILL), klass=klass)
    followers = Clipping.objects.exclude(head=None).select_related("head")
    assert len(followers) == 4
    assert [searching.scope_of(row) == searching.scope_of(row.head) for row in followers] == [True] * 4


@pytest.fixture
def named(bank):
    """One clipping of each kind that `rm` brought, or the paper; all name a company that nobody looks after."""
    company(bank, "Yuet Tat Textiles Limited")
    kinds = {
        "public": of_state("Canaryword public", "published", body="Yuet Tat Textiles Limited"),
        "internal": of_state("Canaryword internal", "published", klass="I", body="Of Yuet Tat Textiles Limited"),
        "deal": of_state("Canaryword deal", "published", klass="D", by=bank.rm, body="By Yuet Tat Textiles Limited"),
        "waiting": of_state("Canaryword waiting", "waiting", by=bank.rm, body="For Yuet Tat Textiles Limited"),
        "withdrawn": of_state("Canaryword withdrawn", "withdrawn", body="To Yuet Tat Textiles Limited"),
    }
    assert Mention.objects.count() == 5
    return kinds


def words(content: str) -> set[str]:
    """The kinds that a text tells of."""
    return {kind for kind in ("public", "internal", "deal", "waiting", "withdrawn") if f"Canaryword {kind}" in content}


# What is listed: what is published. One's own that waits, and what was withdrawn, is read by whoever has its address.
LISTED = {
    "rm": {"public", "internal", "deal"},
    "rm2": {"public", "internal"},
    "outsider": {"public", "internal"},
    "chair": {"public", "internal"},
    "lobby": {"public"},
    "branch": {"public"},
    "cad": {"public"},
    "specialist": {"public"},
    "ops": {"public"},
    "editor": {"public", "internal"},
    "compliance": {"public", "internal", "deal"},
    "auditor": {"public", "internal", "deal"},
    "finance": {"public", "internal"},
    "admin": set(),
}
READABLE = LISTED | {
    "rm": {"public", "internal", "deal", "waiting"},
    "editor": {"public", "internal", "waiting", "withdrawn"},
    "compliance": {"public", "internal", "deal", "waiting", "withdrawn"},
    "auditor": {"public", "internal", "deal", "waiting", "withdrawn"},
}


@pytest.mark.parametrize("name", LISTED)
def test_list_page_panel_api_export_and_search_tell_of_the_same(bank, named, embedded, name):
    deliver_pending()
    person, who, refused = bank.people[name], browser(bank.people[name]), name == "admin"
    of = Company.objects.get()
    assert words(text(who.get("/news/?all=1"))) == LISTED[name]
    assert who.get("/news/").status_code == (403 if refused else 200)
    assert words(text(who.get(reverse("clippings:company_news", args=[of.pk])))) == LISTED[name]
    assert words(text(ask(person, "clippings"))) == LISTED[name]
    assert words(text(ask(person, f"clippings?company_id={of.pk}"))) == LISTED[name]
    answer = who.post("/news/", {"export": "csv"})
    exported = "" if refused else b"".join(answer.streaming_content).decode("utf-8-sig")
    assert words(exported) == LISTED[name]
    assert max(0, len(list(csv.reader(io.StringIO(exported)))) - 1) == len(LISTED[name])
    assert {kind for kind, row in named.items() if who.get(row.get_absolute_url()).status_code == 200} == READABLE[name]
    assert {kind for kind, row in named.items() if ask(person, f"clippings/{row.pk}").status_code == 200} == READABLE[name]
    found = searched(person, "Canaryword")
    assert words(" ".join(hit.shown.title for hit in found.hits)) == READABLE[name]
    assert (found.total, found.total_flat) == (len(READABLE[name]),) * 2


def test_what_is_hidden_answers_like_what_is_not_there(bank, named):
    who = browser(bank.rm2)
    gone = reverse("clippings:clipping_detail", args=[99_999_999])
    hidden = named["deal"].get_absolute_url()
    answers = [who.get(address, headers={"hx-request": "true"}) for address in (hidden, gone)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert len({re.sub(r"\w{64}|\d+", "", text(answer)) for answer in answers}) == 1
    for verb in ("confirm", "refuse"):
        mention = Mention.objects.get(clipping=named["deal"])
        assert who.get(f"/news/mentions/{mention.pk}/{verb}/").status_code == 404
        assert who.post(f"/news/mentions/{mention.pk}/{verb}/").status_code == 404


CANARIES = 200
HIDDEN_FROM = {
    "rm2": (("D", "waiting"), ("D", "published"), ("P", "waiting"), ("I", "withdrawn")),
    "lobby": (("I", "published"), ("D", "published"), ("P", "waiting"), ("P", "withdrawn")),
    "editor": (("D", "waiting"), ("D", "published"), ("D", "withdrawn"), ("D", "published")),
    "admin": (("P", "published"), ("I", "published"), ("D", "published"), ("P", "waiting")),
}


@pytest.mark.parametrize("name", HIDDEN_FROM)
def test_two_hundred_words_of_hidden_clippings_give_no_hit_and_move_no_count(bank, embedded, name):
    person = bank.people[name]
    company(bank, "Yuet Tat Textiles Limited")
    for place in range(5):
        clip(f"Mills of the river {place}", f"Mill {place} of Yuet Tat Textiles Limited", event="expansion")
    deliver_pending()

    def counted() -> list[object]:
        asked = ("mill OR mills", "source:Quxpaper1 OR river", 'company:"Yuet Tat Textiles"', "mill NOT nothing")
        found = [searched(person, query, facets=True) for query in asked]
        return [(one.total, one.total_flat, dict(one.facets), [hit.id for hit in one.hits]) for one in found]

    before = counted()
    assert before[0][0] == (0 if name == "admin" else 5)
    hidden = [
        of_state(
            f"Mills quxword{place}zed",
            state,
            klass=klass,
            by=bank.rm,
            of=f"Quxpaper{place % 4}",
            event="listing",
            body=f"quxtext{place}zed of Yuet Tat Textiles Limited",
        )
        for place in range(CANARIES // 4)
        for klass, state in HIDDEN_FROM[name]
    ][:CANARIES]
    assert len(hidden) == CANARIES
    deliver_pending()
    assert counted() == before
    assert searched(None, "mill OR mills", flat=True).total > CANARIES / 4
    found = {
        word: searched(person, word, facets=True) for place in range(CANARIES // 4) for word in (f"quxword{place}zed", f"quxtext{place}zed")
    }
    assert {word: (one.total, len(one.hits)) for word, one in found.items() if one.total or one.hits or any(one.facets.values())} == {}
