"""The book held small: what was packed comes out again, whatever its part."""

from hypothesis import given
from hypothesis import strategies as st

from content.mentions import NameEntry, layers
from content.mentions.entries import Form, NameKind, patterns
from content.mentions.judging import Owner
from content.mentions.layers import Layer, layer_of

_NAMES = st.sampled_from(
    [
        "Yau Tat Limited",
        "Yau Tat Holdings Ltd",
        "yau tat",
        "裕達紡織有限公司",
        "裕達紡織集團",
        "裕達紡織 Yau Tat",
        "3M 公司",
        "CLP",
        "Société Tat SA",
    ]
)
_ENTRIES = st.lists(st.builds(NameEntry, st.integers(1, 4), _NAMES, st.sampled_from(["full", "alias", "short"])), max_size=12)


@given(_ENTRIES)
def test_every_pattern_is_owned_by_the_companies_whose_names_give_it_and_by_no_other(entries):
    layer = layer_of(entries, Layer(), None, 0)
    expected: dict[str, set[int]] = {}
    for entry in entries:
        for pattern in patterns(entry.name, NameKind(entry.kind)):
            expected.setdefault(pattern.text, set()).add(entry.company_id)
    assert {text: {owner.company_id for owner in layer.owners_of(text)} for text in expected} == expected
    for text in expected:
        forms = [owner.form for owner in layer.owners_of(text)]
        assert forms == sorted(forms)
    assert layer.owners_of("nobody") == ()


def test_a_company_owns_a_pattern_in_its_surest_form_with_every_form_that_it_lacks():
    entries = [NameEntry(1, "裕達紡織股份有限公司", "full"), NameEntry(1, "裕達紡織集團", "full"), NameEntry(1, "裕達紡織", "short")]
    assert layer_of(entries, Layer(), None, 0).owners_of("裕达纺织") == (Owner(1, Form.SHORT, "股份"), Owner(1, Form.SHORT, "集团"))


def test_numbers_too_large_to_pack_and_spellings_are_kept_as_they_are():
    entries = [NameEntry(1 << 60, "Yau Tat Limited", "full"), NameEntry(7, "CLP", "alias")]
    layer = layer_of(entries, Layer(), None, 0)
    assert layer.owners_of("yau tat") == (Owner(1 << 60, Form.STRIPPED, "limited"),)
    assert layer.owners_of("clp") == (Owner(7, Form.LISTED, "", "CLP"),)


def test_a_book_of_many_parts_finds_what_one_part_finds(monkeypatch):
    entries = [
        NameEntry(number, f"{name}有限公司", "full") for number, name in enumerate(("裕達紡織", "渣灣啤酒", "永和化工", "恒通貨運"), 1)
    ]
    whole = layer_of(entries, Layer(), None, 0)
    monkeypatch.setattr(layers, "_MOST_PATTERNS", 2)
    split = layer_of(entries, Layer(), None, 0)
    assert (len(whole.parts), len(split.parts)) == (1, 4)
    text = "裕达纺织、渣湾啤酒有限公司、永和化工、恒通货运"

    def found(layer: Layer) -> set[tuple[int, int, tuple[Owner, ...]]]:
        return {(start, end, part.owners(number)) for part in layer.parts for number, start, end in part.find(text)}

    assert found(split) == found(whole)
    assert len(found(whole)) == 5
