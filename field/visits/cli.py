"""Commands for the register."""

from collections.abc import Callable
from uuid import UUID

import click
from flask.cli import AppGroup
from sqlalchemy import or_, select

from field.audit import service as audit
from field.core.db import db, transaction
from field.places.models import Dwelling
from field.places.queries import hold_doors
from field.visits import calls
from field.visits.rebuilding import Difference, rebuild

register = AppGroup("register", help="The register of homes.")
_SAID_ALOUD = frozenset(
    {"use", "rooms", "rooms_let", "floor_area_m2", "heating", "lease_filed", "letter_signed"}
)


@register.command("rebuild")
@click.option("--area", default="", help="Only doors whose area code begins so.")
@click.option("--repair", is_flag=True, help="Set the register to what the visits say.")
def rebuild_command(area: str, repair: bool) -> None:
    """Rebuild the register from the accepted visits, door by door, and report what differs."""

    def differing(dwelling: Dwelling) -> list[str]:
        return [_line(difference) for difference in rebuild(dwelling, repair=repair)]

    _door_by_door(area, repair, "rebuilt", differing)


@register.command("calls")
@click.option("--area", default="", help="Only doors whose area code begins so.")
@click.option("--repair", is_flag=True, help="Let doors show what their visits say.")
def calls_command(area: str, repair: bool) -> None:
    """Find the last call and the last opening of each door again among its visits, and report what differs."""

    def differing(dwelling: Dwelling) -> list[str]:
        found = calls.differing(dwelling)
        for name, (_shown, said) in found.items() if repair else ():
            setattr(dwelling, name, said)
        return [
            f"{name}: the door shows {shown}, the visits say {said}" for name, (shown, said) in found.items()
        ]

    _door_by_door(area, repair, "read", differing)


def _door_by_door(area: str, repair: bool, done: str, differing: Callable[[Dwelling], list[str]]) -> None:
    """Look at each door in a transaction of its own; ends with 1 when one differs and is left as it is."""
    doors = _doors(area)
    different = 0
    for number in doors:
        with transaction():
            dwelling = hold_doors([number])[number]
            found = differing(dwelling)
            for line in found:
                click.echo(f"{dwelling.id} {line}")
            if found and repair:
                audit.record("register.rebuilt", dwelling.district, ("dwelling", dwelling.id), None)
            different += bool(found)
    click.echo(f"{len(doors)} doors {done}, {different} differ" + (", repaired." if repair else "."))
    if different and not repair:
        raise SystemExit(1)


def _doors(area: str) -> list[UUID]:
    kept = select(Dwelling.merged_into).where(Dwelling.merged_into.is_not(None))
    statement = select(Dwelling.id).where(or_(Dwelling.visit_id.is_not(None), Dwelling.id.in_(kept)))
    if area:
        statement = statement.where(Dwelling.grid_code.startswith(area, autoescape=True))
    return list(db.session.scalars(statement.order_by(Dwelling.grid_code, Dwelling.id)))


def _line(difference: Difference) -> str:
    """Which fact of a door; facts about people are named and never told."""
    what = "door" if difference.kind == "door" else f"{difference.kind} {difference.subject}"
    told = ""
    if difference.field in _SAID_ALOUD and difference.kind == "door":
        told = f": the register holds {difference.held!r}, the visits say {difference.said!r}"
    return f"{what} {difference.field}{told}"
