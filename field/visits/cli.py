"""Commands for the register."""

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
    doors = _doors(area)
    different = 0
    for number in doors:
        with transaction():
            dwelling = db.session.get_one(Dwelling, number, with_for_update=True, populate_existing=True)
            found = rebuild(dwelling, repair=repair)
            for difference in found:
                click.echo(_line(dwelling, difference))
            if found and repair:
                audit.record("register.rebuilt", dwelling.district, ("dwelling", dwelling.id), None)
            different += bool(found)
    click.echo(f"{len(doors)} doors rebuilt, {different} differ" + (", repaired." if repair else "."))
    if different and not repair:
        raise SystemExit(1)


@register.command("calls")
@click.option("--area", default="", help="Only doors whose area code begins so.")
@click.option("--repair", is_flag=True, help="Let doors show what their visits say.")
def calls_command(area: str, repair: bool) -> None:
    """Find the last call and the last opening of each door again among its visits, and report what differs."""
    doors = _doors(area)
    different = 0
    for number in doors:
        with transaction():
            dwelling = hold_doors([number])[number]
            found = calls.differing(dwelling)
            for name, (shown, said) in found.items():
                click.echo(f"{dwelling.id} {name}: the door shows {shown}, the visits say {said}")
                if repair:
                    setattr(dwelling, name, said)
            if found and repair:
                audit.record("register.rebuilt", dwelling.district, ("dwelling", dwelling.id), None)
            different += bool(found)
    click.echo(f"{len(doors)} doors read, {different} differ" + (", repaired." if repair else "."))
    if different and not repair:
        raise SystemExit(1)


def _doors(area: str) -> list[UUID]:
    kept = select(Dwelling.merged_into).where(Dwelling.merged_into.is_not(None))
    statement = select(Dwelling.id).where(or_(Dwelling.visit_id.is_not(None), Dwelling.id.in_(kept)))
    if area:
        statement = statement.where(Dwelling.grid_code.startswith(area, autoescape=True))
    return list(db.session.scalars(statement.order_by(Dwelling.grid_code, Dwelling.id)))


def _line(dwelling: Dwelling, difference: Difference) -> str:
    """Which fact of which door; facts about people are named and never told."""
    what = "door" if difference.kind == "door" else f"{difference.kind} {difference.subject}"
    told = ""
    if difference.field in _SAID_ALOUD and difference.kind == "door":
        told = f": the register holds {difference.held!r}, the visits say {difference.said!r}"
    return f"{dwelling.id} {what} {difference.field}{told}"
