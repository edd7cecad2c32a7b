"""Every route with who may use it: declared here once more, apart from the code, so that a slip in either shows.

A new route needs a line. Choose how it is guarded:
- `public(path)`: everybody gets `status`; signed-in people may get another.
- `permitted(path, "lead", …)`: those roles get `status` within their area and 404 outside it, other
  roles 403 whether the thing exists or not, and nobody signed in 401.
- `by_phone(path)`: the device's credential decides; a session alone never does.

`path` is a text, or a function of (world, place) for routes about one thing: it makes that thing at
the place and answers its address. Extend world.py with what a new room needs.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from tests import factories
from tests.architecture.world import Place, World
from tests.phone import TUS

Path = str | Callable[[World, Place], str]
Facts = Mapping[str, Any] | Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Rule:
    """What is asked (`path`, `sends` are arguments of the request) and what is expected."""

    path: Path
    status: int = 200
    guard: str = "public"
    roles: frozenset[str] = frozenset()
    signed_in_status: int | None = None
    needs_phone: bool = False
    sends: Facts = field(default_factory=dict)


def public(path: Path, status: int = 200, signed_in: int | None = None, sends: Facts | None = None) -> Rule:
    """Open to everybody; `signed_in` is the status for people with a session where it differs."""
    return Rule(path, status, signed_in_status=signed_in, sends=sends or {})


def permitted(path: Path, *roles: str, status: int = 200, needs_phone: bool = False, **sends: Any) -> Rule:
    """For some roles, within their area."""
    return Rule(path, status, "permission", frozenset(roles), needs_phone=needs_phone, sends=sends)


def by_phone(path: Path, status: int = 200, sends: Facts | None = None) -> Rule:
    """For enrolled phones, whoever is signed in on them; things of another district are not found."""
    return Rule(path, status, "device", sends=sends or {})


ALL = ("worker", "lead", "handler", "office", "officer", "admin")


def _photo(size: str) -> Callable[[World, Place], str]:
    return lambda world, place: f"/photos/{world.photo(place)}/{size}"


def _visit(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/visits/{world.visit(place).id}{rest}"


def _number(kind: str) -> Callable[[World, Place], str]:
    return lambda world, place: f"/{kind}/{world.number(place)[kind]}/disclosure"


def _reason(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/reviews/reasons/{world.reason(place)}{rest}"


def _hazard(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/hazards/{world.hazard(place)}{rest}"


def _referral(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/referrals/{world.hazard(place)}{rest}"


def _webhook(world: World, place: Place) -> str:
    return f"/notifications/webhooks/{world.webhook(place)}/removal"


def _delivery(world: World, place: Place) -> str:
    return f"/notifications/deliveries/{world.failed_delivery(place)}/attempt"


def _notice(world: World, place: Place) -> str:
    return f"/hazards/notices/{world.notice(place)}/copies"


def _account(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/accounts/{world.account(place).id}{rest}"


def _device(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/phones/{world.phone(place).device}{rest}"


def _set_aside(rest: str) -> Callable[[World, Place], str]:
    return lambda world, place: f"/set-aside/{world.set_aside(place)}{rest}"


def _pair(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: "/merges/people/{}/{}".format(*world.pair(place)) + rest


def _previewed(world: World, place: Place) -> str:
    world.photo(place)
    return f"/sync/findings/{world.hazard(place)}/photo"


def _done(path: str, thing: str, status: int = 303, **data: str) -> Rule:
    """What a lead or the office does with a thing of the world."""
    of = lambda world, place: path.format(getattr(world, thing)(place))  # noqa: E731
    return permitted(of, "lead", "office", status=status, data=data)


def _hazards_photo(world: World, place: Place) -> str:
    return f"/hazards/{world.hazard(place)}/photos/{world.photo(place)}/thumb"


def _piece(world: World) -> dict[str, Any]:
    del world
    headers = TUS | {"Upload-Offset": "0", "Upload-Checksum": "sha256 AAAA"}
    return {"data": b"piece", "content_type": "application/offset+octet-stream", "headers": headers}


def _announcement(world: World) -> dict[str, Any]:
    del world
    return {"headers": TUS | {"Upload-Length": "10"}}


def _a_strangers_form(world: World) -> dict[str, Any]:
    del world
    return {"data": {"username": f"nobody-{uuid4()}", "password": "wrong"}}  # a new name: no pause in between


# By method and endpoint.
ROUTES: Mapping[tuple[str, str], Rule] = {
    # core and pwa: shells and assets without personal data
    ("GET", "static"): public("/static/css/tokens.css"),
    ("GET", "health.show"): public("/healthz"),
    ("GET", "pwa.shell"): public("/phone/"),
    ("GET", "pwa.worker"): public("/sw.js"),
    ("GET", "pwa.bundle"): public("/phone/app.js"),
    ("GET", "pwa.precache"): public("/phone/precache.js"),
    ("GET", "pwa.shrinker"): public("/phone/shrink-worker.js"),
    ("GET", "pwa.manifest"): public("/manifest.webmanifest"),
    ("GET", "api-docs.openapi_json"): public("/openapi.json"),
    # accounts
    ("GET", "accounts.home"): permitted("/", *ALL, status=302),
    ("GET", "accounts.sign_in"): public("/sign-in", signed_in=302),
    ("POST", "accounts.create"): public("/sign-in", 401, sends=_a_strangers_form),
    ("POST", "accounts.delete"): public("/sign-out", 303),
    ("POST", "accounts.choose_language"): public("/language", 303, sends={"data": {"language": "en"}}),
    ("GET", "accounts.csrf"): public("/csrf"),
    # administration
    ("GET", "members.index"): permitted("/accounts", "admin"),
    ("GET", "members.rows"): permitted("/accounts/rows", "admin"),
    ("POST", "members.create"): permitted("/accounts", "admin", status=422),
    ("GET", "members.show"): permitted(_account(), "admin"),
    ("POST", "members.assign"): permitted(_account("/areas"), "admin", status=422),
    ("POST", "members.suspend"): permitted(_account("/suspension"), "admin", status=303),
    ("POST", "members.readmit"): permitted(_account("/readmission"), "admin", status=303),
    ("POST", "members.reset_password"): permitted(_account("/password"), "admin"),
    ("GET", "phones.index"): permitted("/phones", "lead", "admin"),
    ("GET", "phones.show"): permitted(_device(), "admin"),
    ("POST", "phones.revoke"): permitted(_device("/revocation"), "admin", status=303),
    ("GET", "audit.index"): permitted("/audit", "officer"),
    ("GET", "audit.entries"): permitted("/audit/entries", "officer"),
    ("POST", "audit.verify"): permitted("/audit/verification", "officer"),
    # photos
    # reviews
    ("GET", "reviews.index"): permitted("/reviews", "lead", "office"),
    ("GET", "clean_reviews.index"): permitted("/reviews/clean", "lead"),
    ("POST", "clean_reviews.approve"): permitted("/reviews/clean/approval", "lead", status=303),
    ("POST", "clean_reviews.take_back"): permitted(
        f"/reviews/clean/approval/{uuid4()}/reversal", "lead", status=303
    ),
    ("GET", "reviews.rows"): permitted("/reviews/rows", "lead", "office"),
    ("GET", "visits.show"): permitted(_visit(), "lead", "office"),
    ("GET", "visits.card"): permitted(_visit("/card"), "lead", "office"),
    ("POST", "decisions.approve"): permitted(_visit("/approval"), "lead", status=303, data={"revision": "1"}),
    ("POST", "decisions.send_back"): permitted(
        _visit("/return"), "lead", status=303, data={"revision": "1", "reason": "Look again."}
    ),
    ("GET", "visits.versions"): permitted(_visit("/versions"), "lead", "office"),
    ("GET", "disclosures.person"): permitted(_number("occupancies"), "lead"),
    ("POST", "disclosures.show_person"): permitted(
        _number("occupancies"), "lead", data={"fact": "phone", "reason": "Asked to call back."}
    ),
    ("GET", "disclosures.landlord"): permitted(_number("dwellings"), "lead"),
    ("POST", "disclosures.show_landlord"): permitted(
        _number("dwellings"), "lead", status=422, data={"reason": ""}
    ),
    ("GET", "decisions.edit"): permitted(_visit("/correction"), "lead"),
    ("POST", "decisions.correct"): permitted(
        _visit("/correction"), "lead", status=422, data={"revision": "1", "reason": ""}
    ),
    ("GET", "reasons.index"): permitted("/reviews/reasons", "office", "admin"),
    ("POST", "reasons.create"): permitted("/reviews/reasons", "office", "admin", status=422),
    ("POST", "reasons.change"): permitted(_reason(), "office", "admin", status=422),
    ("POST", "reasons.remove"): permitted(_reason("/removal"), "office", "admin", status=303),
    # hazards
    ("GET", "hazards.index"): permitted("/hazards", "lead", "office", "handler"),
    ("GET", "hazards.rows"): permitted("/hazards/rows", "lead", "office", "handler"),
    ("GET", "hazards.board"): permitted("/hazards/board", "lead", "office", "handler"),
    ("GET", "hazards.columns"): permitted("/hazards/board/columns", "lead", "office", "handler"),
    ("GET", "hazards.show"): permitted(_hazard(), "lead", "office", "handler"),
    ("GET", "hazards.card"): permitted(_hazard("/card"), "lead", "office", "handler"),
    ("POST", "hazard_steps.follow"): permitted(
        _hazard("/recheck"), "lead", status=422, data={"version": "2"}
    ),
    ("POST", "hazard_steps.press"): permitted(
        _hazard("/deadline"), "lead", "office", status=422, data={"version": "2"}
    ),
    ("POST", "hazard_steps.together"): permitted("/hazards/assignments", "lead", status=303),
    ("POST", "hazard_notices.create"): permitted(_notice, "lead", "office", status=303),
    ("GET", "hazard_notices.show"): permitted(
        lambda world, place: f"/hazards/notices/{world.printed_notice(place)}/copies/1", "lead", "office"
    ),
    ("GET", "hazard_rules.index"): permitted("/hazards/rules", "office"),
    ("POST", "hazard_rules.rule"): permitted("/hazards/rules/items/none", "office", status=404),
    ("POST", "hazard_rules.calendar"): permitted("/hazards/rules/calendar", "office", status=422),
    ("POST", "hazard_rules.contact"): permitted(
        "/hazards/rules/contacts",
        "office",
        status=404,
        data={"area_code": "none", "name": "", "telephone": ""},
    ),
    # referrals
    ("GET", "referrals.index"): permitted("/referrals", "lead", "office", "handler"),
    ("GET", "referrals.rows"): permitted("/referrals/rows", "lead", "office", "handler"),
    ("GET", "referrals.show"): permitted(_referral(), "handler"),
    ("GET", "referrals.card"): permitted(_referral("/card"), "handler"),
    ("POST", "referrals.take"): permitted(
        _referral("/acceptance"), "handler", status=303, data={"version": "2"}
    ),
    ("GET", "routing.index"): permitted("/referrals/routing", "office"),
    ("POST", "routing.set_route"): permitted("/referrals/routing", "office", status=422),
    ("POST", "routing.drop_route"): permitted("/referrals/routing/removal", "office", status=404),
    ("POST", "routing.set_term"): permitted("/referrals/routing/terms", "office", status=422),
    # notifications
    ("GET", "notifications.show"): permitted("/notifications", "lead", "office", "handler"),
    ("POST", "notifications.ask"): permitted("/notifications/mail", "lead", "office", "handler", status=422),
    ("POST", "notifications.end"): permitted(
        "/notifications/mail/end", "lead", "office", "handler", status=303
    ),
    ("GET", "deliveries.index"): permitted("/notifications/deliveries", "office", "admin"),
    ("POST", "deliveries.add"): permitted("/notifications/webhooks", "office", "admin", status=422),
    ("POST", "deliveries.remove"): permitted(_webhook, "office", "admin", status=303),
    ("POST", "deliveries.send_again"): permitted(_delivery, "office", "admin", status=303),
    ("GET", "notice_pages.show"): public("/n/none", 404),
    ("POST", "notice_pages.report"): public("/n/none/1/report", 404),
    ("GET", "hazards.photo"): permitted(_hazards_photo, "lead", "office", "handler"),
    ("GET", "photos.show"): permitted(_photo("thumb"), "lead", "office"),
    ("OPTIONS", "uploads.options"): public("/sync/photos", 204),
    ("POST", "uploads.create"): by_phone("/sync/photos", 422, _announcement),
    ("HEAD", "uploads.status"): by_phone(lambda world, place: world.upload(place), 200, {"headers": TUS}),
    ("PATCH", "uploads.append"): by_phone(lambda world, place: world.upload(place), 460, _piece),
    # sync
    # places
    ("GET", "plates.index"): permitted("/plates", "lead", "office"),
    ("GET", "plates.show"): _done("/plates/{}", "building", 200),
    ("POST", "plates.update"): _done("/plates/{}", "building"),
    ("GET", "plates.sheet"): _done("/plates/{}/sheet", "building", 200),
    # merges
    ("GET", "merges.index"): permitted("/merges", "lead", "office"),
    ("GET", "merges.decided"): permitted("/merges/decided", "lead", "office"),
    ("GET", "merges.show"): permitted(_pair(), "lead", "office"),
    ("POST", "merges.join"): permitted(_pair("/joining"), "lead", "office", status=303),
    ("POST", "merges.refuse"): permitted(_pair("/refusal"), "lead", "office", status=303),
    ("POST", "merges.separate"): _done("/merges/decisions/{}/reversal", "merge_decision"),
    ("POST", "merges.choose"): _done("/merges/clashes/{}/choice", "clash", answer="standing"),
    ("POST", "merges.reopen"): _done("/merges/clashes/{}/reversal", "clash"),
    ("GET", "proposals.index"): permitted("/proposals", "lead", "office"),
    ("POST", "proposals.confirm"): _done("/proposals/{}/confirmation", "proposal"),
    ("POST", "proposals.decline"): _done("/proposals/{}/refusal", "proposal", reason="x"),
    ("POST", "proposals.reconsider"): _done("/proposals/{}/reversal", "proposal"),
    # coverage
    ("GET", "coverage.show"): permitted(
        lambda _world, place: f"/coverage?area={factories.a_grid(place.value).code}", "lead", "office"
    ),
    ("GET", "documents.show"): public("/docs/api"),
    ("GET", "set_aside.index"): permitted("/set-aside", "lead", "admin"),
    ("POST", "set_aside.judge_again"): permitted(_set_aside("/judgement"), "lead", "admin", status=303),
    ("POST", "set_aside.close"): permitted(
        _set_aside("/closure"), "lead", "admin", status=303, data={"reason": "Told by phone."}
    ),
    ("GET", "rescue.show"): permitted("/rescue", "lead", "admin"),
    ("POST", "rescue.create"): permitted("/rescue", "lead", "admin", status=422),
    ("GET", "sync.probe"): public("/sync/probe"),
    ("POST", "sync.enrol"): permitted("/sync/enrolment", "worker", "lead", json={"build": "1"}),
    ("POST", "sync.take_batch"): by_phone("/sync/batches", 422, {"json": {}}),
    ("GET", "sync.pack"): permitted("/sync/pack", "worker", "lead", needs_phone=True),
    ("GET", "sync.preview"): permitted(_previewed, "worker", "lead", needs_phone=True),
    ("POST", "sync.reconcile_phone"): by_phone("/sync/reconciliation", 200, {"json": {}}),
}
