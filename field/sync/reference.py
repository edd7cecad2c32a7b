"""What every phone of a district carries besides places: checklists, code lists, the privacy notice, a public key."""

import base64
import hashlib
from typing import Any

import orjson

from field.checklists import queries
from field.core import rescue
from field.hazards import terms

ITEM_KEYS = ("code", "group", "applies_to", "severity", "due_days", "stop_use", "basis")


def reference(district: int) -> dict[str, Any]:
    """Newest version of every checklist, all code lists, the newest notice, guides, the key for rescue files."""
    return {
        "checklists": _checklists(district),
        "codes": _codes(district),
        "notices": _notices(district),
        "rescue": {"key": rescue.key_id(), "public": base64.b64encode(rescue.public_key()).decode()},
        "guides": _guides(district),
    }


def fingerprint(content: dict[str, Any]) -> str:
    """Changes when any of it does."""
    return hashlib.sha256(orjson.dumps(content)).hexdigest()[:12]


def _checklists(district: int) -> list[dict[str, Any]]:
    days, calendar = terms.told_to_phones(district)
    return [
        {
            "code": row.code,
            "version": row.version,
            "name": {"zh": row.name_zh, "en": row.name_en},
            "items": [_item(item) | days.get(item.code, {}) for item in row.items],
        }
        | ({"calendar": calendar} if calendar else {})
        for row in queries.current_checklists(district)
    ]


def _item(item: Any) -> dict[str, Any]:
    facts = {key: getattr(item, key) for key in ITEM_KEYS}
    return facts | {
        "name": {"zh": item.name_zh, "en": item.name_en},
        "violation": {"zh": item.violation_zh, "en": item.violation_en},
    }


def _codes(district: int) -> dict[str, list[dict[str, str]]]:
    return {
        name: [{"code": row.code, "zh": row.zh, "en": row.en} for row in rows]
        for name, rows in queries.codes(district).items()
    }


def _notices(district: int) -> list[dict[str, Any]]:
    newest = queries.current_notice(district)
    return [{"version": newest.version, "zh": newest.zh, "en": newest.en}] if newest else []


def _guides(district: int) -> list[dict[str, Any]]:
    return [
        row.content | {"kind": row.kind, "as_of": row.as_of.isoformat()} for row in queries.guides(district)
    ]
