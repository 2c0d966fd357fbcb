"""A site on loopback."""

import threading
from collections.abc import Iterator

import pytest

from tests.content.capture.sites import Site


@pytest.fixture
def site() -> Iterator[Site]:
    server = Site()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()
