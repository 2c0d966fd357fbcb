"""Pages, feeds and archives made to harm: nothing acts, nothing hangs, nothing grows without end."""

import gzip
import re

import pytest

from content.capture.reading.articles import Article
from content.capture.reading.markup import line_of, paragraphs_of, text_of_cell, text_of_markup
from tests.content.capture.inputs import ENGLISH, feed, guarded, page, read

PAYLOADS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>alert(1)//<</script>",
    "<img src='x' onerror='alert(1)'",
    "<x onclick=alert(1)>y</x>",
    "<!--<img src='--><img src=x onerror=alert(1)>'-->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&amp;lt;script&amp;gt;alert(1)&amp;lt;/script&amp;gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&#x3c;img src=x onerror=alert(1)&#x3e;",
    "<style>@import 'javascript:alert(1)'</style>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<object data=x></object>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<textarea><script>alert(1)</script></textarea>",
    "<xmp><script>alert(1)</script></xmp>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php echo 1 ?>",
    "<%= 1 %><script>alert(1)</script>",
    "\u202e<script>alert(1)</script>",
    "<s\u200bcript>alert(1)</s\u200bcript>",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<custom-element onmouseover=alert(1)>x",
    "<a\nhref=x\nonclick=alert(1)>x</a>",
    "<a/onclick=alert(1)>x</a>",
    "</p><script>alert(1)</script><p>",
    "<\x00script>alert(1)</script>",
    "<\u200bimg src=x onerror=alert(1)>",
    "&lt;\u200bimg src=x onerror=alert(1)>",
    "<&#8203;img src=x onerror=alert(1)>",
]
ACTS = re.compile(r"<[A-Za-z/!?]|[\x00-\x08\x0b-\x1f\x7f\u200b\u202a-\u202e]")


def check(text: str) -> None:
    assert not ACTS.search(text), text
    assert not ACTS.search(line_of(text)), text


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_payload_survives_in_any_corner_of_any_kind_of_file(payload):
    escaped = payload.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("\x00", "")
    cell = payload.replace('"', '""')
    meta = f'<meta name="author" content="{escaped}"><meta property="og:site_name" content="{escaped}">'
    meta += f'<meta property="og:title" content="A mill {escaped}">'
    sources = [
        f"A title {payload}\n\nText {payload} and more",
        page([f"{ENGLISH} {payload}", ENGLISH * 3], title=f"A mill {escaped}", head=meta, body=payload),
        page([f"{ENGLISH} {escaped}", ENGLISH * 3], title=payload),
        feed(
            f"<title>A mill {escaped}</title><author>{escaped}</author><link>javascript:alert(1)</link>"
            f"<description>{escaped}</description>",
            title=escaped,
        ),
        f'title,text,author,source,url\n"A mill {cell}","{cell} text","{cell}","{cell}","javascript:alert(1)"\n',
        f"<REUTERS NEWID='1'><TEXT><TITLE>A mill {payload}</TITLE><BODY>{payload} and {escaped}</BODY></TEXT></REUTERS>",
        f"From: a@b.example\nSubject: A mill {payload}\nMIME-Version: 1.0\nContent-Type: text/html\n\n"
        f"<p>text {payload}</p><p>{escaped}</p>".replace("\x00", ""),
    ]
    for source in sources:
        for found in read(source):
            assert isinstance(found, Article), (source, found)
            for text in (found.title, found.body, found.author, found.source_name, found.url):
                check(text)
            assert "javascript" not in found.url


@pytest.mark.parametrize("clean", [line_of, paragraphs_of, text_of_cell])
def test_cleaning_twice_changes_nothing_and_leaves_no_tag(clean):
    for payload in PAYLOADS:
        once = clean(f"before {payload} after")
        check(once)
        check(text_of_markup(payload))
        assert clean(once) == once


def test_names_in_angle_brackets_and_comparisons_stay_readable():
    assert line_of("<Banca Nazionale - BNL> said 3 < 4 and x <y") == "‹Banca Nazionale - BNL› said 3 < 4 and x ‹y"


def test_a_page_of_fifty_megabytes_is_refused_in_the_child():
    (refusal,) = guarded(b"<html><body>" + b"<p>word word</p>" * 3_270_000 + b"</body></html>").refusals
    assert refusal.code in ("page_too_big", "too_much_memory", "too_slow")


def test_a_packed_bomb_is_refused():
    (refusal,) = guarded(gzip.compress(b"<p>" + b"a" * 150_000_000, compresslevel=1)).refusals
    assert refusal.code == "unpacks_too_big"


def test_a_page_nested_a_hundred_thousand_deep_is_read_or_refused():
    reading = guarded(b"<html><body>" + b"<div>" * 100_000 + ENGLISH.encode() * 5 + b"</div>" * 100_000)
    assert len(reading.articles) + len(reading.refusals) == 1


def test_json_nested_a_hundred_thousand_deep_is_refused():
    (refusal,) = guarded(b'[{"a":' + b"[" * 100_000).refusals
    assert refusal.code == "json"


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>'
)


def test_a_feed_that_defines_entities_is_not_opened():
    (refusal,) = guarded(
        f"{BOMB}<rss version='2.0'><channel><item><title>&b;</title><description>&c;</description></item></channel></rss>".encode()
    ).refusals
    assert refusal.code == "entities"


def test_a_page_that_defines_entities_expands_none():
    markup = BOMB.replace("DOCTYPE rss", "DOCTYPE html") + page([ENGLISH * 3 + " &b; &c;"]).removeprefix("<!DOCTYPE html>")
    (found,) = read(markup)
    assert "lollol" not in found.body
    assert "root:" not in found.body


def test_a_feed_that_is_a_web_page_is_read_as_one():
    (found,) = read(page([ENGLISH * 3]).replace("<!DOCTYPE html>", "<?xml version='1.0'?><!DOCTYPE html>"))
    assert found.title == "A third mill"


def test_a_cell_that_swallows_the_file_is_one_refused_row():
    (found,) = read('title,text\n"a,' + "b,c\n" * 1000, article_characters=500)
    assert (found.code, found.row) == ("article_too_long", 2)
