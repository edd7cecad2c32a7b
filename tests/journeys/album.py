"""Where pictures of the program go, and the phone's screens in every look: `album.looks(phone, "visit")`."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator

from tests.journeys.chromium import PHONE
from tests.journeys.desk import Desk
from tests.journeys.phone import PhoneScreen

_DRESS = """
({theme, text, root}) => {
  document.documentElement.style.fontSize = root;
  // As taps would: what is chosen under Me says so there.
  for (const [name, value] of Object.entries({theme, text})) {
    const choice = document.querySelector(`[name="me-${name}"][value="${value}"]`);
    choice.checked = true;
    choice.dispatchEvent(new Event("change", {bubbles: true}));
  }
  dispatchEvent(new Event("doorstep:dress"));
}
"""
HIGHEST = 3200
# What was tapped looks pressed for a moment; below a sheet, the label of a file field may stay so for as long as it is
# open.
_RELEASED = """
() => {
  const front = document.querySelector("dialog[open]") ?? document;
  return !front.querySelector(":is(a[href], button, .button, summary, .chip, .check, .key):active");
}
"""
# A transition of something that is not drawn never ends, so nobody waits for one longer than it can last; and a browser
# that draws nothing more (seen once) gives no frame either.
_SETTLED = """
Promise.race([
  Promise.allSettled(document.getAnimations().filter((one) => one instanceof CSSTransition).map((one) => one.finished)),
  new Promise((done) => setTimeout(done, 1000)),
]).then(() => new Promise((done) => {
  requestAnimationFrame(() => requestAnimationFrame(done));
  setTimeout(done, 1000);
}))
"""
# Below the bar at the top, where that stays in view.
_TO_THE_TOP = """
(mark) => {
  const sheet = mark.closest("dialog");
  const bar = (sheet ?? document).querySelector(sheet ? ".sheet-bar" : ".top");
  const below = () => Math.max(0, bar ? bar.getBoundingClientRect().bottom : 0) + 12;
  // Twice: what comes into view is laid out only then.
  for (let time = 0; time < 2; time += 1)
    (sheet ?? window).scrollBy(0, mark.getBoundingClientRect().top - below());
}
"""
# What reaches beyond the window's right edge, though nothing around it scrolls sideways.
# A browser grows its window to what is wider, so that the width is that of the phone.
_TOO_WIDE = """
(wide) => {
  const scrolls = (one) => one && (getComputedStyle(one).overflowX !== "visible" || scrolls(one.parentElement));
  return [...document.querySelectorAll("body *")]
    .filter((one) => one.checkVisibility({contentVisibilityAuto: true}) && !one.closest(".visually-hidden"))
    .filter((one) => one.getBoundingClientRect().right > wide + 1 && !scrolls(one.parentElement))
    .map((one) => `<${one.tagName} class="${one.className}"> ${one.textContent.trim().slice(0, 30)}`)
    .slice(0, 3);
}
"""


@dataclass(frozen=True)
class Look:
    """What is chosen under Me, and on what kind of phone."""

    name: str
    theme: str = "light"
    text: str = "normal"
    root: str = ""
    width: int = PHONE["viewport"]["width"]
    height: int = PHONE["viewport"]["height"]


USUAL = Look("phone")
# The last is the hardest that is promised: a small phone whose owner doubled every letter.
LOOKS = (
    USUAL,
    Look("dark", theme="dark"),
    Look("sunlight", theme="sunlight"),
    Look("largest", text="largest"),
    Look("double", root="200%", width=320, height=640),
)


class Album:
    """Where the pictures of one language go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.folder.mkdir(parents=True, exist_ok=True)
        self.faults: list[str] = []

    def keep(self, on: PhoneScreen | Desk, name: str, *, whole: bool = False) -> None:
        """Take a picture of what is in the window, once nothing moves any more; `whole` also of what lies below."""
        if whole:
            # In a window as high as the page what keeps to its edge stands where it does at the end of the page.
            size = on.page.viewport_size or PHONE["viewport"]
            high = min(int(on.page.evaluate("document.documentElement.scrollHeight")), HIGHEST)
            on.page.set_viewport_size({"width": size["width"], "height": max(size["height"], high)})
        on.page.wait_for_function(_RELEASED)
        on.page.evaluate(_SETTLED)
        on.page.screenshot(path=self.folder / f"{name}.png")

    def looks(
        self, phone: PhoneScreen, name: str, *, top: Locator | None = None, whole: bool = False
    ) -> None:
        """Take a screen of the phone in every look, with this at its top; it is left as it was."""
        for look in wearing(phone):
            if top is not None:
                top.evaluate(_TO_THE_TOP)
            elif whole:
                phone.page.evaluate("scrollTo(0, 0)")
            self.keep(phone, f"{look.name}-{name}", whole=whole)
            wide = phone.page.evaluate(_TOO_WIDE, look.width)
            self.faults += [f"{self.folder.name}/{look.name}-{name} is too wide: {one}" for one in wide]


def wearing(phone: PhoneScreen) -> Iterator[Look]:
    """Dress the phone in one look after the other, and then as usual again."""
    for look in LOOKS:
        dress(phone, look)
        yield look
    dress(phone, USUAL)


def dress(phone: PhoneScreen, look: Look) -> None:
    """What taps under Me do, on a phone of this size."""
    phone.page.set_viewport_size({"width": look.width, "height": look.height})
    phone.page.evaluate(_DRESS, {"theme": look.theme, "text": look.text, "root": look.root})
