"""What a revision says, put into words for people: changes against the register, occupants, findings, requests.

Numbers and phones are masked here, so no template ever holds one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from field.checklists.queries import Words
from field.core.clock import parse_instant
from field.core.db import db
from field.core.i18n import day_text
from field.core.languages import in_words
from field.core.masking import masked
from field.hazards import answers
from field.hazards.answers import PaperSaid
from field.hazards.models import Finding
from field.people.models import Occupancy
from field.reviews import at_the_door, gaps
from field.reviews.at_the_door import RecheckSaid, RequestSaid, WorkplaceSaid
from field.visits import settling
from field.visits.children import needs_a_guardian
from field.visits.clashes import clashes_of
from field.visits.models import Followed, Visit, VisitRevision
from field.visits.shown import put_off_to

FIELDS: Mapping[str, Any] = {
    "use": _l("Use"),
    "rooms": _l("Rooms"),
    "rooms_let": _l("Rooms let"),
    "floor_area_m2": _l("Floor area (m²)"),
    "heating": _l("Heating"),
    "lease_filed": _l("Lease filed"),
    "letter_signed": _l("Safety letter signed"),
    "lessor_name": _l("Landlord"),
    "lessor_phone": _l("Landlord's phone"),
    "headcount": _l("People living here"),
    "children": _l("Children under 14"),
    "address_anomaly": _l("Address problem"),
    "name": _l("Name"),
    "document_type": _l("Document"),
    "document_number": _l("Document number"),
    "phone": _l("Phone"),
    "home_county": _l("Home county (code)"),
    "reason": _l("Reason for staying"),
    "intended_stay": _l("Intended stay"),
    "guardian_consent": _l("A guardian agreed that a child's name is kept"),
    "moved_in_on": _l("Moved in"),
    "moved_out_on": _l("Moved out"),
    "ended": _l("Has left"),
}
LISTS = {
    "use": "dwelling_use",
    "kind": "workplace_kind",
    "heating": "heating",
    "address_anomaly": "address_anomaly",
    "document_type": "document_type",
    "reason": "stay_reason",
    "intended_stay": "intended_stay",
}
SECRET = frozenset({"document_number", "phone", "lessor_phone", "contact_phone"})
DAYS = frozenset({"moved_in_on", "moved_out_on"})


@dataclass(frozen=True)
class Change:
    """One fact: its label, what the register held (None: unknown), what the visit says."""

    label: Any
    before: str | None
    after: str | None

    @property
    def same(self) -> bool:
        """Whether the visit says what was known; such facts stand below those that differ."""
        return self.before == self.after


@dataclass(frozen=True)
class PersonSaid:
    """Somebody whom the visit names; `action` is add, change or moved_out."""

    action: str
    name: str
    facts: list[Change]
    id: str
    # A child of whom no guardian agreed that the name is kept: the register has left out who that is.
    only_counted: bool
    not_given: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class FindingSaid:
    """A violated item: the hazard that it opened, what was done, where, which photos."""

    name: str
    action: str
    spot: str | None
    note: str | None
    photos: list[str]
    finding: Finding | None


@dataclass(frozen=True)
class NoticeSaid:
    """Which privacy notice was shown; `shown_at` is the phone's time. Older apps say neither that nor the languages."""

    version: int
    shown_at: datetime | None
    read_aloud: bool
    languages: str


@dataclass(frozen=True)
class Said:
    """A revision in words."""

    revision: VisitRevision
    consent: bool | None
    how: str
    gaps: list[str]
    notice: NoticeSaid | None
    unchanged: bool
    minutes: int
    dwelling: list[Change]
    too_many_let: bool  # more rooms than there are, as the visit leaves it
    people: list[PersonSaid]
    findings: list[FindingSaid]
    people_confirmed: bool
    workplaces: list[WorkplaceSaid]
    rechecks: list[RecheckSaid]
    paper: PaperSaid | None
    requests: list[RequestSaid]
    photos: list[str]
    note: str | None
    come_again_on: date | None
    loose_photos: list[str] = field(default_factory=list)


def read(visit: Visit, revision: VisitRevision, words: Words) -> Said:
    """Put a revision of a visit into words."""
    body, before = revision.body, _before(visit, revision)
    findings = _findings(visit, body, words)
    photos = [part["id"] for part in body.get("photos", [])]
    rechecks = at_the_door.rechecks(visit, body, words)
    shown = {photo for finding in findings for photo in finding.photos}
    shown |= {photo for recheck in rechecks for photo in recheck.photos}
    started, finished = parse_instant(body["started_at"]), parse_instant(body["finished_at"])
    return Said(
        revision=revision,
        consent=body.get("consent"),
        how=gaps.how(body),
        gaps=gaps.gaps(visit, revision, body, words),
        notice=_notice(body.get("notice")),
        unchanged=bool(body.get("unchanged")),
        minutes=max(0, round((finished - started).total_seconds() / 60)),
        dwelling=_changes(body.get("dwelling_changes", {}), before.get("dwelling", {}), words),
        too_many_let=_too_many_let(visit, body.get("dwelling_changes", {})),
        people=_people(visit, revision, body, before.get("occupants", {}), words),
        findings=findings,
        people_confirmed=bool(body.get("people_confirmed")),
        workplaces=at_the_door.workplaces(visit, body, before, words),
        rechecks=rechecks,
        paper=answers.paper(body),
        requests=at_the_door.requests(visit, body, words),
        photos=photos,
        note=body.get("note"),
        come_again_on=put_off_to(body),
        loose_photos=[photo for photo in photos if photo not in shown],
    )


def _notice(said: Mapping[str, Any] | None) -> NoticeSaid | None:
    if said is None:
        return None
    shown_at = said.get("shown_at")
    return NoticeSaid(
        said["version"],
        parse_instant(shown_at) if shown_at else None,
        bool(said.get("read_aloud")),
        in_words(said.get("languages") or []),
    )


def _before(visit: Visit, revision: VisitRevision) -> dict[str, Any]:
    """What the register held, also of facts that the visit contradicts without changing them.

    Where it has not followed the visit yet, what it holds now.
    """
    if revision.followed == Followed.NOT_YET:
        return settling.differences(visit, revision)
    before = revision.before
    dwelling, people = dict(before.get("dwelling", {})), dict(before.get("occupants", {}))
    for clash in clashes_of(revision.id):
        if clash.subject == clash.dwelling_id:
            dwelling[clash.field] = clash.standing
        else:
            people[str(clash.subject)] = people.get(str(clash.subject), {}) | {clash.field: clash.standing}
    return {"dwelling": dwelling, "occupants": people}


def _changes(after: Mapping[str, Any], before: Mapping[str, Any], words: Words) -> list[Change]:
    return [
        # What the register held already is not in `before`: then nothing changed.
        Change(FIELDS[name], text_of(name, before.get(name, value), words), text_of(name, value, words))
        for name, value in after.items()
        if name in FIELDS
    ]


def _too_many_let(visit: Visit, changes: Mapping[str, Any]) -> bool:
    """Somebody may have meant it, a room that was divided; so it is asked about here and not refused at the door."""
    if not changes.keys() & {"rooms", "rooms_let"}:
        return False
    rooms, let = (changes.get(name, getattr(visit.dwelling, name)) for name in ("rooms", "rooms_let"))
    return rooms is not None and let is not None and let > rooms


def _people(
    visit: Visit, revision: VisitRevision, body: Mapping[str, Any], before: Mapping[str, Any], words: Words
) -> list[PersonSaid]:
    parts = body.get("occupants", [])
    known = _names_at_door(visit, {UUID(part["occupancy"]) for part in parts})
    return [
        replace(
            _person(part, before.get(part["occupancy"], {}), known, words, needs_a_guardian(part, body)),
            not_given=[FIELDS[name] for name in gaps.not_given(visit, revision, part)],
        )
        for part in parts
    ]


def _person(
    part: Mapping[str, Any],
    before: Mapping[str, Any],
    known: Mapping[UUID, str],
    words: Words,
    only_counted: bool,
) -> PersonSaid:
    facts = {name: part[name] for name in FIELDS if name in part and name != "name"}
    if part["action"] == "add":
        changes = [Change(FIELDS[name], None, text_of(name, value, words)) for name, value in facts.items()]
    else:
        changes = _changes(facts, before, words)
    name = part.get("name") or known.get(UUID(part["occupancy"])) or _("Somebody who is no longer listed")
    return PersonSaid(part["action"], name, changes, part["occupancy"], only_counted)


def _names_at_door(visit: Visit, ids: set[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    statement = (
        select(Occupancy)
        .options(joinedload(Occupancy.person))
        .where(Occupancy.id.in_(ids), Occupancy.dwelling_id == visit.dwelling_id)
    )
    return {row.id: row.person.name for row in db.session.scalars(statement)}


def _findings(visit: Visit, body: Mapping[str, Any], words: Words) -> list[FindingSaid]:
    parts = body.get("findings", [])
    if not parts:
        return []
    statement = select(Finding).where(Finding.district == visit.district, Finding.visit_id == visit.id)
    opened = {str(row.id): row for row in db.session.scalars(statement)}
    return [_finding(part, opened.get(part["id"]), words) for part in parts]


def _finding(part: Mapping[str, Any], opened: Finding | None, words: Words) -> FindingSaid:
    return FindingSaid(
        name=words.pick(opened.name_zh, opened.name_en) if opened else part["item"],
        action=part["action"],
        spot=part.get("spot"),
        note=part.get("note"),
        photos=list(part.get("photos", [])),
        finding=opened,
    )


def text_of(name: str, value: Any, words: Words) -> str | None:
    """A fact as people read it; numbers and phones masked; None when it is not known."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if name in SECRET:
        return masked(str(value))
    if name in DAYS:
        return day_text(date.fromisoformat(str(value)))
    if name in LISTS:
        return words.of(LISTS[name], str(value))
    return f"{value:g}" if isinstance(value, float) else str(value)
