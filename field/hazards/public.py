"""What a household reads of its own notice, without a name or an address, and its word that something is fixed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from field.accounts import throttles
from field.checklists.models import ChecklistItem
from field.core.errors import Problem
from field.hazards import evidence, life, notices, queries
from field.hazards.models import Finding, FindingStatus, HazardNotice
from field.photos.desk import Proven

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Wrong codes and reports that one address, and reports that one notice, may send.
GUESSES, REPORTS, OF_NOTICE = 20, 20, 10


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
    said = finding.steps[-1].actor_id is None and finding.steps[-1].photo_ids
    return "said" if said or finding.status == FindingStatus.RECHECK_DUE else "open"


def find(code: str, address: str, now: datetime) -> HazardNotice | None:
    """The notice of a code; raises Problem `too-many-requests` for addresses that guess. Write nothing here."""
    if throttles.counted(f"notice-guess:{address}", HOUR, now) >= GUESSES:
        raise _too_many(
            HOUR, _("Too many codes were tried from here that do not exist. Please try again in an hour.")
        )
    return notices.by_code(code)


def count_guess(address: str, now: datetime) -> None:
    """Remember a code that there is not."""
    throttles.count(f"notice-guess:{address}", HOUR, now)


def count_report(notice: HazardNotice, address: str, now: datetime) -> None:
    """Count a report before its photo is looked at; raises Problem `too-many-requests`."""
    if throttles.counted(f"notice-report:{address}", HOUR, now) >= REPORTS:
        raise _too_many(
            HOUR, _("Too many photos came from here. Please try again in an hour, or ask the office below.")
        )
    if throttles.counted(f"notice-code:{notice.code}", DAY, now) >= OF_NOTICE:
        raise _too_many(
            DAY,
            _(
                "Too many photos came for this notice today. Please try again tomorrow, or ask the office below."
            ),
        )
    throttles.count(f"notice-report:{address}", HOUR, now)
    throttles.count(f"notice-code:{notice.code}", DAY, now)


def hazard_at(notice: HazardNotice, place: int) -> Finding | None:
    """A hazard of a notice; None when nobody waits for a word on it any more. Raises Problem `not-found`."""
    rows = dict(enumerate(notice.findings, 1))
    if place not in rows:
        raise Problem("not-found")
    return rows[place] if _state(rows[place]) == "open" else None


def report_fixed(finding: Finding, proven: Sequence[Proven], now: datetime) -> None:
    """The household says that it is put right and shows it; this never closes anything."""
    held = queries.held(finding.id, finding.district)
    if _state(held) == "open":
        life.report_fixed(held, None, now, photos=evidence.keep(held, proven, now))


def _too_many(after: timedelta, said: str) -> Problem:
    return Problem("too-many-requests", said, headers={"Retry-After": str(int(after.total_seconds()))})
