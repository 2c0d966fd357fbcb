"""Numbers that identify companies. The numbers are published ones of listed companies, or made up to the published formula."""

import pytest
from django.utils import translation

from crm.kernel.errors import RuleBroken
from crm.kernel.identifiers import IdentifierError, Kind, UnusualDigits, guess_kind, is_valid, normalise, normalise_stock_code


@pytest.mark.parametrize(
    ("kind", "raw", "normal"),
    [
        (Kind.USCC, "91440300708461136T", "91440300708461136T"),
        (Kind.USCC, " 9144 0300 7084 61136t ", "91440300708461136T"),
        (Kind.USCC, "９１４４０３００７０８４６１１３６Ｔ", "91440300708461136T"),
        (Kind.BR, "12345678", "12345678"),
        (Kind.BR, "12345678-000", "12345678"),
        (Kind.BR, "12345678 001", "12345678-001"),
        (Kind.BR, "12345678001", "12345678-001"),
        (Kind.BR, "12345678-000-03-25-7", "12345678"),
        (Kind.CR, "0012345", "0012345"),
        (Kind.CR, "f0012345", "F0012345"),
        (Kind.CR, "76543210", "76543210"),
        (Kind.LEI, "5493 001k-jtii-gc8y1r12", "5493001KJTIIGC8Y1R12"),
        (Kind.ISIN, "us0378331005", "US0378331005"),
        (Kind.ISIN, "KYG217651051", "KYG217651051"),
        (Kind.UBN, "22099131", "22099131"),
        (Kind.UBN, "10458575", "10458575"),
        (Kind.CIK, "0000320193", "320193"),
        (Kind.STOCK, "1.HK", "HKEX:00001"),
    ],
)
def test_numbers_come_in_one_form(kind, raw, normal):
    assert normalise(kind, raw) == normal
    assert normalise(kind, normal) == normal


@pytest.mark.parametrize(
    ("kind", "raw", "sentence"),
    [
        (Kind.USCC, "91440300708461136U", "The check digit of 91440300708461136U does not fit: one character is mistyped."),
        (Kind.USCC, "91440300708461136", "A unified social credit code has 18 characters, not 17."),
        (Kind.USCC, "9144030070846113IT", "A unified social credit code holds digits and capital letters other than I, O, S, V and Z."),
        (Kind.BR, "1234567", "A business registration number has 8 digits, and 3 more for a branch (12345678-001)."),
        (
            Kind.CR,
            "123456",
            "A Companies Registry number has 7 or 8 digits; that of a registered non-Hong Kong company is F and 7 digits.",
        ),
        (Kind.LEI, "5493001KJTIIGC8Y1R13", "The check digit of 5493001KJTIIGC8Y1R13 does not fit: one character is mistyped."),
        (Kind.LEI, "5493001", "A legal entity identifier has 20 characters, not 7."),
        (Kind.ISIN, "US0378331006", "The check digit of US0378331006 does not fit: one character is mistyped."),
        (Kind.ISIN, "0378331005US", "An ISIN is 2 letters for the country, 9 letters and digits, and a check digit."),
        (Kind.UBN, "22099132", "The check digit of 22099132 does not fit: one character is mistyped."),
        (Kind.UBN, "2209913", "A Taiwan business number has 8 digits."),
        (Kind.USCC, "  ", "The number is empty."),
        (Kind.ISIN, "9" * 100, "The number is too long."),
        (Kind.STOCK, "1234", "The stock code 1234 does not say which exchange it belongs to."),
    ],
)
def test_a_wrong_number_is_refused_with_what_is_wrong(kind, raw, sentence):
    with translation.override("en"), pytest.raises(IdentifierError) as refusal:
        normalise(kind, raw)
    assert str(refusal.value.message) == sentence
    assert not is_valid(kind, raw)


@pytest.mark.parametrize("raw", ["90²", "٩٠٢", "९०२", "90①", "½902", "𝟗𝟎𝟐"])
def test_digits_that_only_look_like_ours_are_no_number(raw):
    with pytest.raises(UnusualDigits) as refusal:
        normalise_stock_code(raw, "HKEX")
    assert raw in str(refusal.value.message)
    with pytest.raises(UnusualDigits):
        normalise(Kind.CIK, raw)


def test_full_width_digits_and_chinese_words_beside_a_number_stay():
    assert normalise_stock_code("９０２", "香港交易所") == ("HKEX", "00902")
    assert normalise_stock_code("香港：902") == ("HKEX", "00902")


def test_the_refusal_is_both_a_broken_rule_and_a_value_error():
    assert issubclass(IdentifierError, RuleBroken)
    assert issubclass(IdentifierError, ValueError)


@pytest.mark.parametrize("number", ["91440300708461136T", "5493001KJTIIGC8Y1R12", "US0378331005"])
def test_every_single_mistyped_digit_is_noticed(number):
    kind = {18: Kind.USCC, 20: Kind.LEI, 12: Kind.ISIN}[len(number)]
    for place, character in enumerate(number):
        if character.isdigit():
            wrong = str((int(character) + 1) % 10)
            assert not is_valid(kind, number[:place] + wrong + number[place + 1 :]), place


def test_a_seventh_digit_of_seven_may_count_as_nought_or_one_in_taiwan():
    assert is_valid(Kind.UBN, "10458575")
    assert is_valid(Kind.UBN, "10458574")
    assert not is_valid(Kind.UBN, "10458576")
    assert not is_valid(Kind.UBN, "10458565")


@pytest.mark.parametrize(
    ("raw", "exchange", "found"),
    [
        ("0001.HK", "", ("HKEX", "00001")),
        ("00700", "", ("HKEX", "00700")),
        ("1", "HKG", ("HKEX", "00001")),
        ("1.0", "港交所", ("HKEX", "00001")),
        ("1 HK Equity", "", ("HKEX", "00001")),
        ("SEHK: 1", "", ("HKEX", "00001")),
        ("600000.SS", "SHH", ("SSE", "600000")),
        ("600000.SH", "", ("SSE", "600000")),
        ("SH600000", "", ("SSE", "600000")),
        ("600519", "", ("SSE", "600519")),
        ("1", "深圳證券交易所", ("SZSE", "000001")),
        ("000001.SZ", "", ("SZSE", "000001")),
        ("300750 CH", "", ("SZSE", "300750")),
        ("920001", "", ("BSE", "920001")),
        ("2330.TW", "", ("TWSE", "2330")),
        ("2881A", "TWSE", ("TWSE", "2881A")),
        ("6488.TWO", "", ("TPEX", "6488")),
        ("aapl", "", ("US", "AAPL")),
        ("NASDAQ:AAPL", "", ("US", "AAPL")),
        ("BRK-B", "NYSE", ("US", "BRK.B")),
        ("BRK.B", "", ("US", "BRK.B")),
    ],
)
def test_a_stock_code_names_its_exchange(raw, exchange, found):
    assert normalise_stock_code(raw, exchange) == found


@pytest.mark.parametrize(
    ("raw", "exchange"),
    [
        ("1101", ""),
        ("600000.SS", "HKEX"),
        ("ABC", "HKEX"),
        ("600519", "SZSE"),
        ("1", "Atlantis"),
        ("", "HKEX"),
        ("騰訊", ""),
        ("123456", "HKEX"),
        ("7" * 7, ""),
    ],
)
def test_a_doubtful_stock_code_is_refused(raw, exchange):
    with pytest.raises(IdentifierError):
        normalise_stock_code(raw, exchange)


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["0001.HK", "0002.HK", "0003.HK"], Kind.STOCK),
        (["00001", "00002", "", "00700"], Kind.STOCK),
        (["KYG217651051", "US0378331005"], Kind.ISIN),
        (["22099131", "10458575", "11913502", "03244509"], Kind.UBN),
        (["12345678-000", "23456789-001"], Kind.BR),
        (["0012345", "1234567"], Kind.CR),
        (["20230814", "20230815", "20230816"], None),
        (["USD", "HKD", "CNY"], None),
        (["500", "1000", "2000"], None),
        (["22099131"] * 10, None),
        (["KYG217651051", "none", "n/a"], None),
        ([], None),
    ],
)
def test_the_kind_of_a_column_is_guessed_only_when_it_is_plain(values, kind):
    assert guess_kind(values) == kind


@pytest.mark.parametrize("text", ["1" * 50_000, "A." * 25_000, " -" * 25_000, "有" * 50_000])
def test_an_absurdly_long_value_comes_to_an_end(text, ended_after_10_cpu_seconds):
    for kind in Kind:
        assert not is_valid(kind, text)
    guess_kind([text, text + "1"])
