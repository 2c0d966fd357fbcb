"""A real bank begins on an empty database: head office and two administrators by command, everything else by page."""

import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from crm.staff.choices import Role
from crm.staff.models import CalendarDay, OrgUnit, Post, User
from tests.forms import untouched

pytestmark = pytest.mark.django_db

NAMES = ("--name-en", "Harbour Bank", "--name-hant", "海港銀行", "--name-hans", "海港银行")
ADMINS = ("--admin", "ada", "Ada Kwok", "--admin", "bea", "Bea Lam")
WORD = "a-long-enough-word-7"


def begin(*arguments, typed="", monkeypatch=None):
    out, err = io.StringIO(), io.StringIO()
    if monkeypatch is not None:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    call_command("begin_bank", *(arguments or (*NAMES, *ADMINS)), "--json", stdout=out, stderr=err)
    return json.loads(out.getvalue())


def refused(*arguments, **more):
    with pytest.raises(CommandError) as refusal:
        begin(*arguments, **more)
    assert refusal.value.returncode == 2
    assert not OrgUnit.objects.exists()
    assert not User.objects.exists()
    return str(refusal.value)


def signed_in(username, password):
    browser = Client()
    answer = browser.post("/accounts/login/", {"username": username, "password": password})
    assert answer.status_code == 302, f"{username} does not get in"
    return browser


def sent(browser, url, **values):
    """The form as the page has it, filled in and sent; the address that it led to."""
    page = browser.get(url)
    assert page.status_code == 200, url
    answer = browser.post(url, untouched(page) | {name: [str(value)] for name, value in values.items()})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]


def unit_of(browser, kind, parent, name, **more):
    names = {"name_en": name, "name_hant": name, "name_hans": name}
    return OrgUnit.objects.get(pk=int(sent(browser, "/units/add/", kind=kind, parent=parent.pk, **names, **more).strip("/").split("/")[1]))


def engaged(proposer, decider, username, **post):
    """A person with a post, by two administrators."""
    page = sent(proposer, "/staff/add/", username=username, name_en=username.title(), password=WORD)
    change = sent(proposer, f"{page}posts/", reason="Engaged", **post)
    assert proposer.post(f"{change}approve/").status_code == 403
    sent(decider, f"{change}approve/")
    return User.objects.get(username=username)


def test_from_an_empty_database_two_administrators_build_a_centre_a_team_and_people_who_sign_in():
    told = begin()
    words = {one["username"]: one["password"] for one in told["administrators"]}
    assert told["head_office"] == "Harbour Bank"
    assert len(set(words.values())) == 2
    head_office = OrgUnit.objects.get()
    assert (head_office.kind, head_office.time_zone, head_office.currency, head_office.path) == (
        "head_office",
        "Asia/Hong_Kong",
        "HKD",
        f"{head_office.pk}.",
    )
    assert set(Post.objects.values_list("user__username", "role", "unit")) == {(name, Role.ADM, head_office.pk) for name in words}
    ada, bea = (signed_in(name, words[name]) for name in ("ada", "bea"))
    centre = unit_of(ada, "centre", head_office, "Shenzhen", jurisdiction="CN", currency="CNY")
    assert centre.time_zone == "Asia/Shanghai"
    team = unit_of(bea, "team", centre, "Futian Team")
    engaged(ada, bea, "cleo", role="RCH", grade=5, unit=centre.pk)
    engaged(bea, ada, "dan", role="RM", grade=2, unit=team.pk)
    for name in ("cleo", "dan"):
        browser = signed_in(name, WORD)
        for page in ("/", "/clients/", "/visits/"):
            assert browser.get(page).status_code == 200, (name, page)


def test_passwords_are_read_from_standard_input_and_never_shown(monkeypatch):
    told = begin(*NAMES, *ADMINS, "--password", typed=f"{WORD}\nanother-long-word-8\n", monkeypatch=monkeypatch)
    assert [one["password"] for one in told["administrators"]] == [None, None]
    signed_in("ada", WORD)
    signed_in("bea", "another-long-word-8")


def test_without_json_it_says_what_stands_and_each_password_once():
    out = io.StringIO()
    call_command("begin_bank", *NAMES, *ADMINS, stdout=out)
    first, *rest = out.getvalue().splitlines()
    assert first == "Harbour Bank stands, with 2 administrators."
    for line, name in zip(rest, ("ada", "bea"), strict=True):
        assert line.startswith(f"Password of {name}: ")
        signed_in(name, line.rsplit(" ", 1)[-1])


def test_where_somebody_or_some_unit_is_there_already_nothing_is_made(bank):
    before = set(User.objects.values_list("pk")), set(OrgUnit.objects.values_list("pk"))
    with pytest.raises(CommandError, match="holds a bank already") as refusal:
        begin()
    assert refusal.value.returncode == 2
    assert (set(User.objects.values_list("pk")), set(OrgUnit.objects.values_list("pk"))) == before


@pytest.mark.parametrize("there", [lambda: User.objects.create(username="x"), lambda: OrgUnit.objects.create(kind="centre")])
def test_one_unit_or_one_person_is_enough_to_refuse(there):
    there()
    with pytest.raises(CommandError, match="holds a bank already"):
        begin()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((*NAMES, *ADMINS[:3]), "two administrators"),
        ((*NAMES, *ADMINS, "--admin", "cy", "Cy Ho"), "two administrators"),
        ((*NAMES, *ADMINS[:3], *ADMINS[:3]), "two administrators"),
        ((*NAMES, "--admin", "Ada K", "Ada", *ADMINS[3:]), "small letters"),
        ((*NAMES, "--admin", "ada", " ", *ADMINS[3:]), "name"),
        ((*NAMES[:2], "--name-hant", " ", *NAMES[4:], *ADMINS), "name"),
        ((*NAMES, *ADMINS, "--time-zone", "Mars/Phobos"), "no such time zone"),
        ((*NAMES, *ADMINS, "--currency", "dollars"), "three letters"),
    ],
)
def test_what_cannot_be_a_bank_is_refused_in_one_sentence(arguments, sentence):
    assert sentence in refused(*arguments)


@pytest.mark.parametrize("typed", ["", f"{WORD}\n", f"{WORD}\nshort\n", f"{WORD}\n{WORD}x\nthird-long-word-9\n"])
def test_too_few_too_many_or_weak_passwords_make_no_bank(monkeypatch, typed):
    assert "assword" in refused(*NAMES, *ADMINS, "--password", typed=typed, monkeypatch=monkeypatch)


@pytest.mark.parametrize("arguments", [(), ("--noinput", "--username", "root", "--name_en", "Root")])
def test_there_is_no_superuser_and_django_s_command_says_what_to_do(arguments):
    with pytest.raises(CommandError, match="begin_bank") as refusal:
        call_command("createsuperuser", *arguments)
    assert refusal.value.returncode == 2
    assert not User.objects.exists()


def test_a_mainland_bank_begins_with_the_zone_and_currency_of_its_own():
    begin(*NAMES, *ADMINS, "--jurisdiction", "CN")
    unit = OrgUnit.objects.get()
    assert (unit.time_zone, unit.currency, CalendarDay.objects.count()) == ("Asia/Shanghai", "CNY", 0)
    assert set(unit.history.values_list("history_change_reason", flat=True)) == {"The bank begins"}
