"""Small files of our own in which articles come, and the shortest way to read them."""

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

from content.capture.reading.articles import Article
from content.capture.reading.guarded import Reading, read_file
from content.capture.reading.limits import Limits, Setting
from content.capture.reading.reading import articles_in

HONG_KONG = ZoneInfo("Asia/Hong_Kong")
NOW = dt.datetime(2026, 3, 2, 4, 0, tzinfo=dt.UTC)

ENGLISH = "Yuet Tat Textiles opens a third mill in Dongguan, its chairman said on Monday. The company will hire four hundred people. "
HANT = "裕達紡織週一宣布在東莞開設第三間工廠，集團主席表示會聘請四百名員工，並與銀行商討貸款。"
HANS = "裕达纺织周一宣布在东莞开设第三间工厂，集团主席表示会聘请四百名员工，并与银行商讨贷款。"
JAPANESE = "会社は月曜日に新しい工場を開くと発表しました。社長は四百人の従業員を雇う予定だと述べています。"
KOREAN = "회사는 월요일에 새로운 공장을 연다고 발표했다. 사장은 사백 명의 직원을 고용할 것이라고 말했다."


def setting(**limits: int) -> Setting:
    return Setting(zone=HONG_KONG, now=NOW, limits=Limits(**limits))


def read(data: bytes | str, name: str = "file", **limits: int) -> list:
    """Articles and refusals, read in this process."""
    return list(articles_in(data.encode() if isinstance(data, str) else data, setting(**limits)))


def only(data: bytes | str) -> Article:
    """The one article of a file."""
    (found,) = read(data)
    assert isinstance(found, Article), found
    return found


def guarded(file: bytes | Path, name: str = "file") -> Reading:
    """Read as the product reads: in a child."""
    return read_file(file, name, default_zone=HONG_KONG, now=NOW)


def page(paragraphs: list[str], *, title: str = "A third mill", head: str = "", body: str = "", charset: str = "utf-8") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!DOCTYPE html><html><head><meta charset="{charset}"><title>{title} | The Paper</title>{head}</head>'
        '<body><nav><a href="/">Home</a></nav>'
        f"<article><h1>{title}</h1>{text}</article>{body}<footer>Contact</footer></body></html>"
    )


def feed(*items: str, encoding: str = "utf-8", title: str = "The Feed") -> str:
    inside = "".join(f"<item>{item}</item>" for item in items)
    return f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel><title>{title}</title>{inside}</channel></rss>'


def pdf(lines: list[str], *, title: str = "") -> bytes:
    """A PDF of one page that shows `lines` of ASCII."""
    shown = " ".join(f"({line}) Tj 0 -14 Td" for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Title (%s) >>" % title.encode(),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, item in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer << /Size %d /Root 1 0 R /Info 6 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
