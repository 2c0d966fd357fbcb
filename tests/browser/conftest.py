"""Chromium, and a demo bank for it to look at."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.banks import Made
from tests.browser.desk import PATIENCE_MS, Desk
from tests.browser.hands import LANGUAGE
from tests.browser.serving import opened, served

PICTURES = Path(__file__).with_name("pictures")
_FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
_FLAGS += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest tests/browser --pictures` makes the README's pictures anew."""
    parser.addoption("--pictures", action="store_true", help="write the README's pictures while walking")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium."""
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("no Chromium: install Debian's package chromium")
    # Its loop runs in this thread until the session ends. Tests that this process takes afterwards ask the database as any other does,
    # which Django refuses beside a loop unless told that nothing of it is awaited there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    spoken = os.environ | {"LANGUAGE": LANGUAGE, "LC_ALL": f"{LANGUAGE}.UTF-8"}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=_FLAGS, env=spoken)
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def bank(chromium: Browser, demo_bank: Made) -> Path:
    """The data of the run's demo bank, to be copied."""
    return opened(demo_bank, Path(demo_bank.run))


@pytest.fixture
def address(bank: Path, tmp_path: Path) -> Iterator[str]:
    """Where a demo bank is served that is this test's alone."""
    with served(bank, tmp_path / "served") as base:
        yield base


@pytest.fixture
def desk(chromium: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Callable[..., Desk]]:
    """Open a browser for somebody: `desk("rm", width=PHONE)`."""
    opened: list[Desk] = []
    pictures = PICTURES if request.config.getoption("--pictures", default=False) else None

    def sit_down(username: str, **options: int) -> Desk:
        opened.append(Desk(chromium, address, pictures=pictures, **options))
        return opened[-1].sign_in(username)

    yield sit_down
    for each in opened:
        each.context.close()
