"""The guarded fetcher: the only way to an address that somebody named, and no way into the bank's own network."""

import http.client
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import DomainError, Sentence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Allow = Callable[[Address, int], bool]

REDIRECTS = 3
BODY_BYTES = 10 * 1024 * 1024
SECONDS = 15.0
URL_CHARACTERS = 2_000

_PORTS = {"http": 80, "https": 443}
_REDIRECTING = frozenset({301, 302, 303, 307, 308})
_CHUNK = 64 * 1024
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_COMPATIBLE = ipaddress.ip_network("::/96")
_HEADER_JUNK = re.compile(r"[^\x20-\x7e]")

_REASONS: dict[str, Sentence] = {
    "address": _("This is no web address that we fetch: only http and https, on their usual ports, without a name and password in it."),
    "private": _("The address leads into a private network and is not fetched."),
    "unknown_host": _("The site %(host)s was not found."),
    "unreachable": _("The site %(host)s cannot be reached."),
    "insecure": _("The site %(host)s does not prove who it is (its certificate is not valid)."),
    "too_slow": _("The site took longer than %(limit)s seconds and was given up."),
    "too_big": _("The page is larger than %(limit)s MB."),
    "too_many_redirects": _("The address was passed on more than %(limit)s times."),
    "status": _("The site answered with the code %(status)s instead of the page."),
    "encoding": _("The site sent the page packed in a way that we do not read."),
    "broken": _("The answer of the site broke off or makes no sense."),
}


class FetchRefused(DomainError):
    """A page was not fetched. `code` names the reason, `message` says it to the person who asked."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(_REASONS[code] % params if params else _REASONS[code], code=code)
        self.params = params


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """What came back: the address it came from in the end, the body unpacked, and the marks by which to ask again.

    `is_unchanged`: the site says that nothing changed since those marks; then the body is empty.
    """

    url: str
    body: bytes
    content_type: str
    etag: str
    last_modified: str
    is_unchanged: bool = False


def fetch(url: str, *, etag: str = "", last_modified: str = "", allow: Allow | None = None) -> Fetched:
    """The page or feed at `url`, in at most 15 seconds, 10 MB and three redirects, each of them checked like the first.

    The name is resolved once and the connection made to the address that was checked; TLS is still checked against the name. No cookies,
    no proxy, no credentials are sent.

    Args:
        url: http or https.
        etag: With `last_modified`, what the last fetch of `url` returned; an unchanged page is not sent again.
        last_modified: See `etag`.
        allow: Says of an (address, port) that would be refused that it may be asked all the same. For tests on loopback.

    FetchRefused: the address, the site or its answer is not for us.
    """
    deadline = time.monotonic() + SECONDS
    headers = _headers(etag, last_modified)
    for _hop in range(REDIRECTS + 1):
        answer = _ask(url, headers, deadline, allow)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(url, answer)
    raise FetchRefused("too_many_redirects", limit=REDIRECTS)


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float, allow: Allow) -> int:
    """Post `body` to `url` and return the status of the answer, whose content nobody reads. A redirect is an answer and not followed.

    The name is resolved once and the connection made to the address that was checked; TLS is checked against the name.

    Args:
        url: http or https, on any port.
        body: What is sent.
        headers: Beside those of the connection.
        seconds: For all of it; a slow answer is cut off.
        allow: Says of an (address, port) that is not public that it may be asked all the same.

    FetchRefused: the address is not for us, or nobody answered in time.
    """
    deadline = time.monotonic() + seconds
    parts, host, port = _checked(url, allow)
    address = _resolved(host, port, deadline, allow)
    connection = _Connection(host, port, address, is_secure=parts.scheme == "https", deadline=deadline)
    with _told(connection, host, deadline, seconds):
        sent = {"User-Agent": "Rapport", "Connection": "close", **headers}
        connection.request("POST", _target(parts), body=body, headers=sent)
        return connection.getresponse().status


def is_public(address: Address) -> bool:
    """Whether an address stands in the open internet. An IPv4 address inside one of IPv6 is judged by itself."""
    inner = _inner(address)
    if inner is not None:
        return is_public(inner) and (address not in _COMPATIBLE)
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_loopback
        and not address.is_link_local
        and not address.is_unspecified
        and not (isinstance(address, ipaddress.IPv6Address) and (address.is_site_local or address.scope_id is not None))
    )


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def _headers(etag: str, last_modified: str) -> dict[str, str]:
    headers = {
        "User-Agent": "Rapport",
        "Accept": "text/html, application/xml, application/rss+xml, application/atom+xml, text/plain;q=0.9, */*;q=0.5",
    }
    headers |= {"Accept-Encoding": "gzip", "Connection": "close"}
    marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return headers | {name: _HEADER_JUNK.sub("", value) for name, value in marks.items() if value}


def _ask(url: str, headers: Mapping[str, str], deadline: float, allow: Allow | None) -> Fetched | str:
    """One request: what was fetched, or where the site sends us on."""
    parts, host, port = _checked(url, allow)
    address = _resolved(host, port, deadline, allow)
    connection = _Connection(host, port, address, is_secure=parts.scheme == "https", deadline=deadline)
    with _told(connection, host, deadline, SECONDS):
        connection.request("GET", _target(parts), headers=dict(headers))
        with connection.getresponse() as response:
            return _answer(url, response, deadline)


def _target(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    return f"{path}?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else path


@contextmanager
def _told(connection: "_Connection", host: str, deadline: float, seconds: float) -> Iterator[None]:
    """One request on a connection, cut at the deadline and closed in the end; what goes wrong is told as the reason."""
    try:
        with connection.watched():
            yield
    except ssl.SSLCertVerificationError as error:
        raise FetchRefused("insecure", host=host) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        if time.monotonic() >= deadline or isinstance(error, TimeoutError):
            raise FetchRefused("too_slow", limit=int(seconds)) from error
        if not connection.is_reached:
            raise FetchRefused("unreachable", host=host) from error
        raise FetchRefused("broken") from error
    finally:
        connection.close()


def _checked(url: str, allow: Allow | None) -> tuple[SplitResult, str, int]:
    """The parts of an address, its host in ASCII, and its port."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").rstrip(".")
        port = parts.port or _PORTS.get(parts.scheme, 0)
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError as error:  # also UnicodeError of a name
        raise FetchRefused("address") from error
    is_usual = port in _PORTS.values() or allow is not None
    if parts.scheme not in _PORTS or not host or "@" in parts.netloc or not is_usual or len(url) > URL_CHARACTERS:
        raise FetchRefused("address")
    if re.search(r"[\x00-\x20\x7f\\]", url.strip()):
        raise FetchRefused("address")
    return parts, host, port


def _resolved(host: str, port: int, deadline: float, allow: Allow | None) -> str:
    """One address of `host`; all that it has must be public, so that no name hides a private one behind a public one."""
    found: queue.SimpleQueue[list[Any] | OSError | UnicodeError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            found.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            found.put(error)

    # The system's resolver takes no time limit, so it is asked from a thread that may be left behind.
    threading.Thread(target=look_up, daemon=True).start()
    try:
        answer = found.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise FetchRefused("too_slow", limit=int(SECONDS)) from None
    if not isinstance(answer, list) or not answer:
        raise FetchRefused("unknown_host", host=host)
    addresses = [str(entry[4][0]) for entry in answer]
    for text in addresses:
        address = ipaddress.ip_address(text)
        if not is_public(address) and not (allow is not None and allow(address, port)):
            raise FetchRefused("private")
    return addresses[0]


class _Connection(http.client.HTTPConnection):
    """A connection to an address that was checked, speaking to the host by its name."""

    def __init__(self, host: str, port: int, address: str, *, is_secure: bool, deadline: float) -> None:
        super().__init__(host, port)
        self.default_port = 443 if is_secure else 80
        self._address, self._is_secure, self._deadline = address, is_secure, deadline
        self._end: socket.socket | None = None

    def connect(self) -> None:
        """Connects to the address given, and never asks for another."""
        family = socket.AF_INET6 if ":" in self._address else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        self.sock.settimeout(max(0.1, self.seconds_left))
        self.sock.connect((self._address, self.port))
        self._end = self.sock
        if self._is_secure:
            self.sock = self._end = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)

    @property
    def is_reached(self) -> bool:
        """Whether somebody answered at the address. `sock` does not tell: it is dropped as soon as the answer begins."""
        return self._end is not None

    def watched(self) -> "_Watch":
        """A guard that ends the connection at the deadline, however slowly the site lets its answer drip."""
        return _Watch(self)

    def cut(self) -> None:
        """Ends whatever is going on, from another thread."""
        if self._end is not None:
            with suppress(OSError):
                self._end.shutdown(socket.SHUT_RDWR)

    @property
    def seconds_left(self) -> float:
        """Until the deadline."""
        return max(0.0, self._deadline - time.monotonic())


class _Watch:
    def __init__(self, connection: _Connection) -> None:
        self._timer = threading.Timer(connection.seconds_left, connection.cut)
        self._timer.daemon = True

    def __enter__(self) -> None:
        self._timer.start()

    def __exit__(self, *_error: object) -> None:
        self._timer.cancel()


def _answer(url: str, response: http.client.HTTPResponse, deadline: float) -> Fetched | str:
    location = response.getheader("Location")
    if response.status in _REDIRECTING and location:
        return location
    if response.status not in (200, 304):
        raise FetchRefused("status", status=response.status)
    is_unchanged = response.status == 304
    return Fetched(
        url=url,
        body=b"" if is_unchanged else _body(response, deadline),
        content_type=response.getheader("Content-Type") or "",
        etag=response.getheader("ETag") or "",
        last_modified=response.getheader("Last-Modified") or "",
        is_unchanged=is_unchanged,
    )


def _body(response: http.client.HTTPResponse, deadline: float) -> bytes:
    packing = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if packing not in ("identity", "gzip", "x-gzip"):
        raise FetchRefused("encoding")
    if int(response.getheader("Content-Length") or 0) > BODY_BYTES:
        raise _too_big()
    unpack = zlib.decompressobj(wbits=31) if packing != "identity" else None
    body = bytearray()
    received = 0
    while chunk := response.read1(_CHUNK):
        received += len(chunk)
        try:
            body += unpack.decompress(chunk, BODY_BYTES - len(body) + 1) if unpack else chunk
        except zlib.error as error:
            raise FetchRefused("encoding") from error
        if len(body) > BODY_BYTES or received > BODY_BYTES:
            raise _too_big()
    if time.monotonic() >= deadline:
        raise FetchRefused("too_slow", limit=int(SECONDS))
    if response.length or (unpack is not None and not unpack.eof):
        raise FetchRefused("broken")
    return bytes(body)


def _too_big() -> FetchRefused:
    return FetchRefused("too_big", limit=BODY_BYTES // (1024 * 1024))
