"""What a simulated phone holds: finished records, their photos, who it is; and what it may let go of.

The rules are those of static/js/offline: outbox.js, epoch.js, sweeping.js, enrolment.js.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from field.core.clock import parse_instant, utcnow
from tests.sim.ledger import Ledger
from tests.sim.line import Line, WireProblem, is_id

KEPT_FOR = timedelta(hours=72)
MOST_EARLIER = 20
ANSWERED = {"accepted", "quarantined", "conflict"}
PHOTOS_ANSWERED = {"stored", "unusable"}


@dataclass
class Record:
    """A finished visit, numbered as `device`; states as in the phone's outbox."""

    event: dict[str, Any]
    photos: list[str]
    device: str
    state: str = "waiting"
    receipt: dict[str, Any] | None = None
    stuck: int = 0

    @property
    def id(self) -> str:
        """The event's id."""
        return str(self.event["id"])

    @property
    def seq(self) -> int:
        """Its number on this phone."""
        return int(self.event["seq"])


@dataclass
class Picture:
    """A photo of a finished visit with its bytes, and with a small preview until that is sent."""

    id: str
    visit: str
    digest: str
    kind: str
    content: bytes
    state: str = "waiting"
    location: str | None = None
    receipt: str | None = None
    stored_at: datetime | None = None
    attempts: int = 0
    preview: "Picture | None" = None
    tries: int = 0


@dataclass
class Handset:
    """One phone; `skew` is by how much its clock is wrong."""

    name: str
    worker: str
    author: str
    line: Line
    ledger: Ledger
    skew: timedelta = timedelta()
    device: str = ""
    epoch: str = ""
    seq: int = 0
    most: int = 50
    durable_through: datetime | None = None
    records: dict[str, Record] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    returned: dict[str, dict[str, Any]] = field(default_factory=dict)

    def now(self) -> datetime:
        """What its clock shows."""
        return utcnow() + self.skew

    # --- who it is

    def enrol(self) -> None:
        """Enrol for whoever is signed in; under another id what waits is numbered anew. Raises WireProblem."""
        answer = self._ask_enrolment({"build": "sim"})
        if (
            self.device in {answer["device"], ""} and self.seq < answer["highest_seq"]
        ):  # it has lost its storage
            answer = self._ask_enrolment({"build": "sim", "seq": self.seq})
        self.adopt_epoch(answer["epoch"])  # first: what waits again is counted too
        before, self.device = self.device, answer["device"]
        if before not in {self.device, ""}:
            waiting, self.seq = self.waiting(), 0
            for record in waiting:
                self._number(record)
                for picture in filter(None, map(self.pictures.get, record.photos)):
                    if picture.state == "stored":
                        offer_again(picture)
        self.seq = max(self.seq, answer["highest_seq"])

    def _ask_enrolment(self, facts: dict[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = self.line.json("POST", "/sync/enrolment", _is_enrolment, facts)
        return answer

    def wait_again(self, record: Record) -> None:
        """Offer a record anew that had an answer: numbers of an earlier device say nothing of this one."""
        record.state, record.receipt = "waiting", None
        if record.device != self.device:
            self._number(record)

    def _number(self, record: Record) -> None:
        """Under a number of this device; the desk hears which one it had before."""
        had = {"device": record.device, "seq": record.seq}
        record.event["earlier"] = [*record.event.get("earlier", []), had][-MOST_EARLIER:]
        self.seq += 1
        record.device, record.event["seq"] = self.device, self.seq

    def adopt_epoch(self, epoch: str) -> bool:
        """Another epoch makes all that was answered wait again; tells whether it was another one."""
        known, self.epoch = self.epoch, epoch
        if known in {epoch, ""}:
            return False
        self.durable_through = None
        for record in self.records.values():
            if record.state in ANSWERED:
                self.wait_again(record)
        for picture in self.pictures.values():
            if picture.state in PHOTOS_ANSWERED:
                offer_again(picture)
        return True

    def change_hands(self, worker: str, author: str, session: str) -> None:
        """Somebody else signs in on it; unsent work stays. Raises WireProblem, and then nobody does."""
        before, self.line.cookies["session"] = self.line.cookies["session"], session
        try:
            self.enrol()
        except WireProblem:
            self.line.cookies["session"] = before
            raise
        self.worker, self.author, self.returned = worker, author, {}

    def lose_storage(self, cookies: dict[str, str]) -> None:
        """The browser clears everything, and leaves these cookies; then it is enrolled. Raises WireProblem."""
        gone = (self.device, [record.event for record in self.records.values()], list(self.pictures))
        line = replace(self.line, cookies=cookies)
        empty = Handset(self.name, self.worker, self.author, line, self.ledger, self.skew)
        self.ledger.cleared.add(self.device)
        empty.enrol()
        vars(self).update(vars(empty))
        self.ledger.storage_lost(*gone)

    # --- what waits

    def finish(self, event: dict[str, Any], pictures: list[Picture]) -> Record:
        """Save a visit: from here on it may not be lost."""
        self.seq += 1
        record = Record(event | {"seq": self.seq}, [picture.id for picture in pictures], self.device)
        self.records[record.id] = record
        self.pictures |= {picture.id: picture for picture in pictures}
        self.ledger.saved(self.name, record.event, pictures)
        return record

    def waiting(self, after: int = 0) -> list[Record]:
        """Records without an answer in the order of their numbers."""
        rows = [one for one in self.records.values() if one.state == "waiting" and one.seq > after]
        return sorted(rows, key=lambda one: one.seq)

    def pictures_waiting(self) -> list[Picture]:
        """Photos to send, those that failed least first."""
        rows = [one for one in self.pictures.values() if one.state == "waiting"]
        return sorted(rows, key=lambda one: (one.attempts, one.id))

    @property
    def anything_waits(self) -> bool:
        """Whether a record or a photo has no answer yet."""
        return bool(self.waiting() or self.pictures_waiting())

    # --- what may go

    def hear_of_backup(self, through: str | None) -> None:
        """Remember the newest moment up to which a verified backup exists."""
        if through:
            moment = parse_instant(through)
            self.durable_through = max(self.durable_through or moment, moment)

    def sweep(self, now: datetime) -> None:
        """Clear what the server has, once a backup holds it and 72 hours have passed."""
        durable = self.durable_through
        if durable is None or durable > now:
            return
        limit = min(durable, now - KEPT_FOR)
        for record in [one for one in self.records.values() if one.state == "accepted"]:
            arrived = self._arrived_at(record)
            if arrived is not None and arrived <= limit:
                self.clear(record)
                self.ledger.counts["cleared"] += 1

    def clear(self, record: Record) -> None:
        """Forget a record with its photos."""
        for picture in record.photos:
            self.pictures.pop(picture, None)
        self.records.pop(record.id, None)

    def _arrived_at(self, record: Record) -> datetime | None:
        assert record.receipt
        moments: list[datetime | None] = [parse_instant(record.receipt["received_at"])]
        for picture in map(self.pictures.get, record.photos):
            if picture is not None:
                moments.append(picture.stored_at if picture.state == "stored" else None)
        return None if None in moments else max(filter(None, moments))

    # --- what the lead sends back

    def fetch_round(self) -> None:
        """Read of the pack what matters here: visits that wait for a correction."""
        pack = self.line.json("GET", "/sync/pack", _has("returned", list))
        self.returned = {one["visit"]: one for one in pack["returned"]}

    def fetch_round_or_enrol(self) -> None:
        """As when the app is opened: a phone that the server does not know any more is enrolled again."""
        problem = quietly(self.fetch_round)
        if problem and problem.status == 401:
            quietly(self.enrol)


def offer_again(picture: Picture) -> None:
    """Let a photo wait as if it had never been sent."""
    picture.state, picture.location, picture.receipt, picture.stored_at = "waiting", None, None, None


def quietly(work: Callable[[], Any]) -> WireProblem | None:
    """Do something over the network; what went wrong there is the answer, and not an error."""
    try:
        work()
    except WireProblem as problem:
        return problem
    return None


def _has(name: str, kind: type) -> Callable[[Any], bool]:
    return lambda body: isinstance(body.get(name), kind)


def _is_enrolment(body: Any) -> bool:
    return (
        is_id(body.get("device")) and is_id(body.get("epoch")) and is_id((body.get("user") or {}).get("id"))
    )
