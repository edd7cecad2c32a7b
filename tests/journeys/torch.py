"""A phone whose page may switch the light beside its camera; Chromium's camera for tests has none."""

from playwright.sync_api import Page

_GIVE = """
({late, refuses}) => {
  const kind = MediaStreamTrack.prototype;
  const {getCapabilities, applyConstraints} = kind;
  const asked = new WeakSet();
  window.lit = false;
  kind.getCapabilities = function () {
    const rest = getCapabilities.call(this);
    const known = !late || asked.has(this);
    asked.add(this);
    return known ? {...rest, torch: true} : rest;
  };
  kind.applyConstraints = async function (wanted) {
    const torch = wanted?.advanced?.[0]?.torch;
    if (torch === undefined) return applyConstraints.call(this, wanted);
    if (refuses) throw new DOMException("", "OperationError");
    if (this.readyState === "live") window.lit = torch;
  };
}
"""


def give_torch(page: Page, *, late: bool = False, refuses: bool = False) -> None:
    """From now on each camera of the page says that it has a light; `late`, only when it is asked again."""
    page.evaluate(_GIVE, {"late": late, "refuses": refuses})


def is_lit(page: Page) -> bool:
    """Whether the light is on."""
    return bool(page.evaluate("window.lit"))
