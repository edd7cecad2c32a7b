"""What a team lead does at the desk."""

from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

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
        self.go("/sign-in")
        self.page.fill("#username", username)
        self.page.fill("#password", PASSWORD)
        self.page.click("form.card button[type=submit]")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)

    def go(self, path: str) -> None:
        """Open a page."""
        self.page.goto(f"{self.address}{path}")

    def queue(self) -> Locator:
        """The rows of the review queue."""
        self.go("/reviews")
        return self.page.locator("#queue .queue-row")

    def approve(self, visit: str) -> None:
        """Open a visit and approve it."""
        self.go(f"/visits/{visit}")
        button = self.page.locator('form[action$="/approval"] button')
        button.click()
        expect(button).to_have_count(0)

    def send_back(self, visit: str, reason: str, parts: Mapping[str, str] | None = None) -> None:
        """Open a visit and return it with a reason, saying of some of its parts what is wrong."""
        self.go(f"/visits/{visit}")
        form = self.page.locator('form[action$="/return"]')
        self.page.locator("#decision summary[data-key=r]").click()
        form.locator("[name=reason]").fill(reason)
        for part, wrong in (parts or {}).items():
            row = form.locator("li", has=self.page.get_by_label(part, exact=True))
            row.locator("[type=checkbox]").check()
            row.locator(".about").fill(wrong)
        form.locator("button[type=submit]").click()
        expect(form).to_have_count(0)

    def photo(self, link: Locator) -> bytes:
        """The large copy of a photo that a page shows."""
        answer = self.page.request.get(f"{self.address}{link.get_attribute('href')}")
        assert answer.status == 200
        return answer.body()
