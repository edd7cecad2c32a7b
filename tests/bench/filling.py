"""Making much: one row is made as the program makes it, and copied inside the database with what must differ."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from field.accounts import queries as accounts
from field.core import tallies
from field.core.changes import next_change
from field.core.clock import instant_text, utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.core.tallies import insert_all
from field.demo.cast import COMMUNITY, DISTRICT
from field.hazards.models import Finding, FindingStatus
from field.people.models import Occupancy, Person
from field.places.models import Area, Building, Dwelling, Level
from field.visits.models import Visit, VisitRevision

YEAR = 365 * 86_400
# Of so many visits one waits and one is being corrected; one door in so many has an open hazard.
WAITS, RETURNED, HAZARD = 25, 300, 12
# Grids of nobody, in which the rest of a large district lies.
FAR, GRIDS = "620402999999", 900
# The same in the words of both databases: an id, a moment so many seconds after a start, an order without order.
WORDS = {
    "sqlite": {
        "id": "lower(hex(randomblob(16)))",
        "at": "strftime('%Y-%m-%d %H:%M:%f000', '{start}', '+' || (n * {step}) || ' seconds')",
        "day": "date('{start}', '+' || (n % 400) || ' days')",
        "order": "grid_code NOT LIKE '{near}-%', substr(id, 20)",
    },
    "postgresql": {
        "id": "gen_random_uuid()",
        "at": "CAST('{start}' AS timestamptz) + n * {step} * interval '1 second'",
        "day": "CAST('{start}' AS date) + CAST(n % 400 AS integer)",
        "order": "grid_code NOT LIKE '{near}-%', substr(CAST(id AS text), 24)",
    },
}


def fill_visits(number: int) -> None:
    """So many visits at all doors over the last year: few wait, fewer came back, the rest is decided. And hazards.

    Each round begins with the doors of the demo's lead: that a page of the lead's list is full of rows must not depend
    on how many visits there are in the whole district.
    """
    with transaction() as session:
        door = session.scalars(select(Dwelling).limit(1)).one()
        visit = _a_visit(session, door)
        finding = _a_hazard(session, door, visit)
        doors = session.scalar(select(func.count()).select_from(Dwelling)) or 1
        words = _words(session, number)
        state = f"CASE WHEN n % {WAITS} = 0 THEN 'waiting' WHEN n % {RETURNED} = 1 THEN 'returned' ELSE 'approved' END"
        own = {"id": words["id"], "state": state, "received_at": words["at"], "recorded_at": words["at"]}
        for first in range(0, number, doors):
            _copy(session, visit, own, f"n <= {number}", words["order"], first)
        days = {"due_on": words["day"], "runs_out_on": words["day"]}
        _copy(session, finding, {"id": words["id"]} | days, f"n % {HAZARD} = 0", words["order"])
        session.execute(
            text(
                "UPDATE dwellings SET visit_outcome = 'done', settled_as = 'done' "
                "WHERE id IN (SELECT dwelling_id FROM visits)"
            )
        )
        tallies.repair(session, tallies.recount(session))
    tell_the_planner()


def tell_what_was_said(visits: Iterable[Visit]) -> None:
    """Give visits that are going to be opened what a phone had sent; each is sealed for its own row."""
    with transaction() as session:
        for visit in {one.id: one for one in visits}.values():
            if not visit.revisions:
                session.add(_what_was_said(visit))


def _what_was_said(visit: Visit) -> VisitRevision:
    times = {"recorded_at": visit.recorded_at, "received_at": visit.received_at}
    said = VisitRevision(
        id=new_id(),
        district=visit.district,
        visit_id=visit.id,
        number=1,
        acceptance=1,
        register_revision=1,
        author_id=visit.author_id,
        outcome=visit.outcome,
        digest="sha-256:",
        **times,
    )
    body = {
        "visit": str(visit.id),
        "revision": 1,
        "dwelling": str(visit.dwelling_id),
        "base_revision": 1,
        "outcome": visit.outcome,
        "unchanged": True,
        **{name: instant_text(visit.recorded_at) for name in ("started_at", "finished_at")},
    }
    said.keep_body(orjson.dumps(body))
    return said


def _words(session: Session, number: int) -> dict[str, str]:
    start = (utcnow() - timedelta(seconds=YEAR)).strftime("%Y-%m-%d %H:%M:%S")
    facts = {"start": start, "step": max(1, YEAR // (number + 1)), "near": COMMUNITY}
    return {name: word.format(**facts) for name, word in WORDS[session.get_bind().dialect.name].items()}


def _a_visit(session: Session, door: Dwelling) -> Visit:
    worker, now = accounts.user_by_name("worker"), utcnow() - timedelta(days=366)
    assert worker is not None
    facts: dict[str, Any] = {"outcome": "done", "recorded_at": now, "received_at": now, "state": "approved"}
    facts["gone_through"] = True
    visit = Visit(
        id=new_id(),
        district=door.district,
        grid_code=door.grid_code,
        dwelling_id=door.id,
        author_id=worker.id,
        **facts,
    )
    session.add(visit)
    session.flush()
    return visit


def _a_hazard(session: Session, door: Dwelling, visit: Visit) -> Finding:
    finding = Finding(
        id=new_id(),
        district=door.district,
        grid_code=door.grid_code,
        dwelling_id=door.id,
        visit_id=visit.id,
        checklist_code="home-safety",
        checklist_version=1,
        item_code="H09",
        name_zh="演示隐患",
        name_en="demo hazard",
        severity="medium",
        stop_use=False,
        departments=["fire_rescue"],
        status=FindingStatus.NOTIFIED,
        settled=False,
        found_at=visit.received_at,
        found_by=visit.author_id,
        due_on=visit.received_at.date(),
    )
    session.add(finding)
    session.flush()
    return finding


def _copy(session: Session, row: Any, own: Mapping[str, str], where: str, order: str, first: int = 0) -> None:
    """Copy a row to the doors that `where` names by their number n; `own` are expressions by column."""
    places = {"grid_code": "doors.grid_code", "dwelling_id": "doors.id"}
    table, values = row.__tablename__, {column.name: f"it.{column.name}" for column in row.__table__.columns}
    values |= places | dict(own)
    numbered = f"SELECT id, grid_code, {first} + row_number() OVER (ORDER BY {order}) AS n FROM dwellings"
    statement = (
        f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} "
        f"FROM ({numbered}) AS doors, (SELECT * FROM {table} WHERE id = :id) AS it WHERE {where}"
    )
    session.execute(text(statement), {"id": _plain(session, row.id)})


def _plain(session: Session, key: UUID) -> Any:
    return key.hex if session.get_bind().dialect.name == "sqlite" else key


def more_doors(number: int) -> None:
    """Doors elsewhere in the district, until there are so many; on SQLite."""
    with transaction() as session:
        _far_grids(session)
        there = session.scalar(select(func.count()).select_from(Dwelling)) or 0
        values = {column.name: column.name for column in Dwelling.__table__.columns}
        values["plate"] = "NULL"  # a code stands at one place
        values |= {
            "id": WORDS["sqlite"]["id"],
            "grid_code": f"'{FAR}-' || (abs(random()) % {GRIDS} + 100)",
            "change_no": str(next_change(session, DISTRICT)),
        }
        statement = (
            f"INSERT INTO dwellings ({', '.join(values)}) SELECT {', '.join(values.values())} "
            "FROM dwellings LIMIT :number"
        )
        while there < number:
            session.execute(text(statement), {"number": min(there, number - there)})
            there = session.scalar(select(func.count()).select_from(Dwelling)) or 0
    tell_the_planner()


def _far_grids(session: Session) -> None:
    if session.get(Area, f"{FAR}-100"):
        return
    codes = [f"{FAR}-{100 + place}" for place in range(GRIDS)]
    session.add_all(Area(code=code, district=DISTRICT, name=code, level=Level.GRID) for code in codes)
    session.flush()


def tell_the_planner() -> None:
    """What PostgreSQL does by itself after a while, but not while it is measured."""
    if db.engine.dialect.name == "postgresql":
        db.session.remove()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    else:
        with transaction() as session:
            session.execute(text("ANALYZE"))


def a_full_grid(homes: int, occupants: int, number: int = 1) -> str:
    """A grid of the worker with so many doors and people; answers its code."""
    facts: dict[str, Any] = {"district": DISTRICT, "grid_code": f"{COMMUNITY}-{number:02d}"}
    buildings = [
        Building(id=new_id(), address=f"测量路 {place + 1}号", position=place, storeys=5, **facts)
        for place in range(homes // 20)
    ]
    doors = [_a_door(buildings, place, facts) for place in range(homes)]
    people = [_a_person(place) for place in range(occupants)]
    stays = [
        Occupancy(
            id=new_id(),
            dwelling_id=doors[place % homes].id,
            person_id=person.id,
            reason="204",
            intended_stay="5",
            moved_in_on=utcnow().date() - timedelta(days=place % 900 + 1),
            **facts,
        )
        for place, person in enumerate(people)
    ]
    everything: tuple[list[Any], ...] = (buildings, doors, people, stays)
    with transaction() as session:
        for things in everything:
            insert_all(session, things)
    return str(facts["grid_code"])


def _a_door(buildings: list[Building], place: int, facts: Mapping[str, Any]) -> Dwelling:
    building, level = buildings[place // 20], place % 20
    floor, across = level // 4 + 1, level % 4 + 1
    return Dwelling(
        id=new_id(),
        building_id=building.id,
        floor=floor,
        door=f"{floor}{across:02d}",
        use="let",
        rooms=2,
        rooms_let=2,
        headcount=3,
        heating="central",
        **facts,
    )


def _a_person(place: int) -> Person:
    person = Person(
        id=new_id(), district=DISTRICT, name=f"演示·测{place}", document_type="111", home_county="620421"
    )
    person.document_number, person.phone = f"62999819900101{place:04d}", f"154{place:08d}"
    return person
