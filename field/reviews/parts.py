"""The parts of a revision that a lead can point at; the phone finds the same parts by the same names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from field.core.errors import Problem
from field.reviews.reading import FIELDS, Said

ABOUT_LENGTH = 120


@dataclass(frozen=True)
class Part:
    """`key` is the way to it in the body: `note`, `dwelling_changes.rooms`, `findings.<id>`."""

    key: str
    label: Any


def parts_of(said: Said, body: Mapping[str, Any]) -> list[Part]:
    """What a lead may point at in a revision, in the order of its page."""
    return [
        Part("outcome", _("Outcome")),
        *_listed("findings", body, [part.name for part in said.findings]),
        *_photos(body),
        *(
            Part(f"dwelling_changes.{name}", FIELDS[name])
            for name in body.get("dwelling_changes", {})
            if name in FIELDS
        ),
        *_listed("occupants", body, [part.name for part in said.people], "occupancy"),
        *_listed("workplaces", body, [part.name for part in said.workplaces], "workplace"),
        *_listed("rechecks", body, [part.name for part in said.rechecks], "finding"),
        *([Part("hazard_notice", _("Hazard notice"))] if said.paper else []),
        *_listed("requests", body, [part.kind for part in said.requests]),
        *([Part("note", _("Note"))] if body.get("note") else []),
    ]


def _listed(kind: str, body: Mapping[str, Any], names: Sequence[str], key: str = "id") -> Iterable[Part]:
    return (Part(f"{kind}.{row[key]}", name) for row, name in zip(body.get(kind, []), names, strict=True))


def _photos(body: Mapping[str, Any]) -> Iterable[Part]:
    rows = body.get("photos", [])
    return (
        Part(f"photos.{row['id']}", _("Photo %(n)s", n=place) if len(rows) > 1 else _("Photo"))
        for place, row in enumerate(rows, 1)
    )


def labelled(pointed: Sequence[Mapping[str, str]], possible: Iterable[Part]) -> list[tuple[Any, str]]:
    """What a return pointed at, in words, with what it says of each part."""
    labels = {part.key: part.label for part in possible}
    return [(labels.get(one["part"], one["part"]), one.get("reason", "")) for one in pointed]


def pointed_at(
    possible: Iterable[Part], keys: Iterable[str], about: Mapping[str, str]
) -> list[dict[str, str]]:
    """Those parts with what is wrong with each; raises Problem `bad-request` for a part that is not there."""
    known = {part.key for part in possible}
    chosen = list(dict.fromkeys(keys))
    if set(chosen) - known:
        raise Problem("bad-request")
    return [
        {"part": key} | ({"reason": text} if (text := about.get(key, "").strip()[:ABOUT_LENGTH]) else {})
        for key in chosen
    ]
