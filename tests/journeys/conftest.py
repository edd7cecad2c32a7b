"""Fixtures of the journeys: the server, the worker's phone, the lead's desk; a picture of each failure."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error, Playwright

from tests.journeys.chromium import DESK, PHONE, Chromium
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen
from tests.journeys.server import ROOT, Server, copy_of, free_port, prepare

PICTURES = ROOT / "build" / "journeys"
_OPEN = pytest.StashKey[list[Chromium]]()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every journey, so that `-m "not browser"` leaves them out."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The demo as the first `make run` leaves it; tests serve copies of it, all on one port."""
    folder = tmp_path_factory.mktemp("demo")
    prepare(folder)
    return Server(folder, free_port())


@pytest.fixture(scope="session")
def enrolled(
    prepared: Server, playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """Data and browser profile after the demo's worker has made the phone ready: copied, not done again."""
    data = copy_of(prepared.data, tmp_path_factory.mktemp("enrolled") / "data")
    server = Server(data, prepared.port)
    profile = tmp_path_factory.mktemp("profile")
    phone = PhoneScreen(Chromium(playwright, profile, **PHONE).open(), server.address)
    server.start()
    try:
        phone.sign_in("worker")
        phone.start_round()
    finally:
        # In good order: Chromium keeps cookies in memory for up to 30 s, and a kill would lose them.
        phone.browser.close()
        server.kill()
    return data, profile


@pytest.fixture
def server(prepared: Server, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    """The program with its demo, served as it is deployed."""
    with_phone = "enrolled" in request.fixturenames
    source = request.getfixturevalue("enrolled")[0] if with_phone else prepared.data
    one = Server(copy_of(source, tmp_path / "data"), prepared.port)
    one.start()
    yield one
    one.kill()


@pytest.fixture
def browser_with(
    playwright: Playwright, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Chromium]]:
    """browser_with(locale="en"): a browser with a new profile, or with a copy of another."""
    made: list[Chromium] = []
    request.node.stash[_OPEN] = made

    def make(profile: Path | None = None, **facts: Any) -> Chromium:
        own = tmp_path / f"profile-{len(made)}"
        if profile is not None:
            shutil.copytree(profile, own, symlinks=True)
        browser = Chromium(playwright, own, **facts)
        made.append(browser)
        return browser.open()

    yield make
    for browser in made:
        browser.close()


@pytest.fixture
def new_phone(server: Server, browser_with: Callable[..., Chromium]) -> Callable[..., PhoneScreen]:
    """new_phone(): a worker's phone on which nobody has signed in yet."""
    return lambda **facts: PhoneScreen(browser_with(**{**PHONE, **facts}), server.address)


@pytest.fixture
def phone_browser(
    server: Server, enrolled: tuple[Path, Path], browser_with: Callable[..., Chromium]
) -> Iterator[PhoneScreen]:
    """The phone of the demo's worker, made ready and opened again, at the round, in Chinese."""
    screen = PhoneScreen(browser_with(enrolled[1], **PHONE), server.address)
    screen.page.goto(f"{server.address}/phone/")
    screen.see("round")
    yield screen
    assert screen.browser.faults == []


@pytest.fixture
def desk(server: Server, browser_with: Callable[..., Chromium]) -> Desk:
    """The laptop of the demo's team lead, signed in."""
    one = Desk(browser_with(**DESK), server.address)
    one.sign_in("lead")
    return one


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Keep what every open browser showed when a journey failed."""
    report = yield
    if report.failed:
        for number, browser in enumerate(item.stash.get(_OPEN, [])):
            _keep_picture(browser, f"{re.sub(r'[^a-z0-9]+', '-', item.name)}-{report.when}-{number}.png")
    return report


def _keep_picture(browser: Chromium, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    try:
        browser.page.screenshot(path=PICTURES / name, full_page=True)
    except (Error, AssertionError):
        (PICTURES / name).with_suffix(".txt").write_text("The browser was closed or did not answer.\n")
