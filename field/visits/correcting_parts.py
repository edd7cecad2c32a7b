"""The parts of a body as a lead's correction says them: what was changed of each, by id, put over what was said."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

Said = Sequence[Mapping[str, Any]]
Changes = Mapping[str, Mapping[str, Any]]
# What goes with a kind of request: answers to another guide say nothing.
_OF_THE_KIND = ("eligibility", "papers")


def people(said: Said, changes: Changes) -> list[dict[str, Any]]:
    """Occupants: `where` is here, gone, or mistake for somebody whom the visit added."""
    parts = {part["occupancy"]: dict(part) for part in said}
    for key, facts in changes.items():
        where = facts.get("where")
        plain = _without(facts, "where", "moved_out_on")
        part = parts.setdefault(key, {"action": "change", "occupancy": key}) | plain
        if where == "mistake":
            del parts[key]
            continue
        if where == "gone" or (part["action"] == "moved_out" and where is None):
            day = {name: value for name in ("moved_out_on",) if (value := facts.get(name, part.get(name)))}
            part = {"action": "moved_out", "occupancy": key} | day
        elif where == "here":
            part = {name: value for name, value in part.items() if name != "moved_out_on"}
            part["action"] = "change"
        parts[key] = part
    return list(parts.values())


def findings(said: Said, changes: Changes) -> list[dict[str, Any]]:
    """Hazards; the `action` of one that was none is none."""
    parts = [dict(part) | dict(changes.get(part["id"], {})) for part in said]
    return [part for part in parts if part["action"] != "none"]


def workplaces(said: Said, changes: Changes) -> list[dict[str, Any]]:
    """Places of work; `where` as for people."""
    parts = {part["workplace"]: dict(part) for part in said}
    for key, facts in changes.items():
        where = facts.get("where")
        part = parts.setdefault(key, {"action": "change", "workplace": key}) | _without(facts, "where")
        if where is not None and part["action"] != "add":
            part["action"] = "closed" if where == "gone" else "change"
        parts[key] = part
        if where == "mistake":
            del parts[key]
    return list(parts.values())


def rechecks(said: Said, changes: Changes) -> list[dict[str, Any]]:
    """Hazards of earlier visits: whether each is put right, and the note."""
    return [dict(part) | dict(changes.get(part["finding"], {})) for part in said]


def requests(said: Said, changes: Changes) -> list[dict[str, Any]]:
    """What they ask for: another kind has another guide; `where` is mistake for what nobody asked for."""
    return [_request(part, changes.get(part["id"], {})) for part in said if not _is_mistake(part, changes)]


def _is_mistake(part: Mapping[str, Any], changes: Changes) -> bool:
    return changes.get(part["id"], {}).get("where") == "mistake"


def _request(part: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    kept = _without(part, *_OF_THE_KIND) if "kind" in facts else dict(part)
    return kept | _without(facts, "where")


def _without(part: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name not in names}


def typed(changes: Mapping[str, Any]) -> Iterable[tuple[str | None, str]]:
    """Each fact of the register that a correction says otherwise: whose (None: the dwelling's), and which.

    Where somebody or something is stands in the register as whether they have left.
    """
    yield from ((None, name) for name in changes.get("dwelling_changes", {}))
    for kind in ("occupants", "workplaces"):
        for key, facts in changes.get(kind, {}).items():
            yield from ((key, "ended" if name == "where" else name) for name in facts)
