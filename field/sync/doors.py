"""The rows of doors in the pack: their register facts, what is known of calls there, and when one is due again."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from field.accounts.scope import Actor
from field.core.clock import instant_text
from field.core.db import db
from field.hazards.intervals import Frequency, days_again
from field.hazards.models import Finding
from field.places.models import Dwelling, Proposal
from field.sync.cursor import Cursor
from field.sync.door_days import come_again, reminders
from field.sync.door_history import earlier_visits
from field.sync.rows import Row, compact

DOOR_KEYS = (
    "id",
    "unit",
    "floor",
    "door",
    "use",
    "rooms",
    "rooms_let",
    "floor_area_m2",
    "heating",
    "lease_filed",
    "letter_signed",
    "lessor_name",
    "headcount",
    "children",
    "address_anomaly",
    "plate",
    "revision",
)


def is_closed(door: Dwelling) -> bool:
    """Whether a phone has nothing to do with it any more."""
    return door.merged_into is not None or door.proposal == Proposal.DECLINED


def door_rows(actor: Actor, doors: Sequence[Dwelling], frequency: Frequency) -> list[Row]:
    """Doors with their register facts and last visit; the lessor's phone masked."""
    earlier, again = earlier_visits(actor, doors), days_again(doors, frequency)
    reminded, put_off = reminders(actor.scope.district, doors), come_again(actor.scope.district, doors)
    return [
        compact(
            _facts(door)
            | _calls(actor, door, put_off.get(door.visit_id))
            | _again(again.get(door.id))
            | {"earlier": earlier.get(door.id), "remind_on": reminded.get(door.id)}
        )
        for door in doors
    ]


def doors_behind(actor: Actor, hazards: Sequence[Finding], cursor: Cursor) -> Sequence[Dwelling]:
    """Doors that have not changed since the phone heard of them, while something has that is dangerous there: with it
    their day may have moved. A phone that holds nothing hears of every door in any case."""
    if cursor.since == 0 or not hazards:
        return ()
    asked = Dwelling.id.in_({finding.dwelling_id for finding in hazards})
    held = Dwelling.change_no <= cursor.since
    return db.session.scalars(select(Dwelling).where(actor.scope.where(Dwelling), asked, held)).all()


def _facts(door: Dwelling) -> Row:
    facts = {key: getattr(door, key) for key in DOOR_KEYS}
    facts |= {"building": door.building_id, "lessor_phone": door.lessor_phone_masked}
    return facts | ({"proposed": True} if door.proposal == Proposal.WAITING else {})


def _calls(actor: Actor, door: Dwelling, again_on: date | None) -> Row:
    facts: Row = {}
    if door.opened_at is not None and door.opened_at != door.visit_at:
        facts["opened"] = instant_text(door.opened_at)
    if door.settled_at is not None and door.settled_at != door.visit_at:
        facts["settled"] = {"outcome": door.settled_as, "at": instant_text(door.settled_at)}
    if door.visit_id is not None:
        facts["last"] = {
            "visit": door.visit_id,
            "outcome": door.visit_outcome,
            "at": instant_text(door.visit_at),
            "mine": door.visit_by == actor.id,
        } | ({"again_on": again_on} if again_on else {})
    return facts


def _again(day: date | None) -> Row:
    return {} if day is None else {"again": day}
