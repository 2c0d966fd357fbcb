"""Two clocks at once tell nobody twice, and two finders find a story once (on PostgreSQL; SQLite lets no two write)."""

from typing import Any

import pytest

from content.alerts import services
from content.alerts.choices import Pace
from content.alerts.models import AlertHit
from content.alerts.services import AlertTerms
from crm.notifications.models import Mail
from tests.cast import NOW, Bank
from tests.content.brief.making import story
from tests.visits.test_races import one_after_the_other

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def found(bank: Bank) -> Any:
    services.keep_alert(terms=AlertTerms("Cotton", "cotton", Pace.AT_ONCE), actor=bank.rm)
    return story("Cotton dearer")


def test_two_clocks_at_once_tell_of_a_story_once(found: Any) -> None:
    services.find_stories([found.pk], now=NOW)
    answers = one_after_the_other(lambda: services.tell_due(now=NOW), lambda: services.tell_due(now=NOW))
    assert sorted(answers) == [0, 1]
    assert Mail.objects.filter(kind=services.KIND).count() == 1


def test_two_finders_at_once_find_a_story_once(found: Any) -> None:
    answers = one_after_the_other(*[lambda: services.find_stories([found.pk], now=NOW)] * 2)
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert AlertHit.objects.count() == 1
