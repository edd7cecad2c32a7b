"""Rechecks at the door that wait for their photo: closed once it is stored, void when it cannot be used.

How long they wait is in lapsing.py. A photo that comes after that closes all the same while nobody has looked again,
and so does one that is found good after it was taken for unusable (photos/judging.py).

A photo comes on its own, before or after the visit that names it, sometimes at the same moment. Whoever comes
second closes: each writes down its own part, takes the district's change number, which the other one holds until it
has committed, and looks for the other's part then.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import selectinload

from field.core.changes import next_change
from field.core.db import db
from field.hazards import evidence, life
from field.hazards.models import Action, Finding, FindingStatus, FindingStep
from field.photos import service as photos
from field.photos.models import Photo, PhotoState
from field.visits.models import Visit

_UNUSABLE = {PhotoState.QUARANTINED, PhotoState.EXPIRED}
_BEST_FIRST = (PhotoState.STORED, PhotoState.UPLOADING, PhotoState.QUARANTINED, PhotoState.EXPIRED)


def is_here(photos: Iterable[str], visit: Visit) -> bool:
    """Whether one of a visit's photos is stored already."""
    next_change(db.session(), visit.district)
    return any(_state(photo, visit.id, visit.district) == PhotoState.STORED for photo in photos)


def settle(finding: Finding, at: datetime) -> None:
    """Close it when a photo of its recheck is stored; the recheck is void when none of them can be used any more.

    Also when it waited in vain, or for what was unusable, and nobody has looked since. Nothing happens while one is
    on its way, or when it waits for none. The row must be locked.
    """
    if finding.status != FindingStatus.AWAITING_PHOTO and finding.voided_at is None:
        return
    next_change(db.session(), finding.district)
    words = _words(finding)
    states = [_state_of_new(photo, word, finding) for word in words for photo in _named_anew(word, finding)]
    if PhotoState.STORED in states:
        life.step(finding, Action.CONFIRM_RECHECK, None, at, visit_id=words[0].visit_id)
    elif states and set(states) <= _UNUSABLE and not _is_void(finding):
        life.step(finding, Action.VOID_RECHECK, None, at, visit_id=words[0].visit_id)


def has_lapsed(finding: Finding) -> bool:
    """Whether a recheck of it waited in vain, and nobody has looked again since."""
    return _ended_by(finding, Action.LAPSE_RECHECK)


def _is_void(finding: Finding) -> bool:
    return _ended_by(finding, Action.VOID_RECHECK)


def _ended_by(finding: Finding, action: Action) -> bool:
    ends = [step.action for step in finding.steps if step.action in life.VOIDING]
    return finding.voided_at is not None and ends[-1:] == [action]


def _words(finding: Finding) -> list[FindingStep]:
    """The rechecks for whose photos it waits, the newest first."""
    found, taken_back = [], set()
    for step in reversed(finding.steps):
        if step.action == Action.TAKE_BACK:
            taken_back.add(step.visit_id)
        elif step.action == Action.AWAIT_PHOTO and step.visit_id not in taken_back:
            found.append(step)
        elif not _leaves_waiting(step):
            break
    return found


def _leaves_waiting(step: FindingStep) -> bool:
    """Whether rechecks before this step may still be waiting after it."""
    waits = {FindingStatus.AWAITING_PHOTO, FindingStatus.CLOSED}
    return step.status in waits or step.action in life.VOIDING or step.status == step.came_from


def _named_anew(word: FindingStep, finding: Finding) -> list[str]:
    """The photos of a recheck that no step before it names."""
    known = {*finding.photo_ids, *(photo for step in _before(word, finding) for photo in step.photo_ids)}
    return [photo for photo in word.photo_ids if photo not in known]


def _before(word: FindingStep, finding: Finding) -> list[FindingStep]:
    return [step for step in finding.steps if step.number < word.number]


def _state_of_new(photo: str, word: FindingStep, finding: Finding) -> PhotoState:
    """What is known of it; a picture that the hazard had before cannot be used, under whatever name it came."""
    state = _state(photo, word.visit_id, finding.district)
    if state == PhotoState.STORED and not evidence.fresh_among([photo], finding, _before(word, finding)):
        return PhotoState.QUARANTINED
    return state


def _state(photo: str, visit_id: UUID | None, district: int) -> PhotoState:
    """The best that is known of a whole photo; one that nobody has announced yet counts as on its way."""
    statement = select(Photo.state).where(
        Photo.district == district,
        Photo.visit_id == visit_id,
        Photo.photo_id == UUID(photo),
        Photo.kind == "full",
    )
    states = set(db.session.scalars(statement))
    return next((one for one in _BEST_FIRST if one in states), PhotoState.UPLOADING)


# Made once: every photo asks it, nearly always in vain.
_WAITING_FOR = (
    select(Finding)
    .join(FindingStep, FindingStep.finding_id == Finding.id)
    .where(
        FindingStep.district == bindparam("district"),
        FindingStep.visit_id == bindparam("visit"),
        FindingStep.action == Action.AWAIT_PHOTO,
        or_(Finding.status == FindingStatus.AWAITING_PHOTO, Finding.voided_at.is_not(None)),
    )
    .options(selectinload(Finding.steps))
    .order_by(Finding.id)
    .with_for_update(of=Finding)
    .execution_options(populate_existing=True)
)


@photos.when_settled
def look_at_waiting(photo: Photo, now: datetime) -> None:
    """A whole photo has ended: settle the hazards whose recheck names it."""
    if photo.kind != "full":
        return
    of_photo = {"district": photo.district, "visit": photo.visit_id}
    for finding in db.session.scalars(_WAITING_FOR, of_photo).unique():
        settle(finding, now)
