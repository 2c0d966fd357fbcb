"""The guarded fetcher against real servers on loopback, which only a test may ask."""

import gzip
import ipaddress
import shutil
import socket
import ssl
import subprocess
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from content.capture import gateways
from content.capture.gateways import Fetched, FetchRefused, fetch, is_public
from tests.content.capture.sites import answering, on_loopback

LOOPBACK = ipaddress.ip_address("127.0.0.1")


def refusal(url: str, allow: object = on_loopback) -> FetchRefused:
    with pytest.raises(FetchRefused) as caught:
        fetch(url, allow=allow)
    return caught.value


def test_a_page_comes_with_its_type_and_the_marks_to_ask_again(site):
    site.paths["/a"] = answering(b"<p>x</p>", Content_Type="text/html", ETag='"1"', Last_Modified="Fri, 27 Feb 2026 09:30:00 GMT")
    assert fetch(site.address("/a?q=裕達"), allow=on_loopback) == Fetched(
        url=site.address("/a?q=裕達"), body=b"<p>x</p>", content_type="text/html", etag='"1"', last_modified="Fri, 27 Feb 2026 09:30:00 GMT"
    )
    (asked,) = site.asked
    assert asked.headers["Cookie"] is None
    assert asked.headers["Host"] == f"127.0.0.1:{site.server_port}"


def test_an_unchanged_page_is_not_sent_again(site):
    def answer(handler: BaseHTTPRequestHandler) -> None:
        unchanged = handler.headers["If-None-Match"] == '"1"' and handler.headers["If-Modified-Since"] == "then"
        answering(b"" if unchanged else b"x", 304 if unchanged else 200, Content_Length="")(handler)

    site.paths["/a"] = answer
    assert fetch(site.address("/a"), etag='"1"', last_modified="then", allow=on_loopback).is_unchanged
    assert fetch(site.address("/a"), etag='"2"\r\nX-Evil: 1', last_modified="then", allow=on_loopback).body == b"x"
    assert site.asked[-1].headers["X-Evil"] is None


def test_a_packed_page_is_unpacked_and_a_bomb_is_not(site):
    site.paths["/a"] = answering(gzip.compress(b"x" * 1000), Content_Encoding="gzip")
    site.paths["/bomb"] = answering(gzip.compress(b"x" * 30_000_000), Content_Encoding="gzip")
    site.paths["/br"] = answering(b"x", Content_Encoding="br")
    site.paths["/bad"] = answering(b"no gzip", Content_Encoding="gzip")
    site.paths["/cut"] = answering(gzip.compress(b"x" * 1000)[:-4], Content_Encoding="gzip")
    assert fetch(site.address("/a"), allow=on_loopback).body == b"x" * 1000
    assert refusal(site.address("/bomb")).code == "too_big"
    assert refusal(site.address("/br")).code == "encoding"
    assert refusal(site.address("/bad")).code == "encoding"
    assert refusal(site.address("/cut")).code == "broken"


def test_more_than_ten_megabytes_are_not_taken_whatever_the_site_declares(site):
    site.paths["/said"] = answering(b"", Content_Length=str(11 * 1024 * 1024))
    site.paths["/unsaid"] = answering(b"x" * (10 * 1024 * 1024 + 1), Content_Length="")
    site.paths["/just"] = answering(b"x" * (10 * 1024 * 1024))
    assert refusal(site.address("/said")).code == "too_big"
    assert refusal(site.address("/unsaid")).code == "too_big"
    assert len(fetch(site.address("/just"), allow=on_loopback).body) == 10 * 1024 * 1024


def test_an_answer_that_breaks_off_or_is_no_page_is_refused(site):
    site.paths["/cut"] = answering(b"half", Content_Length="1000")
    site.paths["/lost"] = answering(b"", 404)
    site.paths["/junk"] = lambda handler: handler.wfile.write(b"\x00\xff not http\r\n\r\n")
    site.paths["/length"] = answering(b"x", Content_Length="many")
    assert refusal(site.address("/cut")).code == "broken"
    assert str(refusal(site.address("/lost"))) == "The site answered with the code 404 instead of the page."
    assert refusal(site.address("/junk")).code == "broken"
    assert refusal(site.address("/length")).code == "broken"


def test_three_redirects_are_followed_and_no_more(site):
    for step in range(4):
        site.paths[f"/{step}"] = answering(status=302, Location=f"/{step + 1}")
    site.paths["/4"] = answering(b"there")
    site.paths["/loop"] = answering(status=301, Location="/loop")
    found = fetch(site.address("/1"), allow=on_loopback)
    assert (found.body, found.url) == (b"there", site.address("/4"))
    assert refusal(site.address("/0")).code == "too_many_redirects"
    site.asked.clear()
    assert refusal(site.address("/loop")).code == "too_many_redirects"
    assert len(site.asked) == 4


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://169.254.169.254/latest/meta-data/", "private"),
        ("http://[::1]/", "private"),
        ("//10.0.0.1/", "private"),
        ("file:///etc/passwd", "address"),
        ("ftp://a.example/", "address"),
        ("http://user:word@127.0.0.1/", "address"),
        ("javascript:alert(1)", "address"),
        ("http://localhost:1/", "private"),
    ],
)
def test_each_redirect_is_checked_like_the_first(site, location, code):
    site.paths["/a"] = answering(status=302, Location=location)
    only_this = lambda address, port: address == LOOPBACK and port == site.server_port  # noqa: E731
    assert refusal(site.address("/a"), only_this).code == code


def test_a_site_that_lets_its_answer_drip_is_given_up(site, monkeypatch):
    monkeypatch.setattr(gateways, "SECONDS", 1.0)

    def drip_body(handler: BaseHTTPRequestHandler) -> None:
        answering(b"", Content_Length="1000")(handler)
        for _ in range(100):
            handler.wfile.write(b"x")
            time.sleep(0.1)

    def drip_head(handler: BaseHTTPRequestHandler) -> None:
        for letter in b"HTTP/1.0 200 OK\r\nX-Long: " + b"x" * 100:
            handler.wfile.write(bytes([letter]))
            time.sleep(0.1)

    site.paths |= {"/body": drip_body, "/head": drip_head, "/mute": lambda handler: time.sleep(10)}
    for path in ("/body", "/head", "/mute"):
        assert refusal(site.address(path)).code == "too_slow"


FORBIDDEN = [
    "127.0.0.1",
    "127.1",
    "0.0.0.0",
    "0",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "127.0.0.1.",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[100::1]",
    "[2001:0:7f00:1:0:0:80ff:fffe]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "①②⑦.⓪.⓪.①",
    "127。0。0。1",
]


@pytest.mark.parametrize("host", FORBIDDEN)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_way_of_writing_it_leads_into_a_private_network(monkeypatch, host, scheme):
    def connect(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", connect)
    assert refusal(f"{scheme}://{host}/", None).code in ("private", "unknown_host", "address")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "x",
        "//a.example/",
        "ftp://a.example/",
        "file:///etc/passwd",
        "gopher://a.example/",
        "http://",
        "http:///x",
        "http://a.example:22/",
        "http://a.example:6379/",
        "http://user@a.example/",
        "http://user:word@a.example/",
        "http://a.example:99999/",
        "http://a b.example/",
        "http://a.example/\r\nHost: b",
        "http://[::1/",
        "http://a\\@b.example/",
        "http://" + "a" * 70 + ".example/",
        "http://a..example/",
        "http://a.example/" + "x" * 3000,
    ],
)
def test_what_is_no_usual_web_address_is_refused_before_any_name_is_asked(monkeypatch, url):
    def resolve(*_arguments: object, **_options: object) -> None:
        raise AssertionError("a name was asked")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert refusal(url, None).code == "address"


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"])
def test_addresses_of_the_open_internet_are_public(address):
    assert is_public(ipaddress.ip_address(address))


def entries(*addresses: str) -> list[tuple[object, ...]]:
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]


def test_a_name_is_resolved_once_and_the_connection_made_to_the_address_that_was_checked(site, monkeypatch):
    """A name that answers with another address the second time gains nothing."""
    asked: list[str] = []

    def resolve(host: str, *_arguments: object, **_options: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return entries("127.0.0.1") if len(asked) == 1 else entries("10.0.0.1")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    site.paths["/a"] = answering(b"x")
    assert fetch(site.address("/a", "rebind.example"), allow=on_loopback).body == b"x"
    assert asked == ["rebind.example"]
    assert site.asked[0].headers["Host"] == f"rebind.example:{site.server_port}"


def test_a_name_with_a_private_address_beside_a_public_one_is_refused(monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_o: entries("8.8.8.8", "10.0.0.1"))
    assert refusal("http://both.example/", None).code == "private"


def test_a_site_that_is_not_there_is_named():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert str(refusal(f"http://127.0.0.1:{port}/")) == "The site 127.0.0.1 cannot be reached."
    assert refusal("http://nowhere.invalid/").code == "unknown_host"


@pytest.mark.skipif(shutil.which("openssl") is None, reason="a certificate is made with openssl")
def test_a_secure_site_must_prove_the_name_that_was_asked_for(site, monkeypatch, tmp_path: Path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
    ]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    site.paths["/a"] = answering(b"secret")
    everything_local = lambda address, _port: address.is_loopback  # noqa: E731
    secure = f"https://localhost:{site.server_port}/a"
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_o: entries("127.0.0.1"))
    assert refusal(secure, everything_local).code == "insecure"
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert fetch(secure, allow=everything_local).body == b"secret"
    assert refusal(secure.replace("localhost", "other.example"), everything_local).code == "insecure"
