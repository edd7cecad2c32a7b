"""What a line of routes_table.py is made of: how a route is guarded, and the addresses of things at a place."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

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


def photo(size: str) -> Callable[[World, Place], str]:
    return lambda world, place: f"/photos/{world.photo(place)}/{size}"


def visit(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/visits/{world.visit(place).id}{rest}"


def number(kind: str) -> Callable[[World, Place], str]:
    return lambda world, place: f"/{kind}/{world.number(place)[kind]}/disclosure"


def reason(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/reviews/reasons/{world.reason(place)}{rest}"


def hazard(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/hazards/{world.hazard(place)}{rest}"


def referral(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/referrals/{world.hazard(place)}{rest}"


def webhook(world: World, place: Place) -> str:
    return f"/notifications/webhooks/{world.webhook(place)}/removal"


def delivery(world: World, place: Place) -> str:
    return f"/notifications/deliveries/{world.failed_delivery(place)}/attempt"


def notice(world: World, place: Place) -> str:
    return f"/hazards/notices/{world.notice(place)}/copies"


def account(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/accounts/{world.account(place).id}{rest}"


def device(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/phones/{world.phone(place).device}{rest}"


def set_aside(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/set-aside/{world.set_aside(place)}{rest}"


def conflict(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/set-aside/conflicts/{world.conflict(place)}{rest}"


def aside_photo(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: f"/set-aside/photos/{world.aside_photo(place)}{rest}"


def pair(rest: str = "") -> Callable[[World, Place], str]:
    return lambda world, place: "/merges/people/{}/{}".format(*world.pair(place)) + rest


def previewed(world: World, place: Place) -> str:
    world.photo(place)
    return f"/sync/findings/{world.hazard(place)}/photo"


def done(path: str, thing: str, status: int = 303, **data: str) -> Rule:
    """What a lead or the office does with a thing of the world."""
    of = lambda world, place: path.format(getattr(world, thing)(place))  # noqa: E731
    return permitted(of, "lead", "office", status=status, data=data)


def hazards_photo(world: World, place: Place) -> str:
    return f"/hazards/{world.hazard(place)}/photos/{world.photo(place)}/thumb"


def piece(world: World) -> dict[str, Any]:
    del world
    headers = TUS | {"Upload-Offset": "0", "Upload-Checksum": "sha256 AAAA"}
    return {"data": b"piece", "content_type": "application/offset+octet-stream", "headers": headers}


def announcement(world: World) -> dict[str, Any]:
    del world
    return {"headers": TUS | {"Upload-Length": "10"}}


def a_strangers_form(world: World) -> dict[str, Any]:
    del world
    return {"data": {"username": f"nobody-{uuid4()}", "password": "wrong"}}  # a new name: no pause in between
