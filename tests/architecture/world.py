"""A small world for the route × role test: the same things in one's area, in the next community, and abroad."""

from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import count
from uuid import UUID

from flask import Flask
from sqlalchemy import select

from field.accounts.models import Role, User
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.demo.numbers import identity_number
from field.hazards.models import HazardNotice
from field.merges.models import Kind, MergeDecision
from field.notifications.models import State
from field.photos.models import Photo
from field.places.service import propose_dwelling
from field.reviews.models import ReturnReason
from field.sync.models import InboxConflict
from field.visits.clashes import RegisterClash
from field.visits.models import Visit
from tests import factories
from tests.browser import Browser, browser_of
from tests.phone import Phone
from tests.photos.pictures import noise, saved


class Place(StrEnum):
    """Where a thing lies, seen from the cast: in the worker's grid, in another community, in another district."""

    HERE = factories.GRID
    ELSEWHERE = factories.ELSEWHERE
    ABROAD = factories.ABROAD


ROLES = {role.value for role in Role}
EVERYBODY = {"anonymous", *ROLES}
# Who answers for the whole district; the others for a community or less. Nobody sees another district.
_DISTRICT_WIDE = {"handler", "office", "officer", "admin"}


def sees(role: str, place: Place) -> bool:
    """Whether a place lies in the area of the cast's member of a role."""
    return place == Place.HERE or (place == Place.ELSEWHERE and role in _DISTRICT_WIDE)


class World:
    """Makes what routes need, when they need it; one thing of a kind for each place."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._phones: dict[Place, Phone] = {}
        self._visits: dict[Place, Visit] = {}
        self._photos: dict[Place, UUID] = {}
        self._hazards: dict[Place, UUID] = {}
        self._numbers = count(1)

    @cached_property
    def picture(self) -> bytes:
        """A small JPEG."""
        return saved(noise(), "JPEG")

    def worker(self, place: Place) -> User:
        """Who walks the doors of a place."""
        if place == Place.HERE:
            return factories.a_user("worker")
        name = f"worker-{place.name.lower()}"
        return factories.a_user(name, role=Role.WORKER, areas=(place.value,), district=int(place.value[:6]))

    def account(self, place: Place) -> User:
        """Somebody who does nothing but have an account there."""
        name = f"member-{place.name.lower()}"
        return factories.a_user(name, role=Role.WORKER, areas=(place.value,), district=int(place.value[:6]))

    def phone(self, place: Place) -> Phone:
        """That worker's phone, enrolled."""
        if place not in self._phones:
            self._phones[place] = Phone(self.app, self.worker(place)).enrol()
        return self._phones[place]

    def visit(self, place: Place) -> Visit:
        """A visit with one hazard and one photo on its way."""
        if place not in self._visits:
            door = factories.a_dwelling(grid=place.value)
            part = self.phone(place).photo_part(self.picture)
            self._hazards[place] = new_id()
            finding = {
                "id": str(self._hazards[place]),
                "item": "H03",
                "action": "refer",
                "photos": [part["id"]],
            }
            noticed = {"id": str(new_id()), "item": "H04", "action": "notice_left"}
            checklist = {"code": "home-safety", "version": self._checklist(place), "checked": True}
            self._visits[place] = factories.a_visit(
                self.worker(place), door, photos=[part], checklist=checklist, findings=[finding, noticed]
            )
            self._photos[place] = UUID(part["id"])
        return self._visits[place]

    def _checklist(self, place: Place) -> int:
        """The version of the checklist that is in force there."""
        return factories.a_checklist(int(place.value[:6])).version

    def set_aside(self, place: Place) -> str:
        """A new record that cannot be read, sent from that worker's phone."""
        phone = self.phone(place)
        event = phone.event(phone.visit_body(factories.a_dwelling(grid=place.value), outcome="nonsense"))
        [result] = phone.send(event)
        assert result["result"] == "quarantined", result
        return str(event["id"])

    def conflict(self, place: Place) -> UUID:
        """Another content under the id of a record, from that worker's phone."""
        phone = self.phone(place)
        taken = phone.visit_body(factories.a_dwelling(grid=place.value))
        [result] = phone.send(phone.event(taken, id=self.set_aside(place)))
        assert result["result"] == "conflict", result
        newest = select(InboxConflict.id).order_by(InboxConflict.received_at.desc()).limit(1)
        return db.session.execute(newest).scalar_one()

    def aside_photo(self, place: Place) -> UUID:
        """A photo that is no picture, of a visit that has not come, from that worker's phone."""
        phone, content = self.phone(place), b"this is no picture"
        part = phone.photo_part(content)
        assert phone.upload_photo(str(new_id()), part, content).status_code == 422
        return db.session.execute(select(Photo.id).where(Photo.photo_id == UUID(part["id"]))).scalar_one()

    def pair(self, place: Place) -> tuple[UUID, UUID]:
        """Two new entries of somebody, in the order of a pair."""
        number = identity_number(date(1970, 1, 1), next(self._numbers))
        door = factories.a_dwelling(grid=place.value)
        facts = {"document_type": "111", "document_number": number, "phone": None}
        left, right = sorted(factories.an_occupancy(door, **facts).id for _ in range(2))
        return left, right

    def merge_decision(self, place: Place) -> UUID:
        """That two entries are not the same, as the office said."""
        left, right = self.pair(place)
        who = self.worker(place).id
        with transaction() as session:
            decision = MergeDecision(
                id=new_id(),
                district=int(place.value[:6]),
                grid_code=place.value,
                kind=Kind.PEOPLE,
                left_id=left,
                right_id=right,
                decided_by=who,
                decided_at=utcnow(),
            )
            session.add(decision)
        return decision.id

    def building(self, place: Place) -> UUID:
        """A building there."""
        return factories.a_building(grid=place.value).id

    def proposal(self, place: Place) -> UUID:
        """A door that a worker added there."""
        building, who = factories.a_building(grid=place.value), self.worker(place).id
        with transaction():
            return propose_dwelling(building, new_id(), {"floor": 1, "door": "101"}, who, utcnow()).id

    def clash(self, place: Place) -> UUID:
        """Two answers of the same visit to one question."""
        visit = self.visit(place)
        with transaction() as session:
            row = RegisterClash(
                id=new_id(),
                district=visit.district,
                grid_code=visit.grid_code,
                dwelling_id=visit.dwelling_id,
                visit_id=visit.id,
                revision_id=new_id(),
                other_id=visit.id,
                subject=visit.dwelling_id,
                field="rooms",
                created_at=utcnow(),
            )
            row.standing, row.offered = visit.dwelling.rooms, 9
            session.add(row)
        return row.id

    def number(self, place: Place) -> dict[str, UUID]:
        """Somebody with a phone, and where they live."""
        row = factories.an_occupancy(factories.a_dwelling(grid=place.value))
        return {"occupancies": row.id, "dwellings": row.dwelling_id}

    def reason(self, place: Place) -> UUID:
        """A ready-made reason of that district; made anew, because asking may remove it."""
        with transaction():
            row = ReturnReason(district=int(place.value[:6]), zh="测试理由", en="Test reason")
            db.session.add(row)
        return row.id

    def hazard(self, place: Place) -> UUID:
        """The hazard that the visit found, referred to fire and rescue."""
        self.visit(place)
        return self._hazards[place]

    def notice(self, place: Place) -> UUID:
        """The notice that was left at that door."""
        door = self.visit(place).dwelling_id
        return db.session.query(HazardNotice).filter_by(dwelling_id=door).one().id

    def printed_notice(self, place: Place) -> UUID:
        """The same, printed once."""
        notice = self.notice(place)
        with transaction():
            db.session.get_one(HazardNotice, notice).copies = 1
        return notice

    def webhook(self, place: Place) -> UUID:
        """A new webhook of the place's district."""
        return factories.a_webhook(int(place.value[:6])).id

    def failed_delivery(self, place: Place) -> UUID:
        """A new message to such a webhook that was given up."""
        hook = factories.a_webhook(int(place.value[:6]))
        return factories.a_delivery(hook, state=State.FAILED).id

    def photo(self, place: Place) -> UUID:
        """The photo of that visit, stored."""
        visit = self.visit(place)
        part = self.phone(place).photo_part(self.picture, id=str(self._photos[place]))
        answer = self.phone(place).upload_photo(str(visit.id), part, self.picture)
        assert answer.headers.get("Photo-Receipt"), answer.status_code
        return self._photos[place]

    def upload(self, place: Place) -> str:
        """The address of an upload that was announced at a place and has not ended."""
        part = self.phone(place).photo_part(self.picture)
        return self.phone(place).start_photo(str(self.visit(place).id), part).headers["Location"]

    def browser(self, role: str, *, enrolled: bool) -> Browser:
        """A browser of the cast's member of a role; enrolled as a phone when asked and allowed."""
        if role == "anonymous":
            return browser_of(self.app)
        phone = Phone(self.app, factories.a_user(role))
        if enrolled and role in {"worker", "lead"}:
            phone.enrol()
        return phone.browser
