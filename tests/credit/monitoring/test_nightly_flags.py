"""What figures, accounts, conditions and news raise at night, and what is missing raises nothing (domain 7.4)."""

import datetime as dt

import pytest

from content.clippings.choices import MentionState
from content.clippings.models import Clipping, Mention, Source
from credit.flags import services
from credit.flags.models import Flag, Suggestion
from crm.kernel.errors import NotAllowed
from tests.cast import NOW, fresh
from tests.credit.monitoring import making
from tests.crm.figures import making as figures

pytestmark = pytest.mark.django_db
DAY = figures.DAY


@pytest.fixture
def client(bank):
    return making.client(bank)


def night(day=DAY):
    return services.nightly(day, now=NOW)


def codes():
    return sorted(Flag.objects.values_list("code", flat=True))


def test_deposits_that_fell_raise_a_flag_with_the_figures_and_once(client):
    figures.balance(client, 10_000_000, DAY - dt.timedelta(days=60))
    figures.balance(client, 5_900_000, DAY)
    told = night()
    assert (told["clients"], told["flags_raised"]) == (1, 1)
    flag = Flag.objects.get()
    assert (flag.code, flag.origin, flag.raised_by) == ("RF-20", "figures", None)
    assert flag.figures["fall_percent"] == "41.0"
    assert night()["flags_raised"] == 0
    assert codes() == ["RF-20"]


def test_a_week_without_files_raises_nothing_and_is_named(client):
    figures.balance(client, 10_000_000, DAY - dt.timedelta(days=67))
    figures.balance(client, 100, DAY - dt.timedelta(days=7))
    told = night()
    assert told["flags_raised"] == 0
    assert told["missing"] == ["balances", "turnover", "conduct", "arrears"]


def test_a_client_that_a_day_does_not_state_is_not_taken_for_an_empty_one(bank, client):
    other = making.client(bank, name="Tai Wo Garments", name_zh="太和製衣")
    figures.balance(client, 10_000_000, DAY - dt.timedelta(days=60))
    figures.balance(other, 1, DAY)
    assert night()["flags_raised"] == 0


def test_returned_items_and_days_over_the_limit_are_read_from_conduct(client):
    for offset, items, excess in ((0, 1, 6), (5, 1, 1), (10, 1, 0), (31, 5, 0)):
        figures.state(client, "conduct", DAY - dt.timedelta(days=offset), returned_items=items, returned_amount=0, excess_days=excess)
    night()
    assert codes() == ["RF-22", "RF-23"]


def test_what_was_closed_lately_is_not_raised_anew_and_later_is(bank, client):
    for day in (DAY, DAY - dt.timedelta(days=60)):
        figures.balance(client, 1_000_000 if day == DAY else 10_000_000, day)
    night()
    making.close(bank, Flag.objects.get(), "head")
    assert night()["flags_raised"] == 0
    Flag.objects.update(closed_at=NOW - dt.timedelta(days=61))
    assert night()["flags_raised"] == 1


def story(client, title, event, **values):
    source, _new = Source.objects.get_or_create(name="Harbour Daily")
    made = Clipping.objects.create(source=source, title=title, event=event, published_at=NOW, live=True, origin_key=title, **values)
    Mention.objects.create(
        clipping=made, company=client.company, state=MentionState.LINKED, start=0, end=3, text="Lok", name="lok", published_at=NOW
    )
    return made


def test_news_of_a_court_case_or_a_penalty_only_suggests(bank, client):
    case = story(client, "Landlord sues Lok Sang", "litigation")
    story(client, "樂生被海關罰款", "")
    story(client, "Lok Sang opens a shop", "expansion")
    assert night()["suggested"] == 2
    assert night()["suggested"] == 0
    assert codes() == []
    suggestion = Suggestion.objects.get(code="RF-35")
    with pytest.raises(Suggestion.DoesNotExist):
        services.take_suggestion(suggestion_id=suggestion.pk, note="x", actor=fresh(bank.outsider), now=NOW)
    with pytest.raises(NotAllowed):
        services.take_suggestion(suggestion_id=suggestion.pk, note="x", actor=fresh(bank.auditor), now=NOW)
    flag = services.take_suggestion(suggestion_id=suggestion.pk, note="Rent of two months.", actor=fresh(bank.rm), now=NOW)
    assert (flag.clipping, flag.origin, flag.severity) == (case, "news", "H")
    other = Suggestion.objects.get(code="RF-36")
    services.refuse_suggestion(suggestion_id=other.pk, reason="Another company.", actor=fresh(bank.rm), now=NOW)
    assert not Suggestion.objects.filter(state="open").exists()
