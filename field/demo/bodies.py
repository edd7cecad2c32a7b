"""What phones say of the calls of the demo's story, by the contract: bodies of visits, and their photos."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from field.core.clock import instant_text
from field.core.db import db
from field.core.ids import new_id
from field.demo.story import Call
from field.places.models import Building, Dwelling

Part = dict[str, Any]


def digest_of(content: bytes) -> str:
    """As the contract writes it."""
    return f"sha-256:{hashlib.sha256(content).hexdigest()}"


def photo_part(content: bytes, at: datetime) -> Part:
    """How a body lists a photo."""
    return {
        "id": str(new_id()),
        "digest": digest_of(content),
        "size": len(content),
        "type": "image/jpeg",
        "taken_at": instant_text(at - timedelta(minutes=3)),
    }


def body_of(call: Call, at: datetime, photo: Part | None, hazards: Mapping[str, UUID]) -> Part:
    """The body of a call; `hazards` are those found so far, by their names in the story."""
    named = [photo["id"]] if photo else []
    body: Part = {
        "visit": str(new_id()),
        "revision": 1,
        "started_at": instant_text(at - timedelta(minutes=8)),
        "finished_at": instant_text(at),
        "outcome": call.outcome,
        "note": call.note,
        "dwelling_changes": dict(call.changes),
        "photos": [photo] if photo else [],
        "findings": _findings(call, named),
        "rechecks": _rechecks(call, named, hazards),
    }
    body |= _door(call) | _consent(call, at)
    if call.outcome == "done":
        body["checklist"] = {"code": "home-safety", "version": 1, "checked": True}
    return {key: value for key, value in body.items() if value not in ("", [], {})}


def _consent(call: Call, at: datetime) -> Part:
    if call.outcome != "done":
        return {}
    shown = {"version": 1, "shown_at": instant_text(at - timedelta(minutes=7)), "languages": ["zh"]}
    return {"consent": True, "notice": shown} | ({} if call.changes else {"unchanged": True})


def _door(call: Call) -> Part:
    """The register's door, as it was before anybody came; or one that the worker adds."""
    building = db.session.scalars(select(Building).where(Building.address == call.plate)).one()
    if call.new_door:
        part = {"building": str(building.id), "floor": int(call.door[0]), "door": call.door}
        return {"dwelling": str(new_id()), "door": part | {"address_anomaly": "no_plate"}}
    where = Dwelling.building_id == building.id, Dwelling.door == call.door
    found = db.session.scalars(select(Dwelling).where(*where)).one()
    return {"dwelling": str(found.id), "base_revision": 1 if call.changes else found.revision}


def _findings(call: Call, named: list[str]) -> list[Part]:
    if not call.item:
        return []
    part = {"id": str(new_id()), "item": call.item, "action": call.action, "spot": call.spot, "photos": named}
    return [{key: value for key, value in part.items() if value not in ("", [])}]


def _rechecks(call: Call, named: list[str], hazards: Mapping[str, UUID]) -> list[Part]:
    if not call.again:
        return []
    part = {"finding": str(hazards[call.again]), "passed": call.passed, "note": call.note, "photos": named}
    return [{key: value for key, value in part.items() if value not in ("", [])}]
