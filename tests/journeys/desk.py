"""What a team lead does at the desk."""

from playwright.sync_api import Page

from field.demo.cast import PASSWORD
from tests.journeys.chromium import Chromium


class Desk:
    """A laptop."""

    def __init__(self, browser: Chromium, address: str) -> None:
        self.browser = browser
        self.address = address

    @property
    def page(self) -> Page:
        """The page that is open."""
        return self.browser.page

    def sign_in(self, username: str) -> None:
        """Sign in by the form."""
        self.page.goto(f"{self.address}/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.click("form.card button[type=submit]")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def pages(self) -> list[tuple[str, str]]:
        """Names and addresses of the pages that this person's work is on."""
        return []
