"""The parts of a visit that a lead can point at; the phone finds the same parts by the same names.

Also what a revision says nothing of can be wrong: somebody who was not asked about, a hazard that was not looked at.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from field.checklists.queries import Words
from field.core.db import db
from field.core.errors import Problem
from field.hazards.machine import CHECKABLE
from field.hazards.models import Finding
from field.people.models import Occupancy
from field.places.models import Workplace
from field.reviews.reading import FIELDS, Said
from field.visits.models import Visit
from field.visits.schemas import DwellingChanges

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


def unsaid(visit: Visit, said: Collection[str], words: Words) -> list[Part]:
    """What a lead may point at beside the parts that a revision has (`said`): whole sections, and what is known of
    the door. A key without an id is the section, which the phone marks at its head."""
    parts = [
        Part("findings", _("Checklist")),
        Part("photos", _("Photos")),
        Part("hazard_notice", _("Hazard notice")),
        *(Part(f"dwelling_changes.{name}", FIELDS[name]) for name in DwellingChanges().fields),
        Part("occupants", _("Who lives here")),
        *(Part(f"occupants.{row.id}", row.person.name) for row in _residents(visit)),
        Part("workplaces", _("Places of work")),
        *(Part(f"workplaces.{row.id}", row.name) for row in _places_of_work(visit)),
        *(
            Part(
                f"rechecks.{row.id}",
                _("Looked at again: %(what)s", what=words.pick(row.name_zh, row.name_en)),
            )
            for row in _to_look_at(visit)
        ),
        Part("requests", _("Asks for help with")),
        Part("note", _("Note")),
    ]
    return [part for part in parts if part.key not in said]


def _residents(visit: Visit) -> Sequence[Occupancy]:
    statement = select(Occupancy).options(joinedload(Occupancy.person)).order_by(Occupancy.id)
    here = (Occupancy.district == visit.district, Occupancy.dwelling_id == visit.dwelling_id)
    return db.session.scalars(statement.where(*here, Occupancy.ended.is_(False))).all()


def _places_of_work(visit: Visit) -> Sequence[Workplace]:
    here = (Workplace.district == visit.district, Workplace.dwelling_id == visit.dwelling_id)
    return db.session.scalars(
        select(Workplace).where(*here, Workplace.ended.is_(False)).order_by(Workplace.id)
    ).all()


def _to_look_at(visit: Visit) -> Sequence[Finding]:
    """Hazards of other visits that a worker may look at again."""
    here = (Finding.district == visit.district, Finding.dwelling_id == visit.dwelling_id)
    others = (Finding.visit_id != visit.id, Finding.withdrawn.is_(False), Finding.status.in_(CHECKABLE))
    return db.session.scalars(select(Finding).where(*here, *others).order_by(Finding.id)).all()


def labelled(pointed: Sequence[Mapping[str, str]], possible: Iterable[Part]) -> list[tuple[Any, str]]:
    """What a return pointed at, in words, with what it says of each part."""
    labels = {part.key: part.label for part in possible}
    return [(labels.get(one["part"]) or _gone(one["part"]), one.get("reason", "")) for one in pointed]


def _gone(key: str) -> str:
    """What is not there any more, by its kind."""
    words: dict[str, str] = {
        "occupants": _("Somebody who is no longer listed"),
        "workplaces": _("A place of work that is not listed here"),
        "rechecks": _("A hazard that is not listed here"),
    }
    return words.get(key.partition(".")[0], key)


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
