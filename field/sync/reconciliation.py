"""Reconciliation: whether everything that a phone still holds is whole here, by id and digest."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from field.accounts.models import Device
from field.core.clock import instant_text
from field.core.db import db
from field.core.installation import installation
from field.photos import losing
from field.photos.models import Photo, PhotoState
from field.photos.store import Store
from field.sync.models import InboxEvent, Result


def lost_photos(device: Device, held: Mapping[str, Any], store: Store) -> list[UUID]:
    """The uploads of photos that the phone holds, that were stored here and are no longer in the store; outside
    transactions. Raises StoreFailed."""
    digests = {(one["id"], one["kind"], one["digest"]) for one in held["photos"]}
    rows = _photos(device.district, [one["id"] for one in held["photos"]])
    return losing.lost_among((row for row in rows if _name(row) in digests), store)


def reconcile(device: Device, held: Mapping[str, Any], lost: Sequence[UUID], now: datetime) -> dict[str, Any]:
    """Compare what the phone holds, ask again for the photos that are `lost`, and remember its state for the lead;
    the caller commits."""
    losing.reopen(lost, now)
    device.contact_at = now
    visits = _judge_visits(device, held["visits"])
    photos = _judge_photos(device, held["photos"], set(lost))
    lacking = _lacking(visits, photos, device.state.get("lacking", {}) if held["part"] else {})
    device.state = _plain(held["state"]) | {"told_at": instant_text(now), "lacking": lacking}
    here = installation()
    return {
        "epoch": here.epoch,
        "now": instant_text(now),
        "durable_through": instant_text(here.durable_through),
        "highest_seq": device.highest_seq,
        **visits,
        **photos,
    }


def _lacking(
    visits: Mapping[str, Sequence[UUID]], photos: Mapping[str, Sequence[UUID]], before: Mapping[str, int]
) -> dict[str, int]:
    """How many are not whole here, whatever the phone takes for sent; with those of the parts before."""
    found = {
        "visits": len(visits["missing"]),
        "photos": len(photos["photos_missing"]) + len(photos["photos_partial"]),
    }
    return {what: count + before.get(what, 0) for what, count in found.items()}


def _judge_visits(device: Device, held: Sequence[Mapping[str, Any]]) -> dict[str, list[UUID]]:
    found = {row.id: row for row in _events(device.district, [one["id"] for one in held])}
    lists: dict[str, list[UUID]] = {"missing": [], "quarantined": []}
    for one in held:
        row = found.get(one["id"])
        if row is None or row.result == Result.GONE or row.digest != one["digest"]:
            # What was erased is offered again too: the answer to that is what lets the phone forget it.
            lists["missing"].append(one["id"])
        elif row.result != Result.ACCEPTED:
            lists["quarantined"].append(one["id"])
    return lists


def _judge_photos(
    device: Device, held: Sequence[Mapping[str, Any]], lost: set[UUID]
) -> dict[str, list[UUID]]:
    found = {_name(row): row for row in _photos(device.district, [one["id"] for one in held])}
    names = {PhotoState.UPLOADING: "photos_partial", PhotoState.QUARANTINED: "photos_quarantined"}
    lists: dict[str, list[UUID]] = {"photos_missing": [], "photos_partial": [], "photos_quarantined": []}
    for one in held:
        row = found.get((one["id"], one["kind"], one["digest"]))
        if row is None or row.state == PhotoState.EXPIRED or row.id in lost:
            lists["photos_missing"].append(one["id"])
        elif row.state in names:
            lists[names[row.state]].append(one["id"])
    return lists


def _events(district: int, ids: Sequence[UUID]) -> Iterable[InboxEvent]:
    for some in _slices(ids):
        yield from db.session.scalars(
            select(InboxEvent).where(InboxEvent.district == district, InboxEvent.id.in_(some))
        )


def _photos(district: int, ids: Sequence[UUID]) -> Iterable[Photo]:
    for some in _slices(ids):
        yield from db.session.scalars(
            select(Photo).where(Photo.district == district, Photo.photo_id.in_(some))
        )


def _name(row: Photo) -> tuple[UUID, str, str]:
    return row.photo_id, row.kind, row.digest


def _slices(ids: Sequence[UUID]) -> list[Sequence[UUID]]:
    return [ids[start : start + 500] for start in range(0, len(ids), 500)]


def _plain(state: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _plain_value(value) for key, value in state.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant_text(value)
    return value.replace("\0", "") if isinstance(value, str) else value
