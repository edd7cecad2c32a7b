"""What workers have sent already when a journey at the desk begins: by a phone without a browser, in little time."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select

from app import create_app
from field.accounts import queries as accounts
from field.core.db import db
from field.core.ids import new_id
from field.places.models import Dwelling
from tests.factories.reference import a_checklist
from tests.journeys.server import Server, environment
from tests.phone import Phone


@contextmanager
def walking(server: Server, username: str = "worker") -> Iterator[tuple[Phone, list[UUID]]]:
    """A phone of a worker of the demo, and the doors of the grid in order."""
    app = create_app(environment(server.data) | {"FIELD_ENV": "test"})
    with app.app_context():
        worker = accounts.user_by_name(username)
        assert worker is not None
        statement = select(Dwelling.id).where(Dwelling.grid_code.like("%-01")).order_by(Dwelling.id)
        yield Phone(app, worker).enrol(), list(db.session.scalars(statement))
        db.session.remove()
        db.engine.dispose()


def record_visits(server: Server, number: int) -> list[UUID]:
    """Visits at as many doors, every tenth with a change; answers where they were."""
    with walking(server) as (phone, doors):
        for place, door in enumerate(doors[:number]):
            changes = {"unchanged": None, "dwelling_changes": {"headcount": 9}} if place % 10 == 0 else {}
            phone.record(door, **changes)
    return doors[:number]


def record_hazard(server: Server, *pictures: bytes, place: int = 0) -> tuple[str, str]:
    """A visit that found a hazard, with photos of it that have come; answers the visit and the hazard."""
    with walking(server) as (phone, doors):
        parts = [phone.photo_part(picture) for picture in pictures]
        finding = {"id": str(new_id()), "item": "H04", "action": "notice_left"}
        listed = a_checklist(accounts.user_by_name("worker").district)  # type: ignore[union-attr]
        body = phone.visit_body(
            doors[place],
            unchanged=None,
            checklist={"code": "home-safety", "version": listed.version, "checked": True},
            findings=[finding | ({"photos": [part["id"] for part in parts]} if parts else {})],
            photos=parts or None,
        )
        phone.send(phone.event(body))
        for part, picture in zip(parts, pictures, strict=True):
            assert "Photo-Receipt" in phone.upload_photo(body["visit"], part, picture).headers
    return str(body["visit"]), str(finding["id"])


def record_recheck(server: Server, hazard: str, picture: bytes, place: int = 0) -> str:
    """A visit that looked at a hazard again and found it still there, with a photo that has come; answers the visit."""
    with walking(server) as (phone, doors):
        part = phone.photo_part(picture)
        again = {"finding": hazard, "passed": False, "photos": [part["id"]]}
        body = phone.visit_body(doors[place], unchanged=None, rechecks=[again], photos=[part])
        phone.send(phone.event(body))
        assert "Photo-Receipt" in phone.upload_photo(body["visit"], part, picture).headers
    return str(body["visit"])
