"""The engine of iPhones: WebKitGTK's small browser on a screen of its own, steered by WebDriver.

Its sessions keep nothing when they end, so it is never closed in the middle of a story.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from field.demo.cast import PASSWORD
from tests.waiting import until

SECONDS = 60
_DRIVER = shutil.which("WebKitWebDriver")
_SCREEN = shutil.which("Xvfb")
_BROWSERS = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"))
IS_HERE = bool(_DRIVER and _SCREEN and _BROWSERS)


class WebKit:
    """The phone's app as a person meets it; things are found by the shell's marks."""

    def __init__(self, driver: webdriver.WebKitGTK, address: str) -> None:
        self.driver = driver
        self.address = address

    def open(self, path: str) -> None:
        """Go to an address of the server."""
        self.driver.get(f"{self.address}{path}")

    def all(self, css: str) -> list[WebElement]:
        """What of this can be seen now; nothing of a page that is just being replaced."""
        try:
            return [one for one in self.driver.find_elements(By.CSS_SELECTOR, css) if one.is_displayed()]
        except StaleElementReferenceException:
            return []

    def at(self, css: str) -> WebElement:
        """The first of them, once it can be seen."""
        try:
            found: WebElement = until(lambda: next(iter(self.all(css)), None), SECONDS)
        except AssertionError as error:
            raise AssertionError(
                f"{css} is not to be seen on {self.driver.current_url}:\n{self.text()}"
            ) from error
        return found

    def text(self) -> str:
        """What can be read now."""
        return str(self.driver.find_element(By.TAG_NAME, "body").text)

    def tap(self, css: str) -> None:
        """Bring it into sight and tap it."""
        one = self.at(css)
        self.run("arguments[0].scrollIntoView({block: 'center'})", one)
        one.click()

    def run(self, script: str, *arguments: Any) -> Any:
        """What a piece of JavaScript answers."""
        return self.driver.execute_script(script, *arguments)

    def below(self, css: str) -> float:
        """Pixels between the end of the first of them and the end of the card that it is in."""
        script = "const ends = (one) => one.getBoundingClientRect().bottom;"
        return float(
            self.run(
                f"{script} return ends(arguments[0].closest('.card')) - ends(arguments[0])", self.at(css)
            )
        )

    def sign_in(self, username: str) -> None:
        """Fill in the sign-in page."""
        self.at("#username").send_keys(username)
        self.at("#password").send_keys(PASSWORD)
        self.tap("form.card button[type=submit]")

    def see(self, screen: str) -> None:
        """Wait until a screen is shown."""
        self.at(f'[data-screen="{screen}"]')

    def begin_visit(self) -> None:
        """At the next door that waits: they agreed."""
        self.tap(".cell.is-todo")
        self.tap("[data-door-start]")
        self.see("visit")

    def finish(self) -> None:
        """Finish the visit; back at the round the phone says that it is saved."""
        self.tap("[data-finish]")
        self.see("round")
        self.at("[data-toast-text]")


@contextmanager
def webkit(address: str) -> Iterator[WebKit]:
    """A new browser that knows nothing."""
    with _screen() as display:
        options = Options()
        options.binary_location = str(_BROWSERS[0])
        options.add_argument("--automation")
        # Its sandbox asks for rights that containers do not give; every page of the journey is ours.
        surroundings = {"DISPLAY": display, "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1"}
        with mock.patch.dict(os.environ, surroundings):
            driver = webdriver.WebKitGTK(options=options, service=Service(str(_DRIVER)))
        try:
            driver.set_window_size(450, 900)
            yield WebKit(driver, address)
        finally:
            driver.quit()


@contextmanager
def _screen() -> Iterator[str]:
    """An X server that nobody sees, on the first number that is free."""
    reader, writer = os.pipe()
    command = [str(_SCREEN), "-displayfd", str(writer), "-screen", "0", "1280x1000x24", "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as server:
        os.close(writer)
        with os.fdopen(reader) as told:
            number = told.readline().strip()
        try:
            yield f":{number}"
        finally:
            server.terminate()
