"""Where people work in the demo village: small venues, a factory and a site, some with beds behind the same door."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select

from field.core.db import db
from field.demo import numbers
from field.places import service as places
from field.places.models import Building, Dwelling


class Venue(NamedTuple):
    """A venue at a plate; a `door` that is not there yet is made on the ground floor."""

    plate: str
    door: str
    kind: str
    name: str
    headcount: int
    beds: int = 0


VENUES = (
    Venue("人民路 18号", "铺1", "eatery", "演示·小面馆", 3, beds=2),
    Venue("人民路 18号", "铺2", "shop", "演示·便民店", 2),
    Venue("人民路一巷 7号", "101", "workshop", "演示·缝纫作坊", 4, beds=3),
    Venue("人民路一巷 9号", "101", "lodging", "演示·小旅馆", 2),
    Venue("人民路二巷 8号", "铺1", "bath_beauty", "演示·理发店", 2),
    Venue("人民路三巷 1号", "101", "factory", "演示·包装厂", 18, beds=12),
    Venue("人民路三巷 3号", "工地", "site", "演示·改造工地", 26, beds=20),
)


def open_venues(contacts: Iterator[str], mobiles: Iterator[str]) -> int:
    """Put every venue behind its door; says how many doors were made for them."""
    made = 0
    for order, venue in enumerate(VENUES, 1):
        dwelling = _door(venue)
        if dwelling is None:
            building = db.session.scalars(select(Building).where(Building.address == venue.plate)).one()
            dwelling = places.add_dwelling(building, 1, venue.door, use="other")
            made += 1
        places.add_workplace(
            dwelling,
            venue.kind,
            venue.name,
            credit_code=numbers.credit_code(order),
            contact_name=next(contacts),
            contact_phone=next(mobiles),
            headcount=venue.headcount,
            dormitory_headcount=venue.beds,
        )
    return made


def _door(venue: Venue) -> Dwelling | None:
    statement = (
        select(Dwelling)
        .join(Dwelling.building)
        .where(Building.address == venue.plate, Dwelling.door == venue.door)
    )
    return db.session.scalars(statement).first()
