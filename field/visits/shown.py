"""A body as it may leave the server, for the phone of the worker who corrects it; and what lists show of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from field.core.masking import masked


def hazards_seen(body: Mapping[str, Any]) -> int:
    """How many hazards there were: those that were found, and those of earlier visits that are still there."""
    still_there = [part for part in body.get("rechecks", []) if not part["passed"]]
    return len(body.get("findings", [])) + len(still_there)


def gone_through(body: Mapping[str, Any]) -> bool:
    """Whether somebody was let in and looked: all was found as it was, or the whole list was gone through."""
    looked = body.get("unchanged") or body.get("checklist", {}).get("checked")
    return body["outcome"] == "done" and bool(body.get("consent") and looked)


def put_off_to(body: Mapping[str, Any]) -> date | None:
    """When to come again, as far as the visit was put off at all."""
    day = body.get("come_again_on") if body["outcome"] == "rescheduled" else None
    return date.fromisoformat(day) if isinstance(day, str) else day


def without_numbers(body: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers masked under other names, so they cannot be sent back as data; phones of businesses and lessors left out.

    What a correction leaves out stays as it was sent.
    """
    shown = dict(body)
    if body.get("occupants"):
        shown["occupants"] = [_occupant(part) for part in body["occupants"]]
    if body.get("workplaces"):
        shown["workplaces"] = [_without(part, "contact_phone") for part in body["workplaces"]]
    if body.get("dwelling_changes"):
        shown["dwelling_changes"] = _without(body["dwelling_changes"], "lessor_phone")
    return shown


def _occupant(part: Mapping[str, Any]) -> dict[str, Any]:
    masks = {"document": masked(part.get("document_number")), "phone_masked": masked(part.get("phone"))}
    plain = _without(part, "document_number", "phone")
    return {name: value for name, value in (plain | masks).items() if value is not None}


def _without(part: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in names}
