"""Articles out of every kind of file, told by content."""

import datetime as dt
import gzip
import json
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest

from content.capture.reading import child
from content.capture.reading.articles import Article
from content.capture.reading.columns import propose_columns
from content.capture.reading.guarded import iter_articles
from content.capture.reading.language import language_of
from content.capture.reading.moments import moment_of
from content.capture.reading.refusals import Refused
from content.capture.reading.sentences import SENTENCES
from tests.content.capture.inputs import ENGLISH, HANS, HANT, HONG_KONG, NOW, feed, guarded, only, page, pdf, read

HEAD = """<meta property="og:title" content="A third mill - The Paper"><meta property="og:site_name" content="The Paper">
<meta name="author" content="Chan Siu Ming"><meta property="article:published_time" content="2026-02-27T09:30:00">
<link rel="canonical" href="https://paper.example/mill">"""


def refused(data: bytes | str, **limits: int) -> Refused:
    """Why a whole file is refused."""
    with pytest.raises(Refused) as caught:
        read(data, **limits)
    return caught.value


def test_a_saved_page_gives_title_text_time_author_and_source_even_gzipped():
    markup = page([ENGLISH * 2, ENGLISH * 3], head=HEAD)
    for data in (markup.encode(), gzip.compress(markup.encode())):
        found = only(data)
        assert found.title == "A third mill"
        assert found.body == f"{(ENGLISH * 2).strip()}\n\n{(ENGLISH * 3).strip()}"
        assert found.published_at == dt.datetime(2026, 2, 27, 9, 30, tzinfo=HONG_KONG)
        assert (found.author, found.source_name, found.language) == ("Chan Siu Ming", "The Paper", "en")
        assert found.url == "https://paper.example/mill"


@pytest.mark.parametrize(
    ("head", "headings", "title"),
    [
        (
            '<meta property="og:title" content="Mill opens: "><title>Mill opens: "we hire" says chairman_网易财经</title>',
            ['Mill opens: "we hire" says chairman'],
            'Mill opens: "we hire" says chairman',
        ),
        ("<title>Third mill opens in Dongguan | All about cloth</title>", ["All about cloth"], "Third mill opens in Dongguan"),
        ("<title>裕達紡織開設第三間工廠_財經新聞_某某網</title>", [], "裕達紡織開設第三間工廠"),
        ("<title>裕达纺织开设第三间工厂-新华网</title>", [], "裕达纺织开设第三间工厂"),
        (
            '<meta property="og:title" content="You will not believe this mill">'
            '<script type="application/ld+json">{"headline": "Third mill opens in Dongguan"}</script>',
            ["Third mill opens in Dongguan"],
            "Third mill opens in Dongguan",
        ),
    ],
)
def test_the_title_is_the_headline_and_not_the_name_of_the_site_or_of_a_share(head, headings, title):
    markup = (
        f"<html><head>{head}</head><body>{''.join(f'<h1>{h}</h1>' for h in headings)}<article><p>{ENGLISH * 3}</p></article></body></html>"
    )
    assert only(markup).title == title


def test_a_page_whose_date_lies_ahead_is_read_without_it():
    found = only(page([ENGLISH * 3], head='<meta property="article:published_time" content="2031-01-01T00:00:00Z">'))
    assert found.published_at is None


def test_a_page_of_a_day_only_takes_the_time_that_stands_beside_that_day():
    found = only(page([HANT * 3], head='<meta name="pubdate" content="2026-02-27">', body="<div>2026年02月27日 08:35 來源</div>"))
    assert found.published_at == dt.datetime(2026, 2, 27, 8, 35, tzinfo=HONG_KONG)


def test_a_page_without_an_article_and_the_first_lines_of_a_paid_one_are_refused():
    assert refused("<html><body><nav><a href='/'>Home</a></nav></body></html>").code in ("no_article", "stub")
    assert refused(page([ENGLISH])).code == "stub"
    assert only(page([HANT * 2])).body


def test_pasted_text_has_its_title_in_the_first_line():
    found = only(f"A third mill\n\n{ENGLISH}\nand more\n\n{ENGLISH}")
    assert found.title == "A third mill"
    assert found.body == f"{ENGLISH.strip()}\nand more\n\n{ENGLISH.strip()}"
    assert found.published_at is None


def test_pasted_text_that_begins_with_a_paragraph_keeps_it_and_is_called_by_its_first_sentence():
    found = only(ENGLISH * 3)
    assert found.title == "Yuet Tat Textiles opens a third mill in Dongguan, its chairman said on Monday."
    assert found.body == (ENGLISH * 3).strip()


def test_a_feed_gives_its_entries_as_plain_text_with_paragraphs():
    item = "<title>Mill &amp;amp; more</title><link>https://paper.example/1</link><pubDate>Fri, 27 Feb 2026 09:30:00 GMT</pubDate>"
    found = only(feed(f"{item}<description>&lt;p&gt;One.&lt;/p&gt;&lt;p&gt;Two &lt;b&gt;bold&lt;/b&gt;.&lt;/p&gt;</description>"))
    assert (found.title, found.body, found.source_name) == ("Mill & more", "One.\n\nTwo bold.", "The Feed")
    assert found.published_at == dt.datetime(2026, 2, 27, 9, 30, tzinfo=dt.UTC)
    assert found.url == "https://paper.example/1"


def test_a_time_in_a_feed_without_a_zone_is_hong_kong_time_and_one_ahead_refuses_the_entry():
    first, second = read(
        feed("<title>One</title><pubDate>2026-02-27 09:30</pubDate>", "<title>Two</title><pubDate>2027-02-27 09:30</pubDate>")
    )
    assert first.published_at == dt.datetime(2026, 2, 27, 9, 30, tzinfo=HONG_KONG)
    assert (second.code, second.row) == ("future_date", 2)


def test_atom_is_read_like_rss():
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>Mill</title><link href="https://a.example/x"/>'
        "<updated>2026-02-27T09:30:00+08:00</updated><author><name>Wong</name></author>"
        "<content type='html'>&lt;p&gt;Text.&lt;/p&gt;</content></entry></feed>"
    )
    found = only(atom)
    assert (found.title, found.body, found.author, found.url) == ("Mill", "Text.", "Wong", "https://a.example/x")


@pytest.mark.parametrize(
    "headings",
    [
        "title,content,date,source,url,author",
        "標題,內容,日期,來源,連結,作者",
        "标题,正文,发布时间,来源,网址,记者",
        "News_Title,Full Text,Published-At,Media,Link,Byline",
    ],
)
def test_columns_are_proposed_from_headings_in_three_languages(headings):
    assert propose_columns(headings.split(",")) == {"title": 0, "body": 1, "date": 2, "source": 3, "url": 4, "author": 5}


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_an_archive_gives_a_row_for_each_record_and_counts_them_as_a_spreadsheet(delimiter):
    lines = [
        ["時間", "標題", "連結"],
        ["2026-01-01 22:05", HANT, "https://n.example/1"],
        ["", "", ""],
        ["2026/1/2", HANT[:20], "javascript:alert(1)"],
    ]
    first, second = read("\ufeff" + "\r\n".join(delimiter.join(cells) for cells in lines))
    assert (first.row, first.title, first.url, first.language) == (2, HANT, "https://n.example/1", "zh-hant")
    assert first.published_at == dt.datetime(2026, 1, 1, 22, 5, tzinfo=HONG_KONG)
    assert (second.row, second.url) == (4, "")


def test_a_news_flash_has_its_title_and_source_in_brackets():
    (found,) = read('﻿,datetime,title,content\n0,2019-06-23 23:55:20,,"【金交会闭幕】6月21日至23日，\n博览会在广州举办。（界面）"\n')
    assert (found.title, found.body, found.source_name) == ("金交会闭幕", "6月21日至23日，\n\n博览会在广州举办。", "界面")
    assert found.published_at == dt.datetime(2019, 6, 23, 23, 55, 20, tzinfo=HONG_KONG)


def test_a_day_and_a_time_in_two_columns_are_one_moment():
    (found,) = read("標題,日期,時間\n裕達開廠,2026-02-27,下午3:05\n")
    assert found.published_at == dt.datetime(2026, 2, 27, 15, 5, tzinfo=HONG_KONG)


def test_rows_of_an_archive_are_refused_one_by_one_with_their_place():
    rows = ["標題,內容,日期", "甲,文,2026-13-45", "乙,文,2030-01-01", ",,2026-01-01", "丁,文,2026-01-01", "戊,文\ufffd字,"]
    found = read("\n".join(rows))
    assert [(item.code, item.row, item.column, item.value) for item in found if isinstance(item, Refused)] == [
        ("bad_date", 2, "日期", "2026-13-45"),
        ("future_date", 3, "日期", "2030-01-01"),
        ("no_text", 4, "", ""),
        ("damaged_text", 6, "", "戊 文\ufffd字"),
    ]
    assert [item.title for item in found if isinstance(item, Article)] == ["丁"]


def test_a_table_without_headings_that_we_know_is_refused_and_prose_with_commas_is_not():
    assert refused("a,b,c\nd,e,f\ng,h,i\n").code == "no_headings"
    assert only("A title, with a comma\n\nText, with one.\nMore, and more, of it.").title == "A title, with a comma"


def test_json_lines_and_a_json_array_give_the_same():
    items = [
        {
            "headline": "Mill",
            "text": "<p>One.</p><p>Two.</p>",
            "date": 1772155800,
            "source": {"id": 1, "name": "Paper"},
            "authors": ["A", "B"],
        },
        {"headline": "Other", "text": "Body", "date": "2026-02-27T01:30:00Z"},
    ]
    for data in ("\n".join(json.dumps(item) for item in items), json.dumps(items, indent=1)):
        first, second = read(data)
        assert (first.title, first.body, first.source_name, first.author) == ("Mill", "One.\n\nTwo.", "Paper", "A, B")
        assert first.published_at == second.published_at == dt.datetime(2026, 2, 27, 1, 30, tzinfo=dt.UTC)
    assert [getattr(item, "code", "") for item in read(json.dumps(items[0]) + "\n{broken\n[1]\n")] == ["", "bad_json", "bad_json"]


WIRE = """<!DOCTYPE lewis SYSTEM "lewis.dtd">
<REUTERS OLDID="1" NEWID="2"><DATE> 3-MAR-1987 09:18:21.26</DATE><UNKNOWN>&#5;&#5;G T</UNKNOWN><TEXT>&#2;
<TITLE>MILL &lt;YTT> OPENS</TITLE><DATELINE>    HONG KONG, March 3 - </DATELINE><BODY>&lt;Yuet Tat - YTT> said it
opened a mill.
    It will hire.
 Reuter
&#3;</BODY></TEXT>
</REUTERS>
<REUTERS OLDID="2" NEWID="3"><DATE>31-MAR-1987 605:12</DATE><TEXT><TITLE>X</TITLE></TEXT></REUTERS>
"""


def test_a_story_of_the_wire_is_unwrapped_and_keeps_the_names_in_angle_brackets():
    found, wrong = read(gzip.compress(WIRE.encode()))
    assert found.title == "MILL ‹YTT› OPENS"
    assert found.body == "HONG KONG, March 3 - ‹Yuet Tat - YTT› said it opened a mill.\n\nIt will hire."
    assert (found.source_name, found.published_at) == ("Reuters", dt.datetime(1987, 3, 3, 9, 18, 21, tzinfo=HONG_KONG))
    assert (wrong.code, wrong.row, wrong.column) == ("bad_date", 2, "DATE")


def mail(**content: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = "陳大文 <news@paper.example>", "裕達開廠", "Fri, 27 Feb 2026 09:30:00 +0800"
    message.set_content(
        content["plain"] if "plain" in content else content["html"], subtype="plain" if "plain" in content else "html", charset="big5"
    )
    return message


@pytest.mark.parametrize("content", [{"plain": HANT + "\n\n" + HANT}, {"html": f"<p>{HANT}</p><script>x</script><p>{HANT}</p>"}])
def test_a_mail_gives_its_text_subject_date_and_sender(content):
    found = only(bytes(mail(**content)))
    assert (found.title, found.body, found.author) == ("裕達開廠", f"{HANT}\n\n{HANT}", "陳大文")
    assert (found.source_name, found.language) == ("paper.example", "zh-hant")
    assert found.published_at == dt.datetime(2026, 2, 27, 9, 30, tzinfo=HONG_KONG)


def test_a_mail_with_its_subject_in_bare_bytes_is_read_too():
    data = b"From: news@paper.example\r\nDate: 2026-02-27 09:30\r\nSubject: " + f"{HANS}\r\n\r\n{HANS}".encode("gb18030")
    found = only(data)
    assert (found.title, found.body) == (HANS, HANS)


def test_a_page_saved_as_mhtml_is_read_as_a_page():
    text = page([ENGLISH * 3])
    data = (
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://paper.example/mill\nSubject: x\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n\n' + text + "\n--b--\n"
    )
    found = only(data)
    assert (found.title, found.url) == ("A third mill", "https://paper.example/mill")


def test_a_pdf_with_text_is_read_and_its_lines_are_joined():
    found = only(
        pdf(["Yuet Tat Textiles opens a third mill in Dongguan, its", "chairman said on Monday.", "It will hire."], title="A third mill")
    )
    assert found.title == "A third mill"
    assert found.body == "Yuet Tat Textiles opens a third mill in Dongguan, its chairman said on Monday.\n\nIt will hire."


def test_a_pdf_of_pictures_and_a_broken_one_are_refused():
    assert refused(pdf([])).code == "scanned"
    assert refused(b"%PDF-1.4\nnothing").code == "damaged"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b" \n\t", "empty"),
        (gzip.compress(b"", mtime=0), "empty"),
        (gzip.compress(gzip.compress(b"x", mtime=0), mtime=0), "archive"),
        (gzip.compress(b"x" * 1000, mtime=0)[:-9], "damaged"),
        (b"\x89PNG\r\n\x1a\n" + b"x" * 50, "picture"),
        (b"PK\x03\x04" + b"x" * 50, "document"),
        (b"\x7fELF" + b"\x00" * 50, "binary"),
        (bytes(range(1, 30)) * 20, "binary"),
        (b"<?xml version='1.0'?><catalog><cd/></catalog>", "xml"),
        (b'{"a": 1,\n "b": 2}', "json"),
        (b"<rss version='2.0'><channel><title>x</title></channel></rss>", "no_entries"),
    ],
)
def test_what_holds_no_article_is_refused_with_its_reason(data, code):
    assert refused(data).code == code


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        (HANT, "zh-hant"),
        (HANS, "zh-hans"),
        ("中文", ""),
        ("", ""),
        ("后里干面", ""),
        ("發展", "zh-hant"),
        ("发展", "zh-hans"),
        ("国家", "zh-hans"),
        ("Shr loss six cts", "en"),
        ("会社は月曜日に新しい工場を開く", ""),
        ("회사는 월요일에", ""),
        ("Компания открыла завод", ""),
        (
            "La société a annoncé lundi l’ouverture d’une usine à Dongguan et elle "
            "recrutera quatre cents personnes pour cette usine dans les mois qui viennent",
            "",
        ),
        ("騰訊控股 Tencent Holdings 發布業績", "zh-hant"),
    ],
)
def test_the_language_is_told_by_counting_scripts(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2026-02-27 09:30", "2026-02-27T09:30:00+08:00"),
        ("2026/2/27", "2026-02-27T00:00:00+08:00"),
        ("2026-02-27T09:30:00.123Z", "2026-02-27T09:30:00+00:00"),
        ("2026-02-27T09:30:00+0530", "2026-02-27T09:30:00+05:30"),
        ("2026年2月27日", "2026-02-27T00:00:00+08:00"),
        ("2026年2月27日 下午3时05分", "2026-02-27T15:05:00+08:00"),
        ("2026年2月27日 星期五 09:30", "2026-02-27T09:30:00+08:00"),
        ("20260227", "2026-02-27T00:00:00+08:00"),
        ("20260227093000", "2026-02-27T09:30:00+08:00"),
        ("3/4/2026", "2026-04-03T00:00:00+08:00"),
        ("27 Feb 2026 09:30 HKT", "2026-02-27T09:30:00+08:00"),
        ("February 27, 2026, 9:30 PM", "2026-02-27T21:30:00+08:00"),
        ("27-FEB-2026 09:30:01.26", "2026-02-27T09:30:01+08:00"),
        ("Fri, 27 Feb 2026 09:30:00 EST", "2026-02-27T09:30:00-05:00"),
        ("1772155800000", "2026-02-27T01:30:00+00:00"),
        ("Fri, 27 Feb 2026 09:30:00 GMT", "2026-02-27T09:30:00+00:00"),
        ("2026-02-30", None),
        ("yesterday", None),
        ("", None),
        ("13/13/2026", None),
        ("9" * 70, None),
        ("2026-02-27 25:00", None),
    ],
)
def test_moments_are_read_as_papers_write_them(written, expected):
    found = moment_of(written, HONG_KONG)
    assert (found.isoformat() if found else None) == expected


def test_read_in_a_child_the_same_comes_out_and_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    path = tmp_path / "list.csv"
    path.write_text("標題,日期\n裕達開廠,2026-02-27\n壞,日子\n", encoding="utf-8")
    reading = guarded(path)
    assert [(item.title, item.published_at) for item in reading.articles] == [("裕達開廠", dt.datetime(2026, 2, 27, tzinfo=HONG_KONG))]
    assert [(item.row, item.column, item.value, str(item.reason)) for item in reading.refusals] == [
        (3, "日期", "日子", "This is no date that we can read.")
    ]
    assert [item.name for item in tmp_path.iterdir()] == ["list.csv"]


def test_the_refusal_of_a_whole_file_names_it():
    (refusal,) = guarded(b"\x89PNG\r\n\x1a\n" + b"x" * 50, "photo.html").refusals
    assert (refusal.row, refusal.value, refusal.code) == (None, "photo.html", "picture")


def test_articles_come_one_by_one_from_an_archive():
    data = ("title,text\n" + "".join(f"Title {n},Text\n" for n in range(2000))).encode()
    found = iter_articles(data, "many.csv", default_zone=HONG_KONG, now=NOW)
    assert next(found).title == "Title 0"
    assert sum(1 for _ in found) == 1999


def test_more_articles_or_longer_ones_than_allowed_are_refused():
    assert refused("title,text\n" + "a,b\n" * 5, articles=4).code == "too_many_articles"
    (row,) = read(f"title,text\na,{'b' * 200}\n", article_characters=100)
    assert (row.code, row.row) == ("article_too_long", 2)
    assert refused(b"x" * 2000, file_bytes=1000).code == "too_big"
    assert refused(gzip.compress(b"x" * 2000), unpacked_bytes=1000).code == "unpacks_too_big"


def test_the_child_starts_without_django():
    code = "import sys, content.capture.reading.child; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_code_has_a_sentence_and_every_sentence_a_code():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(child.__file__).parent.glob("*.py") if path.stem != "sentences")
    kernel = (Path(child.__file__).parents[3] / "crm" / "kernel" / "confined.py").read_text(encoding="utf-8")
    for code in SENTENCES:
        assert f'"{code}"' in source + kernel
