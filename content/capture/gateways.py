"""The one place that fetches an address from outside: pages that somebody names, and feeds. Guarded against being led inside.

A name is resolved once, every address that it has must be a public one, and the connection is made to that address, so that a second
answer of the name server cannot lead elsewhere. Redirects are followed at most three times, each checked anew (safety.md, "SSRF").
"""

import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit, urlunsplit

from django.utils.translation import gettext_lazy as _

from crm.kernel.errors import DomainError

MOST_REDIRECTS, MOST_BYTES, MOST_SECONDS = 3, 10 * 1024 * 1024, 15.0
_REDIRECTS, _NOT_MODIFIED, _OK = (301, 302, 303, 307, 308), 304, 200
_PORTS = {"http": 80, "https": 443}
_CHUNK = 64 * 1024
_LONGEST = 2_000

Allow = Callable[[str], bool]


class FetchRefused(DomainError):
    """The address is not fetched, or gave nothing; the message says why."""

    code = "fetch_refused"


@dataclass(frozen=True)
class Fetched:
    """What an address gave. `body` is None where it says that nothing changed since."""

    url: str
    body: bytes | None
    content_type: str = ""
    etag: str = ""
    modified: str = ""


def is_public(address: str) -> bool:
    """An address of the open internet: not private, loopback, link-local, shared, reserved or multicast, in IPv6 clothes or not."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is not None:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


def fetch(url: str, *, etag: str = "", modified: str = "", allow: Allow = is_public) -> Fetched:
    """Fetch an address: at most three redirects, 10 MB and 15 seconds in all.

    `etag` and `modified`: ask only for what is newer. `allow` judges each numeric address; only tests give another. FetchRefused with
    the reason.
    """
    until = time.monotonic() + MOST_SECONDS
    for _step in range(MOST_REDIRECTS + 1):
        answer = _ask(url, until=until, allow=allow, headers=_conditions(etag, modified))
        if isinstance(answer, Fetched):
            return answer
        url = answer
    raise FetchRefused(_("The address leads on and on: more than three redirects."))


def _conditions(etag: str, modified: str) -> dict[str, str]:
    given = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in given.items() if value and value.isprintable()}


def _ask(url: str, *, until: float, allow: Allow, headers: dict[str, str]) -> Fetched | str:
    """What the address gives, or the address that it leads to."""
    scheme, host, port, path = _taken_apart(url)
    connection = _connect(scheme, host, port, until=until, allow=allow)
    try:
        usual = {"Host": _host_header(scheme, host, port), "User-Agent": "Rapport", "Accept-Encoding": "gzip", "Accept": "*/*"}
        connection.request("GET", path, headers=usual | headers)
        response = connection.getresponse()
        if response.status in _REDIRECTS and response.headers.get("Location"):
            return urljoin(url, response.headers["Location"])
        if response.status == _NOT_MODIFIED:
            return Fetched(url, None)
        if response.status != _OK:
            raise FetchRefused(_("The address answered with status %(status)s.") % {"status": response.status})
        body = _body(response, until)
        told = {"etag": response.headers.get("ETag", "")[:200], "modified": response.headers.get("Last-Modified", "")[:80]}
        return Fetched(url, body, response.headers.get("Content-Type", ""), **told)
    except (OSError, http.client.HTTPException) as error:
        raise FetchRefused(_("The address does not answer as it should.")) from error
    finally:
        connection.close()


def _taken_apart(url: str) -> tuple[str, str, int, str]:
    try:
        parts = urlsplit(url.strip())
        scheme, host, port = parts.scheme.lower(), parts.hostname or "", parts.port
        host = host.encode("idna").decode("ascii")
    except (ValueError, UnicodeError) as error:
        raise FetchRefused(_("This is no web address.")) from error
    if scheme not in _PORTS or not host or len(url) > _LONGEST:
        raise FetchRefused(_("This is no web address. It begins with http:// or https://."))
    if parts.username is not None or parts.password is not None:
        raise FetchRefused(_("An address with a user name in it is not fetched."))
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    # Bytes of other scripts in a path are written as the browser would.
    return scheme, host, port or _PORTS[scheme], "".join(c if " " < c < "\x7f" else _escaped(c) for c in path)


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode("utf-8", "replace"))


def _host_header(scheme: str, host: str, port: int) -> str:
    name = f"[{host}]" if ":" in host else host
    return name if port == _PORTS[scheme] else f"{name}:{port}"


def _connect(scheme: str, host: str, port: int, *, until: float, allow: Allow) -> http.client.HTTPConnection:
    address = _resolve(host, port, allow)
    timeout = _left(until)
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        stream = socket.create_connection((address, port), timeout=timeout)
        if scheme == "https":
            stream = ssl.create_default_context().wrap_socket(stream, server_hostname=host)
    except (OSError, ssl.SSLError) as error:
        raise FetchRefused(_("The address does not answer.")) from error
    connection.sock = stream
    return connection


def _resolve(host: str, port: int, allow: Allow) -> str:
    """The one address to connect to. A name with any inner address is refused as a whole."""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise FetchRefused(_("There is no such address.")) from error
    if not found or not all(allow(address) for address in found):
        raise FetchRefused(_("The address lies inside a private network and is not fetched."))
    return sorted(found, key=lambda address: ":" in address)[0]


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise FetchRefused(_("The address took too long."))
    return left


def _body(response: http.client.HTTPResponse, until: float) -> bytes:
    packed = response.headers.get("Content-Encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise FetchRefused(_("The address answers in a packing that we do not read."))
    unpack = zlib.decompressobj(wbits=31) if packed.endswith("gzip") else None
    parts: list[bytes] = []
    size = 0
    while chunk := response.read1(_CHUNK):
        _left(until)
        try:
            part = unpack.decompress(chunk, MOST_BYTES + 1) if unpack else chunk
        except zlib.error as error:
            raise FetchRefused(_("What the address gave is damaged.")) from error
        size += len(part)
        if size > MOST_BYTES:
            raise FetchRefused(_("What the address gives is larger than %(limit)s MB.") % {"limit": MOST_BYTES // 1024 // 1024})
        parts.append(part)
    return b"".join(parts)
