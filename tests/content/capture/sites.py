"""Sites on loopback that answer what a test says, which only a test may ask."""

import ipaddress
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LOOPBACK = ipaddress.ip_address("127.0.0.1")


class Site(ThreadingHTTPServer):
    """A site whose paths are functions that answer; it remembers what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        self.paths: dict[str, Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[BaseHTTPRequestHandler] = []
        super().__init__(("127.0.0.1", 0), Answer)

    def address(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are what is tested here."""


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self)
        self.server.paths[self.path.partition("?")[0]](self)

    def log_message(self, *_arguments: object) -> None:
        """Nothing is written to the terminal."""


def answering(body: bytes = b"", status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            if value:
                handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def on_loopback(address: object, _port: int) -> bool:
    return address == LOOPBACK
