"""The pack: what a phone may hold, in pages of bounded size; costs what changed, not what exists.

Change numbers become visible in their own order (core.changes), so a finished pass is whole: no row
that commits late can fall behind a cursor.
"""

import hashlib
from typing import Any
from uuid import UUID

from sqlalchemy import select

from field.accounts.scope import Actor
from field.core.changes import newest_change
from field.core.clock import instant_text, utcnow
from field.core.db import db
from field.core.installation import installation
from field.hazards import notices
from field.hazards.intervals import Frequency, frequency_of
from field.hazards.models import NoticeContact
from field.places.models import Area, Level
from field.sync.cursor import Cursor, read_cursor
from field.sync.endings import endings
from field.sync.parts import NAMES, parts
from field.sync.reference import fingerprint, reference
from field.sync.rows import Rows

PAGE_ROWS = 2000


def pack_page(actor: Actor, since: str | None, zone: str, page_rows: int = PAGE_ROWS) -> dict[str, Any]:
    """One page of the pack from a cursor on; `more` tells to ask again with the new cursor.

    What was answered before `now` is in the pack once the pass is whole; call it before anything is read.
    """
    now = instant_text(utcnow())
    content = reference(actor.scope.district) | {"grids": _grids(actor)}
    frequency = frequency_of(actor.scope.district, zone)
    view = _view(actor, fingerprint(content), frequency)
    asked = read_cursor(since)
    newest = newest_change(db.session(), actor.scope.district)
    # A cursor ahead of all changes is of a database that was brought back to an earlier moment.
    reset = asked is None or asked.view != view or max(asked.since, asked.until) > newest
    cursor = Cursor(view) if asked is None or reset else asked
    if cursor.until == 0:
        cursor = Cursor(view, cursor.since, newest, began=now)
    rows: Rows = {name: [] for name in NAMES}
    end = _collect(actor, cursor, rows, page_rows, frequency)
    page: dict[str, Any] = {
        "epoch": installation().epoch,
        "now": cursor.began or now,  # a pass of an earlier release does not know
        "cursor": end.text(),
        "more": end.until != 0,
        "reset": reset,
        "user": {"id": actor.id, "name": actor.name, "role": actor.role},
    }
    if reset:
        page |= content
    told = endings(actor, cursor) if end.until == 0 and cursor.since != cursor.until else None
    if told is not None:
        page["endings"] = told
    return page | {name: found for name, found in rows.items() if found}


def _collect(actor: Actor, cursor: Cursor, rows: Rows, room: int, frequency: Frequency) -> Cursor:
    """Fill a page from the parts in their order; the cursor after it."""
    if cursor.since == cursor.until:
        return cursor.finished()
    here, reads = cursor, parts(frequency)
    for number in range(cursor.part, len(reads)):
        if room <= 0:
            return here
        page = reads[number](actor, here, room, rows)
        room -= len(page)
        if room <= 0 and page:
            return here.at(number, page[-1].change_no, page[-1].id)
        here = here.at(number + 1, 0, UUID(int=0))
    return here.finished()


def _view(actor: Actor, reference_print: str, frequency: Frequency) -> str:
    """What a cursor is a cursor of: epoch, person, area, reference data, how often is visited."""
    facts = (installation().epoch, actor.id, *actor.scope.prefixes, reference_print, frequency)
    return hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()[:16]


def _grids(actor: Actor) -> list[dict[str, Any]]:
    """With whom the households there call about a notice, where the office has said it."""
    statement = select(Area).where(Area.district == actor.scope.district, Area.level == Level.GRID)
    grids = db.session.scalars(statement.where(actor.scope.within(Area.code)).order_by(Area.code)).all()
    parents = select(Area).where(Area.code.in_({grid.parent_code for grid in grids}))
    names = {area.code: area.name for area in db.session.scalars(parents)}
    contacts = notices.contacts_of(actor.scope.district, {grid.parent_code or "" for grid in grids})
    return [
        {"code": grid.code, "name": grid.name, "community": names.get(grid.parent_code or "", "")}
        | _call(contacts[grid.parent_code or ""])
        for grid in grids
    ]


def _call(contact: NoticeContact | None) -> dict[str, Any]:
    return {"contact": {"name": contact.name, "telephone": contact.telephone}} if contact else {}
