"""Publishing checklists, answer lists and the privacy notice; a change is a new version, never an edit."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, select

from field.audit import service as audit
from field.checklists.models import Checklist, ChecklistItem, CodeEntry, PrivacyNotice, ServiceGuide
from field.core.db import db
from field.core.ids import new_id
from field.core.shipped import shipped_rows, words

SHIPPED = Path(__file__).parent / "data"
HOME_SAFETY = "home-safety"
DEPARTMENTS = "department"
TEXTS = ("code", "group", "name_zh", "name_en", "violation_zh", "violation_en", "severity", "basis")


def publish_home_safety(district: int) -> Checklist:
    """Publish the checklist of hazards in homes that comes with the program."""
    items = [_shipped_item(row) for row in shipped_rows(SHIPPED / "items.csv")]
    return publish(district, HOME_SAFETY, ("入户安全检查", "Home safety check"), items)


def publish(district: int, code: str, name: tuple[str, str], items: Sequence[Mapping[str, Any]]) -> Checklist:
    """Publish the next version of a checklist; `name` is (zh, en), items are columns of ChecklistItem."""
    newest = select(func.max(Checklist.version)).where(Checklist.district == district, Checklist.code == code)
    checklist = Checklist(
        id=new_id(),
        district=district,
        code=code,
        version=(db.session.scalar(newest) or 0) + 1,
        name_zh=name[0],
        name_en=name[1],
        items=[ChecklistItem(position=place, **item) for place, item in enumerate(items, 1)],
    )
    db.session.add(checklist)
    db.session.flush()
    subject = ("checklist", checklist.id)
    audit.record("checklist.published", district, subject, None, code=code, version=checklist.version)
    return checklist


def _shipped_item(row: Mapping[str, str]) -> dict[str, Any]:
    return {name: row[name] for name in TEXTS} | {
        "applies_to": words(row["applies_to"]),
        "due_days": int(row["due_days"]),
        "stop_use": row["stop_use"] == "1",
        "departments": words(row["departments"]),
    }


def load_codes(district: int) -> int:
    """Add or reword the answers of every list that comes with the program; departments are one more list."""
    rows = shipped_rows(SHIPPED / "codes.csv")
    rows += [row | {"list": DEPARTMENTS} for row in shipped_rows(SHIPPED / "departments.csv")]
    statement = select(CodeEntry).where(CodeEntry.district == district)
    known = {(entry.list, entry.code): entry for entry in db.session.scalars(statement)}
    for position, row in enumerate(rows, 1):
        entry = known.get((row["list"], row["code"]))
        if entry is None:
            entry = CodeEntry(district=district, list=row["list"], code=row["code"])
            db.session.add(entry)
        entry.position, entry.zh, entry.en = position, row["zh"], row["en"]
    db.session.flush()
    return len(rows)


def publish_shipped_notice(district: int) -> PrivacyNotice:
    """Publish the privacy notice that comes with the program."""
    texts = orjson.loads((SHIPPED / "notice.json").read_bytes())
    return publish_notice(district, texts["zh"], texts["en"])


def publish_notice(district: int, zh: dict[str, object], en: dict[str, object]) -> PrivacyNotice:
    """Publish the next version of the notice; each text is {title, paragraphs}."""
    newest = select(func.max(PrivacyNotice.version)).where(PrivacyNotice.district == district)
    notice = PrivacyNotice(district=district, version=(db.session.scalar(newest) or 0) + 1, zh=zh, en=en)
    db.session.add(notice)
    db.session.flush()
    audit.record("notice.published", district, ("notice", None), None, version=notice.version)
    return notice


def load_guides(district: int) -> int:
    """Add or renew the guides to requests that come with the program; says how many there are."""
    rows = orjson.loads((SHIPPED / "guides.json").read_bytes())
    for row in rows:
        kind, as_of = row.pop("kind"), date.fromisoformat(row.pop("as_of"))
        db.session.merge(ServiceGuide(district=district, kind=kind, as_of=as_of, content=row))
    db.session.flush()
    return len(rows)
