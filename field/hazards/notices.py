"""Hazard notices: issued with the next number of the community, printed, and found by their code."""

import secrets
from collections.abc import Container, Iterable, Sequence
from datetime import date, datetime
from unicodedata import normalize
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import contains_eager, selectinload

from field.accounts.scope import Actor, Scope
from field.audit import service as audit
from field.audit.queries import newest_about
from field.core.clock import local_day
from field.core.db import db, only
from field.core.errors import Problem
from field.core.ids import new_id
from field.core.twice import in_turn, moments_ago
from field.hazards.models import Finding, HazardNotice, NoticeContact, NoticeCounter, NoticeFinding
from field.places.models import Area, Dwelling, Level

# Without what is mistaken for one another; twelve of thirty are 58 bits.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
_PRINTED, _REPRINTED = "hazard_notice.printed", "hazard_notice.reprinted"


def issue(
    findings: Sequence[Finding], actor_id: UUID, at: datetime, zone: str, code: str | None = None
) -> HazardNotice | None:
    """Issue one notice for hazards of one door; None when there are none. A phone may have given the code already.

    The number is taken last, after everything else was written: the same order everywhere, so two who issue at
    once wait for each other and never in a circle. A rollback, also to a savepoint, gives the number back.
    """
    if not findings:
        return None
    first = findings[0]
    db.session.flush()
    area_code, year = first.grid_code.partition("-")[0], local_day(at, zone).year
    notice = HazardNotice(
        id=new_id(),
        district=first.district,
        area_code=area_code,
        year=year,
        number=_next_number(first.district, area_code, year),
        code=_free_code(code),
        dwelling_id=first.dwelling_id,
        issued_at=at,
        issued_by=actor_id,
        copies=0,
    )
    db.session.add(notice)
    db.session.flush()
    db.session.add_all(NoticeFinding(notice_id=notice.id, finding_id=row.id) for row in findings)
    audit.record(
        *("hazard_notice.issued", notice.district, ("hazard_notice", notice.id), actor_id),
        number=number_text(notice),
    )
    return notice


def _free_code(wanted: str | None) -> str:
    """The code that a phone made without a signal, unless another notice has it: then one that is on no paper yet."""
    taken = wanted and db.session.scalar(select(HazardNotice.id).where(HazardNotice.code == wanted))
    if wanted and not taken:
        return wanted
    return "".join(secrets.choice(ALPHABET) for _unused in range(LENGTH))


def _next_number(district: int, area_code: str, year: int) -> int:
    insert = (postgresql if db.session.get_bind().dialect.name == "postgresql" else sqlite).insert
    key = {"district": district, "area_code": area_code, "year": year}
    db.session.execute(insert(NoticeCounter).values(**key, last=0).on_conflict_do_nothing())
    taken = (
        update(NoticeCounter)
        .filter_by(**key)
        .values(last=NoticeCounter.last + 1)
        .returning(NoticeCounter.last)
        .execution_options(synchronize_session=False)
    )
    return db.session.execute(taken).scalar_one()


def number_text(notice: HazardNotice) -> str:
    """The number as it is printed: community, year, running number."""
    return f"{notice.area_code}-{notice.year}-{notice.number:04d}"


def spoken_code(notice: HazardNotice) -> str:
    """The code in groups, to read out."""
    return "-".join(notice.code[start : start + 4] for start in range(0, LENGTH, 4))


def typed(text: str) -> str:
    """A code as it is kept, whatever its case and spaces, also in wide signs; empty if it is none."""
    code = "".join(sign for sign in normalize("NFKC", text).upper() if sign.isascii() and sign.isalnum())
    return code if len(code) == LENGTH else ""


def by_code(text: str) -> HazardNotice | None:
    """The notice of a code, however it was typed."""
    code = typed(text)
    if not code:
        return None
    statement = select(HazardNotice).where(HazardNotice.code == code)
    named = selectinload(HazardNotice.findings).selectinload(Finding.steps)
    return db.session.scalar(statement.options(named))


def notice(notice_id: UUID, scope: Scope) -> HazardNotice:
    """A notice within the scope, with its door and hazards; raises Problem `not-found`."""
    statement = (
        select(HazardNotice)
        .join(HazardNotice.dwelling)
        .join(Dwelling.building)
        .options(
            contains_eager(HazardNotice.dwelling).contains_eager(Dwelling.building),
            selectinload(HazardNotice.findings),
        )
        .where(HazardNotice.id == notice_id, scope.where(Dwelling))
    )
    return only(statement)


def of_finding(finding: Finding) -> Sequence[HazardNotice]:
    """The notices that name a hazard, oldest first."""
    statement = select(HazardNotice).join(NoticeFinding, NoticeFinding.notice_id == HazardNotice.id)
    statement = statement.where(NoticeFinding.finding_id == finding.id)
    return db.session.scalars(statement.order_by(HazardNotice.issued_at, HazardNotice.id)).all()


def newest_of(findings: Sequence[Finding]) -> dict[UUID, HazardNotice]:
    """The last notice that names each of these hazards; one question to the database for all of them."""
    ids = [row.id for row in findings]
    if not ids:
        return {}
    statement = select(NoticeFinding.finding_id, HazardNotice).join(
        HazardNotice, HazardNotice.id == NoticeFinding.notice_id
    )
    rows = db.session.execute(
        statement.where(NoticeFinding.finding_id.in_(ids)).order_by(HazardNotice.issued_at, HazardNotice.id)
    )
    return {finding_id: found for finding_id, found in rows}


def deadline_on(found: HazardNotice, finding: Finding) -> date | None:
    """The deadline that stood on a notice; None when it has been moved since and nobody wrote down the first one."""
    given = [step for step in finding.steps if step.due_on is not None]
    if all(step.at <= found.issued_at for step in given):
        return finding.due_on
    before = [step.due_on for step in given if step.at <= found.issued_at]
    return before[-1] if before else None


def count_copy(notice_id: UUID, paper: str, actor: Actor, now: datetime) -> HazardNotice:
    """Count one more paper of a notice; from the second on it says so. A double click is answered as the first was."""
    found = notice(notice_id, actor.scope)
    db.session.refresh(found, with_for_update=True)
    if _counted_just_now(found, paper, actor, now):
        return found
    found.copies += 1
    action = _PRINTED if found.copies == 1 else _REPRINTED
    audit.record(
        *(action, found.district, ("hazard_notice", found.id), actor.id), copy=found.copies, paper=paper
    )
    return found


def _counted_just_now(found: HazardNotice, paper: str, actor: Actor, now: datetime) -> bool:
    last = newest_about(found.district, found.id, (_PRINTED, _REPRINTED))
    return (
        last is not None
        and (last.actor_id, last.details.get("paper")) == (actor.id, paper)
        and moments_ago(last.at, now)
    )


def contact_of(found: HazardNotice) -> NoticeContact | None:
    """Whom to call: the community's office, else that of the area above."""
    return contacts_of(found.district, [found.area_code])[found.area_code]


def contacts_of(district: int, area_codes: Iterable[str]) -> dict[str, NoticeContact | None]:
    """Whom to call in each of some communities, as on their notices."""
    ways = {code: _upwards(code) for code in area_codes}
    statement = select(NoticeContact).where(
        NoticeContact.district == district,
        NoticeContact.area_code.in_({code for codes in ways.values() for code in codes}),
    )
    rows = {row.area_code: row for row in db.session.scalars(statement)}
    return {
        place: next((rows[code] for code in codes if code in rows), None) for place, codes in ways.items()
    }


def _upwards(area_code: str) -> list[str]:
    """A community and the areas above it."""
    return [area_code, f"{area_code[:9]}000", f"{area_code[:6]}000000"]


def without_contact(areas: Sequence[Area], contacts: Container[str]) -> list[Area]:
    """The communities and villages whose notices name nobody to call."""
    places = [area for area in areas if area.level in {Level.COMMUNITY, Level.VILLAGE}]
    return [area for area in places if not any(code in contacts for code in _upwards(area.code))]


def set_contact(area_code: str, name: str, telephone: str, actor: Actor) -> None:
    """Say whom households of an area call; empty texts take it away. Raises Problem `not-found`."""
    area = db.session.get(Area, area_code)
    if area is None or area.district != actor.scope.district or not actor.scope.covers(area_code):
        raise Problem("not-found")
    in_turn(area.district)
    row = db.session.get(NoticeContact, (area.district, area_code))
    if not name or not telephone:
        if row is not None:
            db.session.delete(row)
    else:
        values = {"district": area.district, "area_code": area_code, "name": name, "telephone": telephone}
        db.session.merge(NoticeContact(**values))
    audit.record("notice_contact.changed", area.district, ("area", None), actor.id, area=area_code)


def area_name(found: HazardNotice) -> str:
    """The community's name."""
    area = db.session.get(Area, found.area_code)
    return area.name if area else found.area_code
