"""Whatever is tapped on the phone is as large as a thumb needs: 48 by 48 pixels, on a narrow phone too."""

from tests.journeys.phone import PhoneScreen
from tests.journeys.test_screens import walk_through

# Links within a sentence are as high as their line (WCAG 2.5.8 leaves them out); the others have a box, a label or room
# around them that is theirs.
SMALL = """
() => {
  const THUMB = 48, ROUNDING = 0.5;
  const controls = "a[href], button, summary, select, textarea, input:not([type=hidden]), [role=button]";
  const reaches = (one, label, x, y) => {
    const hit = document.elementFromPoint(x, y);
    return Boolean(hit) && (one.contains(hit) || Boolean(label?.contains(hit)));
  };
  const small = [];
  const before = scrollY;
  for (const one of (document.querySelector("dialog[open]") ?? document).querySelectorAll(controls)) {
    if (!one.checkVisibility({visibilityProperty: true}) || one.disabled || one.matches(".skip")) continue;
    if (one.matches("a") && getComputedStyle(one).display === "inline") continue;
    const label = one.closest("label");
    const boxes = [one, label].filter(Boolean).map((part) => part.getBoundingClientRect());
    const [width, height] = ["width", "height"].map((side) => Math.max(...boxes.map((box) => box[side])));
    if (width >= THUMB - ROUNDING && height >= THUMB - ROUNDING) continue;
    one.scrollIntoView({block: "center", inline: "center"});
    const box = (label ?? one).getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const half = THUMB / 2 - ROUNDING;
    const around = [[0, -half], [0, half], [-half, 0], [half, 0]];
    if (around.every(([right, down]) => reaches(one, label, x + right, y + down))) continue;
    const marks = [...one.attributes].map(({name, value}) => `${name}=${value}`).join(" ").slice(0, 90);
    small.push(`${one.tagName} ${marks} "${one.textContent.trim().slice(0, 20)}" ${width}×${height}`);
  }
  scrollTo(0, before);
  return small;
}
"""


def test_every_control_of_the_phone_is_as_large_as_a_thumb(phone_browser: PhoneScreen) -> None:
    phone_browser.go("me")

    small = {
        screen: found
        for screen in walk_through(phone_browser)
        if (found := phone_browser.page.evaluate(SMALL))
    }

    assert small == {}


def test_the_sheet_for_a_door_that_is_missing_is_made_for_thumbs(phone_browser: PhoneScreen) -> None:
    phone_browser.tap("[data-round-add]")
    phone_browser.page.select_option("[data-new-door] [name=building]", "")

    assert phone_browser.page.evaluate(SMALL) == []
