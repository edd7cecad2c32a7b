"""What workers have sent already when a journey at the desk begins: by a phone without a browser, in little time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from app import create_app
from field.accounts import queries as accounts
from field.accounts.models import User
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.demo import numbers
from field.notifications import confirming, mail
from field.places.models import Dwelling
from tests.factories.places import a_building, a_dwelling
from tests.factories.reference import a_checklist
from tests.factories.residents import an_occupancy
from tests.journeys.server import Server, environment
from tests.phone import Phone

_NUMBER = numbers.identity_number(date(1985, 2, 3), 987)


@contextmanager
def walking(server: Server, username: str = "worker") -> Iterator[tuple[Phone, list[UUID]]]:
    """A phone of a worker of the demo, and the doors of the grid in order."""
    app = create_app(environment(server.data) | {"FIELD_ENV": "test"})
    with app.app_context():
        worker = _member(username)
        statement = select(Dwelling.id).where(Dwelling.grid_code.like("%-01")).order_by(Dwelling.id)
        yield Phone(app, worker).enrol(), list(db.session.scalars(statement))
        db.session.remove()
        db.engine.dispose()


def _member(name: str) -> User:
    found = accounts.user_by_name(name)
    assert found is not None
    return found


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
        listed = a_checklist(_member("worker").district)
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


def record_pairs(server: Server) -> None:
    """What is for a lead to decide: two answers, two visits at a door, a person twice, a door twice."""
    with walking(server) as (phone, doors):
        second = Phone(phone.browser.application, _member("worker2")).enrol()
        for one, rooms in ((phone, 3), (second, 4)):
            said = {
                "base_revision": 1,
                "unchanged": None,
                "dwelling_changes": {"rooms": rooms, "headcount": rooms},
            }
            one.record(doors[0], **said)
        for name, door in (("演示·王", doors[1]), ("演示·汪", doors[2])):
            home = db.session.get_one(Dwelling, door)
            an_occupancy(home, name=name, phone="15400009998", document_number=_NUMBER, reason="204")
        for _entry in range(2):
            a_dwelling(a_building(address="演示新村 9号"), door="301", heating="coal")


def confirmation_link(server: Server) -> str:
    """The page behind the link in the mail that asks whether the daily mail may come."""
    with walking(server):
        now, lead = utcnow(), _member("lead")
        with transaction():
            digest = mail.ask_for(lead, "demo@example.org", now)
            confirming.message(digest, now)
        _subject, text = confirming.words(digest, "", current_app.config["SECRET_KEY"], now)
    return next(line for line in text.splitlines() if line.startswith("/mail/"))
