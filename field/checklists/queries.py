"""Reading what is in force: the newest version of each checklist, the answer lists, the notice."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import selectinload

from field.checklists.models import Checklist, ChecklistItem, CodeEntry, PrivacyNotice, ServiceGuide
from field.core.db import db


def current_checklists(district: int) -> Sequence[Checklist]:
    """The newest version of every checklist, by code, with its items in order."""
    statement = (
        select(Checklist).where(Checklist.district == district).order_by(Checklist.code, Checklist.version)
    )
    rows = db.session.scalars(statement.options(selectinload(Checklist.items)))
    return list({row.code: row for row in rows}.values())


def codes(district: int) -> dict[str, list[CodeEntry]]:
    """The answers of every list, by list, in order."""
    statement = (
        select(CodeEntry).where(CodeEntry.district == district).order_by(CodeEntry.list, CodeEntry.position)
    )
    lists: dict[str, list[CodeEntry]] = {}
    for row in db.session.scalars(statement):
        lists.setdefault(row.list, []).append(row)
    return lists


# Made once: nearly every page asks.
_WORDS = (
    select(CodeEntry.list, CodeEntry.code, CodeEntry.zh, CodeEntry.en)
    .where(CodeEntry.district == bindparam("district"))
    .order_by(CodeEntry.list, CodeEntry.position)
)
_NAMED_WORDS = _WORDS.where(CodeEntry.list.in_(bindparam("names", expanding=True)))


@dataclass(frozen=True)
class Words:
    """The answers of a district in the words of one language; a code without an entry speaks for itself."""

    language: str
    lists: dict[str, dict[str, str]]

    def of(self, name: str, code: str | None) -> str:
        """The words of a code in a list; empty for None."""
        return self.lists.get(name, {}).get(code, code) if code else ""

    def pick(self, zh: str, en: str) -> str:
        """One of two texts."""
        return zh if self.language == "zh" else en


def words(district: int, language: str, *names: str) -> Words:
    """The answers of every list, or of those that are named, in order, in one language (zh or en)."""
    statement = _NAMED_WORDS if names else _WORDS
    lists: dict[str, dict[str, str]] = {}
    for name, code, zh, en in db.session.execute(statement, {"district": district, "names": names}):
        lists.setdefault(name, {})[code] = zh if language == "zh" else en
    return Words(language, lists)


def item_names(said_in: Words, district: int) -> dict[str, str]:
    """The names of kinds of hazards by their code, in the newest words of each."""
    statement = (
        select(ChecklistItem.code, ChecklistItem.name_zh, ChecklistItem.name_en)
        .join(Checklist, Checklist.id == ChecklistItem.checklist_id)
        .where(Checklist.district == district)
        .order_by(Checklist.version)
    )
    return {code: said_in.pick(zh, en) for code, zh, en in db.session.execute(statement)}


def current_notice(district: int) -> PrivacyNotice | None:
    """The newest privacy notice, if any was published."""
    statement = (
        select(PrivacyNotice).where(PrivacyNotice.district == district).order_by(PrivacyNotice.version.desc())
    )
    return db.session.scalars(statement.limit(1)).first()


def guides(district: int) -> Sequence[ServiceGuide]:
    """What helps with requests, by kind."""
    statement = select(ServiceGuide).where(ServiceGuide.district == district).order_by(ServiceGuide.kind)
    return db.session.scalars(statement).all()
