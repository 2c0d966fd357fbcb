"""What is kept in English or in codes is said in the language of whoever reads it."""

import pytest
from django.utils.translation import override

from credit.flags import book
from credit.packs.choices import Act as PackAct
from crm.hospitality.choices import Kind as EventKind
from crm.kernel.contributions import TimelineKind, of
from crm.kernel.wording import spoken
from prospects.deals.choices import Stage


def said(kind: str, title: str, language: str = "zh-hant") -> str:
    (found,) = (one for one in of(TimelineKind) if one.kind == kind)
    with override(language):
        return found.words(title)


def label(choice) -> str:
    with override("zh-hant"):
        return str(choice.label)


@pytest.mark.parametrize("act", [PackAct.CREATE, PackAct.SUBMIT], ids=str)
def test_a_step_of_a_pack_is_said_in_the_readers_language(act):
    with override("en"):
        kept = f"LS-2026-01 · {act.label}"
    assert said("pack", kept) == f"LS-2026-01 · {label(act)}" != kept
    assert said("pack", kept, "en") == kept


def test_stages_are_said_by_name_and_somebodys_words_stay_theirs():
    assert said("deal_advanced", "S1 → S2: Lead → S1") == f"{label(Stage.LEAD)} → {label(Stage.CONTACTED)}: Lead → S1"
    assert said("deal_advanced", "S1 is a nice code") == "S1 is a nice code"


def test_a_flag_is_called_as_in_the_book():
    entry = next(iter(book.entries().values()))
    with override("zh-hant"):
        name = str(entry.label)
    assert said("red_flag", f"{entry.code} {entry.names[0]} · Raised").startswith(f"{name} · ")
    assert "Raised" not in said("red_flag", f"{entry.code} {entry.names[0]} · Raised")


def test_a_label_at_the_beginning_of_a_part_is_said_and_the_rest_kept():
    say = spoken(EventKind)
    with override("en"):
        lunch = str(EventKind.LUNCH.label)
    with override("zh-hant"):
        assert say(f"{lunch} · Lotus Court") == f"{EventKind.LUNCH.label} · Lotus Court"
        assert say(f"{lunch} for three") == f"{EventKind.LUNCH.label} for three"
        assert say(f"{lunch}time") == f"{lunch}time"
