"""Three weeks of work for the demo: the story is told to the inbox, to leads and to departments as people would.

Nothing is written past the program, so that what a demo shows is what the program makes of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import select

from field.accounts import service as accounts
from field.accounts.models import Device, User
from field.accounts.scope import Actor
from field.core.clock import instant_text
from field.core.db import db
from field.core.ids import new_id
from field.demo import bodies, drawings, followed
from field.demo.cast import CAST, DISTRICT
from field.demo.story import REVIEWED, STEPS, Call, calls
from field.photos import desk
from field.photos import service as photos
from field.photos.store import Store
from field.referrals import late
from field.reviews import service as reviews
from field.reviews.models import Review
from field.sync import inbox
from field.sync.deliveries import Delivery
from field.sync.envelope import open_events
from field.visits.models import Visit
from field.visits.upcasts import NEWEST

_BUILD = "demo"
_MOST_PIXELS = 10_000_000
_DRAWN = {"bicycle": drawings.bicycle, "stove": drawings.stove, "clear": drawings.stairwell}


@dataclass
class Past:
    """Tells the story. `pictures` are the drawings as JPEGs, `hazards` what was found, by its name in the story."""

    today: date
    zone: str
    store: Store
    users: Mapping[str, User] = field(default_factory=dict)
    devices: dict[str, Device] = field(default_factory=dict)
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    hazards: dict[str, UUID] = field(default_factory=dict)

    def tell(self, now: datetime) -> int:
        """Let all of it have happened; says how many visits there were. Within a transaction."""
        names = [member.username for member in CAST]
        people = db.session.scalars(select(User).where(User.username.in_(names)))
        self.users = {user.username: user for user in people}
        self.pictures = {name: drawings.as_photo(draw()) for name, draw in _DRAWN.items()}
        told = calls()
        for call in told:
            self._call(call)
        for step in sorted(STEPS, key=lambda step: (-step.days, step.hour)):
            at, who = self._at(step.days, step.hour), self.users.get(step.who)
            picture = self._proven(step.photo) if step.photo else None
            followed.follow(step, self.hazards[step.hazard], who, picture, at, self.zone)
        late.press(late.late_ids(DISTRICT, self.today), DISTRICT, self.today, now, self.zone)
        return len(told)

    def _at(self, days: int, hour: int) -> datetime:
        day = self.today - timedelta(days=days)
        return datetime.combine(day, time(hour, 20), ZoneInfo(self.zone)).astimezone(UTC)

    def _call(self, call: Call) -> None:
        at, user = self._at(call.days, call.hour), self.users[call.worker]
        content = self.pictures.get(call.photo, self.pictures["clear"])
        part = bodies.photo_part(content, at) if call.photo else None
        body = bodies.body_of(call, at, part, self.hazards)
        if call.hazard:
            self.hazards[call.hazard] = UUID(body["findings"][0]["id"])
        event = self._deliver(body, user, at)
        if part and call.photo in self.pictures:
            self._photo(UUID(body["visit"]), part, content, self._device(user), at)
        self._review(call, UUID(body["visit"]))
        if call.corrected:
            again = body | {"revision": 2, "previous": event} | dict(call.corrected)
            self._deliver(again, user, self._at(call.days - 1, call.hour))

    def _deliver(self, body: Mapping[str, Any], user: User, at: datetime) -> str:
        """Answers the id of the event."""
        device, text = self._device(user), orjson.dumps(body).decode()
        event: dict[str, Any] = {
            "id": str(new_id()),
            "seq": device.highest_seq + 1,
            "author": str(user.id),
            "type": "visit.recorded",
            "schema": NEWEST,
            "recorded_at": instant_text(at),
            "digest": bodies.digest_of(text.encode()),
            "enc": "none",
            "body": text,
        }
        delivery = Delivery(device.id, DISTRICT, _BUILD, timedelta(), open_events([event]))
        [[answer]] = inbox.take([delivery], DISTRICT, at, self.zone)
        assert answer["result"] == "accepted", answer
        return str(event["id"])

    def _device(self, user: User) -> Device:
        if user.username not in self.devices:
            self.devices[user.username], _token = accounts.enrol(user, None, _BUILD)
            db.session.flush()
        return self.devices[user.username]

    def _photo(
        self, visit_id: UUID, part: Mapping[str, Any], content: bytes, device: Device, at: datetime
    ) -> None:
        named = {"photo": UUID(part["id"]), "visit": visit_id, "kind": "full"}
        photo = photos.begin(device, named | {key: part[key] for key in ("digest", "type")}, len(content), at)
        db.session.flush()
        photos.advance(photo, len(content), photos.prove(photo, content, self.store, _MOST_PIXELS), at)
        db.session.expire(photo)

    def _review(self, call: Call, visit_id: UUID) -> None:
        """The lead looked at it the morning after, but for what has just come."""
        if call.days < REVIEWED and not call.returned:
            return
        lead = Actor.of(self.users["lead"])
        if call.returned:
            review = reviews.send_back(visit_id, 1, call.returned, lead)
        else:
            review = reviews.approve(visit_id, 1, lead)
        self._date(review, visit_id, self._at(call.days - 1, 8))

    @staticmethod
    def _date(review: Review, visit_id: UUID, at: datetime) -> None:
        db.session.flush()
        review.decided_at = db.session.get_one(Visit, visit_id).decided_at = at

    def _proven(self, name: str) -> desk.Proven:
        return desk.prove(self.pictures[name], self.store, _MOST_PIXELS)
