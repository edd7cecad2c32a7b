"""Comparing what phones called saved and what they were told with what the tables and the photo folder hold."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from field.audit.queries import verify
from field.core import tallies
from field.core.db import db
from field.core.ids import short_code
from field.core.installation import installation
from field.hazards.models import Action, Finding
from field.people.models import Occupancy
from field.photos.models import Photo, PhotoState
from field.photos.service import DAMAGED
from field.photos.store import FolderStore, StoreFailed
from field.places.models import Dwelling
from field.sync.models import Result
from field.visits.models import ServiceRequest, Visit
from field.visits.rebuilding import rebuild
from tests import factories
from tests.sim.desk import at_the_desk
from tests.sim.handset import Handset
from tests.sim.ledger import Ledger
from tests.sim.numbers import check_cleared, check_numbers
from tests.sim.tables import Tables
from tests.sim.world import World

# Reasons that a good record may meet when an account was closed, or an area moved, or a bit flipped.
_DISTURBED = {"author", "place", "waiting"}


def check_all_in(world: World, ledger: Ledger, phone: Handset) -> None:
    """A phone has just said "all in": everything that it ever called saved is here now."""
    with at_the_desk(world):
        tables = Tables()
        for event in _saved_on(ledger, phone.name):
            if event["id"] not in ledger.unsent and not tables.holds(event):
                ledger.wrong("false", f'"all in" was said on {phone.name}, event {event["id"]} is not here')
        for picture in ledger.pictures.values():
            expected = ledger.owner[picture.id] == phone.name and picture.id not in ledger.unsent
            if expected and not tables.holds_photo(picture):
                ledger.wrong("false", f'"all in" was said on {phone.name}, photo {picture.id} is not here')


def check_at_the_end(world: World, ledger: Ledger, *, disturbed: bool, flipped: bool) -> None:
    """After everything has healed: nothing lost, nothing doubled, nothing acknowledged that is not here."""
    with at_the_desk(world):
        tables = Tables()
        _check_events(tables, ledger)
        _check_reasons(tables, ledger, disturbed=disturbed, flipped=flipped)
        check_numbers(tables, ledger, flipped=flipped)
        if not flipped:
            check_cleared(tables, ledger)
        _check_told(tables, ledger, disturbed=disturbed)
        _check_photos(world, tables, ledger)
        _check_aside(world, tables, ledger)
        _check_previews(world, tables, ledger)
        _check_visits(tables, ledger)
        _check_register(world, tables, ledger)
        _check_derived(world, ledger)
        if verify(factories.DISTRICT).broken_at is not None:
            ledger.wrong("lost", "the audit chain is broken")
    for failure in ledger.failures:
        ledger.wrong("failed", f"the server failed at {failure}")


def _saved_on(ledger: Ledger, phone: str) -> Iterable[dict[str, Any]]:
    return [event for name, event in ledger.saved_events() if name == phone]


def _digest(content: bytes) -> str:
    return f"sha-256:{hashlib.sha256(content).hexdigest()}"


def _check_events(tables: Tables, ledger: Ledger) -> None:
    """Every content that was called saved is here, with the very bytes."""
    for _, event in ledger.saved_events():
        if not tables.holds(event) and event["id"] not in ledger.unsent:
            ledger.wrong("lost", f"event {event['id']} of {event['digest']} is nowhere")
    for name, row in tables.events.items():
        accepted = row.result == Result.ACCEPTED
        if accepted != (name in tables.revisions):
            ledger.wrong("lost", f"event {name} is {row.result}, its revision is {'not ' * accepted}here")
            continue
        content = tables.revisions[name].body_bytes if accepted else row.body_bytes
        if _digest(content) != row.digest:
            ledger.wrong("lost", f"the bytes of event {name} are other ones")


def _check_reasons(tables: Tables, ledger: Ledger, *, disturbed: bool, flipped: bool) -> None:
    """A good record is applied; only what is odd, or met by somebody's decision, is kept aside."""
    if flipped:  # a bit in an envelope makes any reason possible
        return
    for name, row in tables.events.items():
        codes = {problem["code"] for problem in row.problems}
        excused = name in ledger.odd or (disturbed and codes <= _DISTURBED)
        if row.result != Result.ACCEPTED and not excused:
            ledger.wrong("lost", f"event {name} was set aside: {row.problems}")
        if name not in ledger.events:
            ledger.wrong("doubled", f"nobody has sent event {name}")


def _check_told(tables: Tables, ledger: Ledger, *, disturbed: bool) -> None:
    """What a phone was told about a record is so, and was never said otherwise."""
    epoch = str(installation().epoch)
    for name, told in ledger.receipts.items():
        row = tables.events.get(name)
        if row is None and name in ledger.unsent and ledger.counts["restores"]:
            continue  # the phone has lost its storage, and then the server what came after a backup
        # A backup without it was restored, and by the time it came again its author's account was closed.
        again = disturbed and row is not None and all(told_in != epoch for told_in, _, _ in told)
        excused = again and {problem["code"] for problem in row.problems} <= _DISTURBED
        if row is None or (row.result != Result.ACCEPTED and not excused):
            ledger.wrong("false", f"event {name} was called received and is not applied")
        if len({number for _, number, _ in told}) > _may_stand(ledger, name):
            ledger.wrong("false", f"event {name} has several receipts: {told}")
        if row is not None and (short_code(row.id, row.digest) not in {number for _, number, _ in told}):
            ledger.wrong("false", f"event {name} has a receipt of other bytes")
        epochs = Counter(told_in for told_in, _, _ in told)
        if any(count > 1 for count in epochs.values()):
            ledger.wrong("false", f"event {name} was received at several times: {told}")
    for name, results in ledger.results.items():
        if "conflict" in results and not any(event == name for event, _ in tables.conflicts):
            ledger.wrong("false", f"event {name} was called a conflict, and there is no other content")


def _may_stand(ledger: Ledger, name: str) -> int:
    """How many contents of one id can have stood, one after the other: after a backup without the first was restored,
    another content of the id may come before it."""
    return len({event["digest"] for event in ledger.events[name]}) if ledger.counts["restores"] else 1


def _check_photos(world: World, tables: Tables, ledger: Ledger) -> None:
    """Every photo is here as it must be, in the table and in the folder; no piece of a stored one is left."""
    store = FolderStore(world.photos)
    for picture in ledger.pictures.values():
        if picture.id in ledger.unsent:
            continue
        row = tables.photos.get((picture.id, picture.kind, picture.digest))
        poison = picture.id in ledger.poison
        wanted = PhotoState.QUARANTINED if poison else PhotoState.STORED
        if row is None or row.state != wanted:
            ledger.wrong("lost", f"photo {picture.id} is {row.state if row else 'nowhere'}, not {wanted}")
        elif not poison:
            _check_stored(world, ledger, row, picture, store)
        if ledger.photo_receipts[picture.id] - ({short_code(row.id, row.digest)} if row else set()):
            old = len(ledger.photo_receipts[picture.id]) > 1
            if not (old and ledger.counts["restores"]):
                ledger.wrong("false", f"photo {picture.id} has another receipt than was told")
    left = {
        row.id for row in tables.photos.values() if row.state == PhotoState.STORED
    } & store.unfinished().keys()
    if left:
        ledger.wrong("doubled", f"pieces of stored photos are left: {left}")


def _check_aside(world: World, tables: Tables, ledger: Ledger) -> None:
    """What could not be used as a picture is kept all the same, with the bytes that came."""
    store = FolderStore(world.photos)
    for picture in ledger.pictures.values():
        row = tables.photos.get((picture.id, picture.kind, picture.digest))
        if row is None or row.state != PhotoState.QUARANTINED or row.reason == DAMAGED or not picture.content:
            continue
        if row.id not in store.unfinished() or store.part(row.id) != picture.content:
            ledger.wrong("lost", f"photo {picture.id} was kept aside, and its bytes are not here")


def _check_previews(world: World, tables: Tables, ledger: Ledger) -> None:
    """A preview is no promise; but what is there of one is right, and what was called received is there."""
    store = FolderStore(world.photos)
    rows = {key: row for key, row in tables.photos.items() if row.kind == "preview"}
    for (name, _, digest), row in rows.items():
        content = ledger.previews.get((name, digest))
        if content is None:
            ledger.wrong("doubled", f"nobody has sent the preview {digest} of photo {name}")
        elif row.state == PhotoState.STORED and _kept(store, row) != world.kept_as(content):
            ledger.wrong("lost", f"the preview of photo {name} is stored as other bytes")
    for (name, digest), receipt in ledger.previews_told.items():
        told = rows.get((name, "preview", digest))
        if told is None or told.state != PhotoState.STORED:
            if not ledger.counts["restores"]:
                ledger.wrong("false", f"the preview of photo {name} was called received and is not there")
        elif receipt != short_code(told.id, told.digest) and not ledger.counts["restores"]:
            ledger.wrong("false", f"the preview of photo {name} has another receipt than was told")


def _check_stored(world: World, ledger: Ledger, row: Photo, picture: Any, store: FolderStore) -> None:
    kept = _kept(store, row)
    if {kept, row.stored_digest} != {world.kept_as(picture.content)}:
        ledger.wrong("lost", f"photo {picture.id} is stored as other bytes")
    if row.offset != row.length or row.reason is not None:
        ledger.wrong("false", f"photo {picture.id} is stored and stands at {row.offset} of {row.length}")


def _kept(store: FolderStore, row: Photo) -> str:
    """The digest of the bytes that are there now for a stored photo."""
    assert row.stored_digest is not None
    try:
        return hashlib.sha256(store.get(row.stored_digest)).hexdigest()
    except StoreFailed:
        return "nothing"


def _check_visits(tables: Tables, ledger: Ledger) -> None:
    """One visit for each that was recorded, with as many revisions as were applied, in their order."""
    numbers: dict[str, list[int]] = {}
    for row in tables.revisions.values():
        numbers.setdefault(str(row.visit_id), []).append(row.number)
    visits = {str(row.id): row.revision for row in db.session.query(Visit)}
    if visits.keys() != numbers.keys():
        ledger.wrong("doubled", f"visits without revisions: {visits.keys() ^ numbers.keys()}")
    for name, found in numbers.items():
        if sorted(found) != list(range(1, visits.get(name, 0) + 1)):
            ledger.wrong("doubled", f"visit {name} has the revisions {found}")


def _check_register(world: World, tables: Tables, ledger: Ledger) -> None:
    """People, hazards, requests: each that was said is there once; each door counts its changes."""
    said = [row.body for row in tables.revisions.values()]
    _compare(ledger, "occupant", Occupancy, _named(said, "occupants", "occupancy"))
    _compare(ledger, "hazard", Finding, _named(said, "findings", "id"))
    _compare(ledger, "request", ServiceRequest, _named(said, "requests", "id"))
    for finding in db.session.query(Finding):
        if sum(step.action == Action.FOUND for step in finding.steps) != 1:
            ledger.wrong("doubled", f"hazard {finding.id} was found more than once")
    changes: Counter[str] = Counter()
    for row in tables.revisions.values():
        earlier = [one for one in row.visit.revisions if one.number == row.number - 1]
        changes[str(row.visit.dwelling_id)] += bool(row.before) + sum(bool(one.before) for one in earlier)
    for door, start in world.revisions.items():
        now = db.session.get_one(Dwelling, UUID(door)).revision
        if now != start + changes[door]:
            ledger.wrong("doubled", f"door {door} counts {now - start} changes, there were {changes[door]}")


def _check_derived(world: World, ledger: Ledger) -> None:
    """What the register holds follows from its visits, and what is counted by grid from what there is."""
    for door in world.doors:
        for difference in rebuild(db.session.get_one(Dwelling, UUID(door)), repair=False):
            ledger.wrong("doubled", f"door {door}: {difference}")
    for key, (kept, counted) in tallies.recount(db.session()).items():
        ledger.wrong("doubled", f"{key} is kept as {kept} and counts {counted}")
    db.session.rollback()


def _named(bodies: list[dict[str, Any]], part: str, key: str) -> set[str]:
    return {one[key] for body in bodies for one in body.get(part, [])}


def _compare(ledger: Ledger, what: str, model: Any, wanted: set[str]) -> None:
    found = [str(row.id) for row in db.session.query(model)]
    if Counter(found) != Counter(wanted):
        ledger.wrong("doubled", f"{what}s: {Counter(found) - Counter(wanted)}, missing {wanted - set(found)}")
