"""Every page of every role at the desk, wide and narrow, with three weeks of work behind it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Playwright

from tests.journeys.album import Album
from tests.journeys.chromium import DESK, Chromium
from tests.journeys.desk import Desk
from tests.journeys.desk_pictures import NARROW
from tests.journeys.server import ROOT, Server, environment, free_port, let_everybody_speak, prepare

LOCALES = {"zh": "zh-CN", "en": "en-GB"}
# Where messages may be sent while the pictures are taken; nobody listens there.
_NOBODY = "http://127.0.0.1:9/hook"


def take_weeks(album: Album, playwright: Playwright, language: str, folder: Path) -> None:
    """Serve the demo with its past, and let one role after the other open its pages."""
    data = folder / "weeks"
    data.mkdir()
    prepare(data, past=True)
    let_everybody_speak(language, data)
    settings = {"FIELD_WEBHOOK_HOSTS": "127.0.0.1"}
    server = Server(data, free_port(), settings)
    server.start()
    facts = {**DESK, "locale": LOCALES[language]}
    desk = Desk(Chromium(playwright, folder / "weeks-profile", **facts).open(), server.address)
    try:
        for role, work in _ROLES.items():
            desk.browser.context.clear_cookies()
            desk.sign_in(role)
            pages = work(desk) if role != "office" else work(desk) | _messages(desk, data, settings)
            for name, path in pages.items():
                _keep(album, desk, f"{role}-{name}", path)
        desk.browser.context.clear_cookies()
        code = server.rows("SELECT code FROM hazard_notices ORDER BY issued_at DESC LIMIT 1")[0][0]
        for name, path in {
            "notice": f"/n/{code}",
            "notice-wrong": "/n/wrong",
            "mail-refused": "/mail/refused",
        }.items():
            _keep(album, desk, f"public-{name}", f"{path}?lang={language}")
    finally:
        desk.browser.close()
        server.kill()


def _keep(album: Album, desk: Desk, name: str, path: str) -> None:
    for width, window in (("wide", DESK["viewport"]), ("narrow", NARROW)):
        desk.page.set_viewport_size(window)
        desk.go(path)
        desk.page.wait_for_load_state("networkidle")
        album.keep(desk, f"{width}-{name}", whole=True)


def _lead(desk: Desk) -> dict[str, str]:
    _approve_a_building(desk)
    returned = _first(desk, "/reviews?state=returned", "#queue .queue-row a")
    corrected = _first(desk, "/reviews?corrections=1", "#queue .queue-row a")
    hazards = {
        f"hazard-{turn}": _first(desk, f"/hazards?turn={turn}", "#hazards tbody a")
        for turn in ("household", "look", "decide", "department")
    }
    waiting = _first(desk, "/hazards?status=awaiting_photo", "#hazards tbody a")
    return {
        "reviews": "/reviews",
        "reviews-none": "/reviews?search=nowhere",
        "visit-returned": returned,
        "visit-corrected": corrected,
        "versions": f"{corrected}/versions",
        "correction": f"{corrected}/correction",
        "clean": "/reviews/clean",
        "hazards": "/hazards",
        "hazards-none": "/hazards?search=nowhere",
        "board": "/hazards/board",
        "hazard-waiting": waiting,
        "merges": "/merges",
        "merges-decided": "/merges/decided",
        "proposals": "/proposals",
        "referrals": "/referrals",
        "coverage": "/coverage",
        "phones": "/phones",
        "set-aside": "/set-aside",
        "rescue": "/rescue",
        "plates": "/plates",
        "notifications": "/notifications",
        "not-found": "/visits/00000000-0000-0000-0000-000000000000",
    } | hazards


def _approve_a_building(desk: Desk) -> None:
    desk.go(_first(desk, "/reviews/clean", ".only-building a"))
    desk.page.locator(".decision button[type=submit]").click()
    desk.page.wait_for_url("**approved=**")


def _handler(desk: Desk) -> dict[str, str]:
    started = _first(desk, "/referrals?state=working", "#referrals tbody a")
    return {
        "referrals": "/referrals",
        "referral": _first(desk, "/referrals", "#referrals tbody a"),
        "referral-working": started,
        "hazards": "/hazards",
    }


def _office(_desk: Desk) -> dict[str, str]:
    return {
        "referrals": "/referrals",
        "routing": "/referrals/routing",
        "rules": "/hazards/rules",
        "hazards": "/hazards",
        "reasons": "/reviews/reasons",
        "coverage": "/coverage",
        "notifications": "/notifications",
    }


def _messages(desk: Desk, data: Path, settings: dict[str, str]) -> dict[str, str]:
    """A program that is told of hazards, and does not answer."""
    desk.page.set_viewport_size(DESK["viewport"])
    desk.go("/notifications/deliveries")
    desk.page.fill("#url", _NOBODY)
    desk.page.locator(".sheet-form button").click()
    desk.page.wait_for_selector("#secret")
    desk.go(_first(desk, "/hazards?state=overdue", "#hazards tbody a"))
    form = desk.page.locator("form[action$='/escalation']")
    desk.page.locator("details", has=form).locator("summary").click()
    form.locator("[name=reason]").fill("演示：请三天内整改到位")
    form.locator("button").click()
    desk.page.wait_for_load_state("networkidle")
    command = [sys.executable, "-m", "flask", "--app", "app", "notifications", "send"]
    subprocess.run(command, cwd=ROOT, env=environment(data) | settings, capture_output=True, check=True)
    desk.go("/notifications")
    desk.page.fill("#address", "demo@example.org")
    desk.page.locator("form[action='/notifications/mail'] button").click()
    return {"deliveries": "/notifications/deliveries", "notifications-asked": "/notifications"}


def _officer(_desk: Desk) -> dict[str, str]:
    return {"audit": "/audit"}


def _admin(desk: Desk) -> dict[str, str]:
    return {
        "accounts": "/accounts",
        "account": _first(desk, "/accounts", "#people tbody a"),
        "phones": "/phones",
        "messages": "/notifications/deliveries",
        "reasons": "/reviews/reasons",
    }


def _first(desk: Desk, path: str, found: str) -> str:
    """Where the first link of a list leads, without the filter that it carries."""
    desk.page.set_viewport_size(DESK["viewport"])
    desk.go(path)
    return (desk.page.locator(found).first.get_attribute("href") or "").partition("?")[0]


_ROLES: dict[str, Callable[[Desk], dict[str, str]]] = {
    "lead": _lead,
    "handler": _handler,
    "office": _office,
    "officer": _officer,
    "admin": _admin,
}
