"""What axe-core says about a page: WCAG 2.2 AA and its best practices, as far as a program can tell."""

from functools import cache

from playwright.sync_api import Page

from tests.journeys.chromium import DESK
from tests.journeys.server import ROOT

NARROW = {"width": 360, "height": 740}
_RUN = """
async () => {
  // Half-way through a transition colours are neither here nor there; one of what is not drawn never ends.
  const moving = document.getAnimations().filter((one) => one instanceof CSSTransition);
  const lasting = new Promise((done) => setTimeout(done, 1000));
  await Promise.race([Promise.allSettled(moving.map(({finished}) => finished)), lasting]);
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations
    .filter(({impact}) => impact === "serious" || impact === "critical")
    .flatMap(({id, nodes}) => nodes.map(({target, failureSummary}) => `${id}: ${target} ${failureSummary}`));
}
"""


@cache
def _axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()


def faults_of(page: Page) -> list[str]:
    """Serious and critical violations on what is shown now, one line each."""
    # Evaluated by the browser's own protocol: the page's security policy allows no foreign script.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN)
    return found


def width_overrun(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - innerWidth"))


def insist_on_sound(page: Page, what: str) -> None:
    """What is open now, wide and narrow, with everything unfolded."""
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    assert faults_of(page) == [], what
    page.set_viewport_size(NARROW)
    assert faults_of(page) == [], f"{what}, narrow"
    assert width_overrun(page) <= 0, what
    page.set_viewport_size(DESK["viewport"])
