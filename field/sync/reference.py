"""What every phone of a district carries besides places: checklists, code lists, the privacy notice."""

import hashlib
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from field.checklists.models import Checklist, CodeEntry, PrivacyNotice
from field.core.db import db

ITEM_KEYS = ("code", "group", "applies_to", "severity", "due_days", "stop_use", "basis")


def reference(district: int) -> dict[str, Any]:
    """Newest version of every checklist, all code lists, the newest notice."""
    return {"checklists": _checklists(district), "codes": _codes(district), "notices": _notices(district)}


def fingerprint(content: dict[str, Any]) -> str:
    """Changes when any of it does."""
    return hashlib.sha256(orjson.dumps(content)).hexdigest()[:12]


def _checklists(district: int) -> list[dict[str, Any]]:
    statement = (
        select(Checklist).where(Checklist.district == district).order_by(Checklist.code, Checklist.version)
    )
    newest = {row.code: row for row in db.session.scalars(statement.options(selectinload(Checklist.items)))}
    return [
        {
            "code": row.code,
            "version": row.version,
            "name": {"zh": row.name_zh, "en": row.name_en},
            "items": [_item(item) for item in row.items],
        }
        for row in newest.values()
    ]


def _item(item: Any) -> dict[str, Any]:
    facts = {key: getattr(item, key) for key in ITEM_KEYS}
    return facts | {
        "name": {"zh": item.name_zh, "en": item.name_en},
        "violation": {"zh": item.violation_zh, "en": item.violation_en},
    }


def _codes(district: int) -> dict[str, list[dict[str, str]]]:
    statement = (
        select(CodeEntry).where(CodeEntry.district == district).order_by(CodeEntry.list, CodeEntry.position)
    )
    lists: dict[str, list[dict[str, str]]] = {}
    for row in db.session.scalars(statement):
        lists.setdefault(row.list, []).append({"code": row.code, "zh": row.zh, "en": row.en})
    return lists


def _notices(district: int) -> list[dict[str, Any]]:
    statement = (
        select(PrivacyNotice).where(PrivacyNotice.district == district).order_by(PrivacyNotice.version.desc())
    )
    newest = db.session.scalars(statement.limit(1)).first()
    return [{"version": newest.version, "zh": newest.zh, "en": newest.en}] if newest else []
