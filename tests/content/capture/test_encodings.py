"""Text in every encoding that papers, mailers and archives use comes out right, or is refused."""

import pytest

from content.capture.reading.encodings import text_of
from content.capture.reading.refusals import Refused
from tests.content.capture.inputs import ENGLISH, HANS, HANT, JAPANESE, KOREAN, feed, only, page

TEXTS = [
    *(
        (HANT * 3, encoding)
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "gb18030", "big5", "big5hkscs")
    ),
    *((HANS * 3, encoding) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk", "gb2312")),
    *((JAPANESE * 3, encoding) for encoding in ("utf-8", "shift_jis", "cp932")),
    *((KOREAN * 3, encoding) for encoding in ("utf-8", "euc_kr", "cp949")),
    *((("La société “Café” naît à Zürich, très tôt. " + ENGLISH) * 3, encoding) for encoding in ("utf-8", "cp1252")),
    *((("Cliché at a café in Zürich. " + ENGLISH) * 3, encoding) for encoding in ("latin-1", "utf-16")),
]


@pytest.mark.parametrize(("text", "encoding"), TEXTS)
def test_pasted_text_comes_out_right_in_every_encoding(text, encoding):
    found = only(f"A title\n\n{text}".encode(encoding))
    assert (found.title, found.body) == ("A title", text.strip())


@pytest.mark.parametrize(("text", "encoding"), TEXTS)
@pytest.mark.parametrize("declared", ["right", "utf-8", "gb2312", "big5", "iso-8859-1", "nonsense"])
def test_a_page_comes_out_right_whatever_it_declares(text, encoding, declared):
    markup = page([f"{text.strip()} {number}" for number in (1, 2)], charset=encoding if declared == "right" else declared)
    assert only(markup.encode(encoding)).body == f"{text.strip()} 1\n\n{text.strip()} 2"


@pytest.mark.parametrize(("text", "encoding"), [item for item in TEXTS if item[1] not in ("utf-8-sig", "utf-32")])
@pytest.mark.parametrize("declared", ["right", "utf-8"])
def test_a_feed_comes_out_right_whatever_it_declares(text, encoding, declared):
    markup = feed(f"<title>x</title><description>{text.strip()}</description>", encoding=encoding if declared == "right" else declared)
    assert only(markup.encode(encoding)).body == text.strip()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (HANT.encode("utf-16") + b"\x00\xd8" * 9, "encoding_unknown"),
        (bytes(range(128, 256)) * 4, "encoding_unknown"),
        ((ENGLISH * 2).encode() + bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D]) * 5, "encoding_unknown"),
    ],
)
def test_bytes_that_read_like_nothing_are_refused(data, code):
    with pytest.raises(Refused) as caught:
        text_of(data)
    assert caught.value.code in (code, "encoding_doubtful")


def test_one_damaged_character_in_a_long_text_is_never_read_past():
    data = (HANT * 20).encode()
    with pytest.raises(Refused) as caught:
        only(data[:300] + b"\xff" + data[301:])
    assert caught.value.code == "damaged_text"


def test_a_declared_encoding_of_another_script_is_believed_where_it_fits():
    russian = "Компания открыла третий завод в понедельник, сообщил председатель. " * 5
    assert text_of(russian.encode("cp1251"), "windows-1251") == russian
