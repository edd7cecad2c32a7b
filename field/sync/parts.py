"""The rows of the pack, one function a kind: from models to what contract.md says a phone holds."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from field.accounts.scope import Actor
from field.campaigns.models import Phase, Round
from field.core.changes import Tombstone
from field.core.clock import instant_text, utcnow
from field.core.db import db
from field.core.i18n import spoken
from field.hazards import notices
from field.hazards.intervals import Frequency
from field.hazards.machine import UNSEEN
from field.hazards.models import Finding, HazardNotice
from field.people.models import Occupancy
from field.places.models import Building, Dwelling, Proposal, Workplace
from field.sync import returned
from field.sync.cursor import Cursor
from field.sync.doors import door_rows, doors_behind, is_closed
from field.sync.rows import Page, Row, Rows, compact
from field.visits.models import ReviewState, Visit

REVIEWS_FOR = timedelta(days=14)


def after(statement: Select[Any], model: Any, cursor: Cursor, limit: int) -> Select[Any]:
    """The next rows of a kind in the order of their change, within the running pass."""
    place = or_(
        model.change_no > cursor.change, and_(model.change_no == cursor.change, model.id > cursor.row)
    )
    within = and_(model.change_no > cursor.since, model.change_no <= cursor.until)
    return statement.where(within, place).order_by(model.change_no, model.id).limit(limit)


def _read(
    model: Any, actor: Actor, cursor: Cursor, limit: int, *conditions: Any, options: Iterable[Any] = ()
) -> Page:
    statement = select(model).where(actor.scope.where(model), *conditions).options(*options)
    return list(db.session.scalars(after(statement, model, cursor, limit)).unique())


def _fresh(cursor: Cursor, gone: Any) -> tuple[Any, ...]:
    """A phone that holds nothing need not hear of what is gone."""
    return (gone.is_(False),) if cursor.since == 0 else ()


def rounds(actor: Actor, cursor: Cursor, limit: int, out: Rows) -> Page:
    """Rounds of this worker."""
    option = joinedload(Round.phase).joinedload(Phase.campaign)
    page = _read(Round, actor, cursor, limit, Round.worker_id == actor.id, options=[option])
    for row in page:
        if row.ended:
            _remove(out, "round", row.id)
            continue
        out["rounds"].append(
            compact(
                {
                    "id": row.id,
                    "grid": row.grid_code,
                    "campaign": {"zh": row.phase.campaign.name_zh, "en": row.phase.campaign.name_en},
                    "phase": {"zh": row.phase.name_zh, "en": row.phase.name_en},
                    "starts_on": row.phase.starts_on,
                    "ends_on": row.phase.ends_on,
                }
            )
        )
    return page


def buildings(actor: Actor, cursor: Cursor, limit: int, out: Rows) -> Page:
    """Buildings with their plates; one that a worker added says so until a lead has confirmed it."""
    page = _read(Building, actor, cursor, limit)
    keys = ("id", "address", "name", "storeys", "position", "plate", "spelling")
    for row in page:
        if row.proposal == Proposal.DECLINED:
            _remove(out, "building", row.id)
            continue
        facts = {key: getattr(row, key) for key in keys} | {"grid": row.grid_code, "at": _place(row)}
        out["buildings"].append(compact(facts | {"proposed": True if row.proposal else None}))
    return page


def _place(building: Building) -> list[float] | None:
    """Longitude and latitude to about a metre."""
    if building.longitude is None or building.latitude is None:
        return None
    return [round(building.longitude, 5), round(building.latitude, 5)]


def doors(actor: Actor, cursor: Cursor, limit: int, out: Rows, *, frequency: Frequency) -> Page:
    """Doors."""
    page = _read(Dwelling, actor, cursor, limit)
    _tell(actor, page, out, frequency)
    return page


def _tell(actor: Actor, page: Sequence[Dwelling], out: Rows, frequency: Frequency) -> None:
    for row in page:
        if is_closed(row):
            _remove(out, "door", row.id)
    out["doors"] += door_rows(actor, [row for row in page if not is_closed(row)], frequency)


def occupants(actor: Actor, cursor: Cursor, limit: int, out: Rows) -> Page:
    """Who lives there now; numbers and phones masked."""
    option = joinedload(Occupancy.person)
    page = _read(Occupancy, actor, cursor, limit, *_fresh(cursor, Occupancy.ended), options=[option])
    for row in page:
        if row.ended:
            _remove(out, "occupant", row.id)
            continue
        out["occupants"].append(
            compact(
                {
                    "id": row.id,
                    "door": row.dwelling_id,
                    "person": row.person_id,
                    "name": row.person.name,
                    "document_type": row.person.document_type,
                    "document": row.person.document_number_masked,
                    "phone": row.person.phone_masked,
                    "home_county": row.person.home_county,
                    "reason": row.reason,
                    "intended_stay": row.intended_stay,
                    "moved_in_on": row.moved_in_on,
                }
            )
        )
    return page


WORKPLACE_KEYS = ("id", "kind", "name", "credit_code", "contact_name", "headcount", "dormitory_headcount")


def workplaces(actor: Actor, cursor: Cursor, limit: int, out: Rows) -> Page:
    """Shops, workshops and sites behind doors; the contact's phone masked."""
    page = _read(Workplace, actor, cursor, limit, *_fresh(cursor, Workplace.ended))
    for row in page:
        if row.ended:
            _remove(out, "workplace", row.id)
            continue
        facts = {key: getattr(row, key) for key in WORKPLACE_KEYS}
        facts |= {"door": row.dwelling_id, "contact_phone": row.contact_phone_masked}
        out["workplaces"].append(compact(facts))
    return page


def findings(actor: Actor, cursor: Cursor, limit: int, out: Rows, *, frequency: Frequency) -> Page:
    """Open hazards; with one that changed comes its door, whose next visit may be due on another day."""
    page = _read(Finding, actor, cursor, limit, *_fresh(cursor, Finding.settled))
    papers = notices.newest_of([row for row in page if not row.settled])
    _tell(actor, doors_behind(actor, page, cursor), out, frequency)
    for row in page:
        if row.settled:
            _remove(out, "finding", row.id)
            continue
        out["findings"].append(
            compact(
                {
                    "id": row.id,
                    "door": row.dwelling_id,
                    "item": row.item_code,
                    "status": row.status,
                    "severity": row.severity,
                    "due_on": row.due_on,
                    "spot": row.spot,
                    "note": row.note,
                    "found_at": instant_text(row.found_at),
                    "photo": row.photo_ids[0] if row.photo_ids else None,
                    "notice": _paper(papers.get(row.id)),
                    "yours": (row.assignee_id == actor.id and row.status in UNSEEN) or None,
                }
            )
        )
    return page


def _paper(notice: HazardNotice | None) -> Row | None:
    """The paper that the household has: asked for its code, a worker shows it again."""
    return None if notice is None else {"code": notice.code, "at": instant_text(notice.issued_at)}


def reviews(actor: Actor, cursor: Cursor, limit: int, out: Rows) -> Page:
    """What the lead said of this worker's visits; returned ones with their content."""
    since = utcnow() - REVIEWS_FOR
    recent = or_(Visit.state == ReviewState.RETURNED, Visit.received_at > since, Visit.decided_at > since)
    page = _read(
        Visit,
        actor,
        cursor,
        limit,
        Visit.author_id == actor.id,
        *([recent] if cursor.since == 0 else []),  # of an older one it hears that it is not returned any more
        options=[selectinload(Visit.revisions), joinedload(Visit.dwelling).joinedload(Dwelling.building)],
    )
    decisions = returned.newest_reviews(page)
    reasons, fields = returned.reasons_in(spoken(), decisions)
    gone = returned.no_more([row for row in page if row.state == ReviewState.RETURNED])
    for row in page:
        said_of = row.id, row.revision
        reason = reasons.get(said_of)
        state = {
            "visit": row.id,
            "state": row.state,
            "revision": row.revision,
            "at": instant_text(row.decided_at),
        }
        out["reviews"].append(compact(state | {"reason": reason}))
        if row.state == ReviewState.RETURNED:
            out["returned"].append(compact(returned.row_of(row, reason, fields.get(said_of, []), gone)))
        elif cursor.since != 0:
            _remove(out, "returned", row.id)
    return page


def removed(actor: Actor, cursor: Cursor, limit: int, out: Rows) -> Page:
    """What a phone must forget."""
    if cursor.since == 0:
        return []
    page = _read(Tombstone, actor, cursor, limit)
    for row in page:
        _remove(out, row.kind, row.row_id)
    return page


def _remove(out: Rows, kind: str, row_id: Any) -> None:
    out["removed"].append({"kind": kind, "id": row_id})


Part = Callable[[Actor, Cursor, int, Rows], Page]


def parts(frequency: Frequency) -> tuple[Part, ...]:
    """All of them in the order in which a pass reads them, for a district that visits so often."""
    return (
        rounds,
        buildings,
        partial(doors, frequency=frequency),
        occupants,
        partial(findings, frequency=frequency),
        reviews,
        removed,
        workplaces,
    )


NAMES = (
    *("rounds", "buildings", "doors", "workplaces", "occupants", "findings"),
    *("returned", "reviews", "removed"),
)
