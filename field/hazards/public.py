"""What a household reads of its own notice, without a name or an address, and its word that something is fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from field.accounts import throttles
from field.checklists.models import ChecklistItem
from field.core.errors import Problem
from field.hazards import evidence, life, notices, queries
from field.hazards.models import Action, Finding, FindingStatus, HazardNotice
from field.photos.desk import Proven

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Wrong codes that one address may send in an hour before it is told to stop.
GUESSES = 20
# Reports that one address may send in an hour, and for each hazard that the notice names.
REPORTS, OF_HAZARD = 20, 2
# Reports with a good photo that one notice takes in a day, and for each hazard that it names.
OF_NOTICE, A_DAY = 10, 3
# What the household's word on it stands until; a department that has it says nothing about that word.
_ASKED_ANEW = {Action.NOTIFY, Action.FAIL_RECHECK, Action.RETURN, Action.RECALL, Action.FEED_BACK}


@dataclass(frozen=True)
class Line:
    """One hazard in words that tell of no person: what it is, by when, and `state`: open, said (by the household),
    seen (put right, its photo is on the way), closed, withdrawn."""

    place: int
    name: tuple[str, str]
    wrong: tuple[str, str]
    due_on: date
    late: bool
    state: str


@dataclass(frozen=True)
class Sheet:
    """A notice as its household may read it."""

    number: str
    issued_at: datetime
    lines: Sequence[Line]
    office: str
    telephone: str


def sheet(notice: HazardNotice, today: date) -> Sheet:
    """Nothing that somebody typed is in it: no spot, no note, no name, no address, no photo."""
    contact = notices.contact_of(notice)
    return Sheet(
        notices.number_text(notice),
        notice.issued_at,
        [_line(place, row, today) for place, row in enumerate(notice.findings, 1)],
        contact.name if contact else "",
        contact.telephone if contact else "",
    )


def _line(place: int, finding: Finding, today: date) -> Line:
    item: ChecklistItem | None = queries.item_of(finding)
    name = finding.name_zh, finding.name_en
    wrong = (item.violation_zh, item.violation_en) if item else name
    return Line(place, name, wrong, finding.due_on, finding.due_on < today, _state(finding))


def _state(finding: Finding) -> str:
    if finding.withdrawn:
        return "withdrawn"
    if finding.settled:
        return "closed"
    if finding.status == FindingStatus.AWAITING_PHOTO:
        return "seen"
    return "said" if _said(finding) or finding.status == FindingStatus.RECHECK_DUE else "open"


def _said(finding: Finding) -> bool:
    """Whether the household has shown that it is put right, and nobody has answered that since."""
    for step in reversed(finding.steps):
        if step.action in _ASKED_ANEW:
            return False
        if step.action in {Action.REPORT_FIXED, Action.NOTE} and step.actor_id is None and step.photo_ids:
            return True
    return False


def find(code: str, address: str, now: datetime) -> HazardNotice | None:
    """The notice of a code; raises Problem `too-many-requests` for addresses that guess. Write nothing here.

    Whoever has a code is answered: many homes share an address, and nobody comes upon one of 58 bits by trying.
    """
    found = notices.by_code(code)
    if found is None and throttles.counted(f"notice-guess:{address}", HOUR, now) >= GUESSES:
        raise _too_many(
            HOUR, _("Too many codes were tried from here that do not exist. Please try again in an hour.")
        )
    return found


def count_guess(address: str, now: datetime) -> None:
    """Remember a code that there is not."""
    throttles.count(f"notice-guess:{address}", HOUR, now)


def count_report(notice: HazardNotice, address: str, now: datetime) -> None:
    """Count a report of an address before its photo is looked at; raises Problem `too-many-requests`.

    The notice counts only what it takes, so that nobody else's bad photos keep the household from reporting.
    """
    named = len(notice.findings)
    if throttles.counted(f"notice-report:{address}", HOUR, now) >= max(REPORTS, OF_HAZARD * named):
        raise _too_many(
            HOUR, _("Too many photos came from here. Please try again in an hour, or ask the office below.")
        )
    if throttles.counted(f"notice-code:{notice.code}", DAY, now) >= max(OF_NOTICE, A_DAY * named):
        raise _too_many(
            DAY,
            _(
                "Too many photos came for this notice today. Please try again tomorrow, or ask the office below."
            ),
        )
    throttles.count(f"notice-report:{address}", HOUR, now)


def hazard_at(notice: HazardNotice, place: int) -> Finding | None:
    """A hazard of a notice; None when nobody waits for a word on it any more. Raises Problem `not-found`."""
    rows = dict(enumerate(notice.findings, 1))
    if place not in rows:
        raise Problem("not-found")
    return rows[place] if _state(rows[place]) == "open" else None


def report_fixed(notice: HazardNotice, finding: Finding, proven: Sequence[Proven], now: datetime) -> None:
    """The household says that it is put right and shows it; this never closes anything."""
    held = queries.held(finding.id, finding.district)
    if _state(held) == "open":
        throttles.count(f"notice-code:{notice.code}", DAY, now)
        life.report_fixed(held, None, now, photos=evidence.keep(held, proven, now))


def _too_many(after: timedelta, said: str) -> Problem:
    return Problem("too-many-requests", said, headers={"Retry-After": str(int(after.total_seconds()))})
