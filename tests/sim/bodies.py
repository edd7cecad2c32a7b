"""What simulated workers find at doors: visits with people, hazards and photos; some that nobody can understand."""

from collections.abc import Mapping
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import orjson

from field.core.clock import instant_text
from tests.phone import digest_of
from tests.sim.handset import Handset, Picture
from tests.sim.world import World

_SURNAMES = "赵钱孙李周吴郑王"


def an_id(chance: Random) -> str:
    """An id that follows from the seed."""
    return str(UUID(int=chance.getrandbits(128), version=4))


def finish_visit(world: World, phone: Handset, chance: Random, door: str | None = None) -> None:
    """A visit at some door, or at this one and with a change of what the register says, saved on the phone."""
    body, pictures = _visit(world, phone, chance)
    if door is not None:
        body |= {"dwelling": door, "dwelling_changes": {"rooms": chance.randint(1, 90)}}
    phone.finish(envelope(phone, body, chance), pictures)


def finish_odd_visit(world: World, phone: Handset, chance: Random) -> None:
    """A record that is newer than the server, invalid, or of a door that is none of the author's."""
    body, _ = _visit(world, phone, chance)
    body = {key: value for key, value in body.items() if key not in {"findings", "photos", "checklist"}}
    kind = chance.choice(["newer", "invalid", "no JSON", "place"])
    if kind == "invalid":
        body["outcome"] = "nonsense"
    if kind == "place":
        body["dwelling"] = world.far_door
    event = envelope(phone, "{" if kind == "no JSON" else body, chance)
    phone.ledger.odd.add(event["id"])
    phone.finish(event | ({"schema": 9} if kind == "newer" else {}), [])


def finish_other_body(phone: Handset, event: Mapping[str, Any], chance: Random) -> None:
    """Another content under an id that another phone has used."""
    try:
        body = orjson.loads(event["body"])
    except ValueError:
        return
    text = orjson.dumps(body | {"note": f"另一个 {chance.random()}"}).decode()
    if event["id"] not in phone.records:
        phone.ledger.odd.add(event["id"])
        phone.finish(dict(event) | {"body": text, "digest": digest_of(text.encode())}, [])


def finish_correction(world: World, phone: Handset, visit: Mapping[str, Any], chance: Random) -> None:
    """What was returned, said once more."""
    body, pictures = _visit(world, phone, chance, visit["visit"])
    step = {"visit": visit["visit"], "dwelling": visit["door"], "previous": visit["event"]}
    phone.finish(envelope(phone, body | step | {"revision": visit["revision"] + 1}, chance), pictures)


def envelope(phone: Handset, body: dict[str, Any] | str, chance: Random) -> dict[str, Any]:
    """A body in its envelope, with a right digest; the phone adds the number."""
    text = body if isinstance(body, str) else orjson.dumps(body).decode()
    return {
        "id": an_id(chance),
        "author": phone.author,
        "type": "visit.recorded",
        "schema": 1,
        "recorded_at": instant_text(phone.now()),
        "digest": digest_of(text.encode()),
        "enc": "none",
        "body": text,
    }


def _visit(
    world: World, phone: Handset, chance: Random, correcting: str | None = None
) -> tuple[dict[str, Any], list[Picture]]:
    visit, now = correcting or an_id(chance), phone.now()
    pictures = [_picture(world, phone, visit, chance) for _ in range(chance.choice([0, 0, 1, 1, 2]))]
    body: dict[str, Any] = {
        "visit": visit,
        "revision": 1,
        "dwelling": chance.choice(world.doors),
        "started_at": instant_text(now - timedelta(minutes=6)),
        "finished_at": instant_text(now),
        "outcome": chance.choice(["done", "done", "done", "no_answer", "refused"]),
        "note": "记" * chance.randint(0, 400),
    }
    if chance.random() < 0.5:  # what the register said when the round was fetched
        body["base_revision"] = 1
    if chance.random() < 0.7:
        body["dwelling_changes"] = {"rooms": chance.randint(1, 90)}
    if chance.random() < 0.4:
        body["occupants"] = [_somebody(chance)]
    if chance.random() < 0.3:
        body["requests"] = [{"id": an_id(chance), "kind": "permit", "note": "居住证"}]
    if pictures:
        body["photos"] = [_listed(picture) for picture in pictures]
        found = {"id": an_id(chance), "item": chance.choice(world.items), "action": "notice_left"}
        body["findings"] = [found | {"photos": [picture.id for picture in pictures]}]
        body["checklist"] = world.checklist
    return body, pictures


def _somebody(chance: Random) -> dict[str, Any]:
    name = f"演示·{chance.choice(_SURNAMES)}{chance.randint(1, 999)}"
    return {"action": "add", "occupancy": an_id(chance), "person": an_id(chance), "name": name}


def _listed(picture: Picture) -> dict[str, Any]:
    size = max(1, len(picture.content))
    return {"id": picture.id, "digest": picture.digest, "size": size, "type": "image/jpeg"}


def _picture(world: World, phone: Handset, visit: str, chance: Random) -> Picture:
    content = world.remarked(chance.choice(world.pictures), chance.randbytes(8))
    name = an_id(chance)
    if chance.random() < 0.12:  # half a picture, no picture, nothing at all
        content = chance.choice([content[: len(content) // 2], b"no picture " * 40, b""])
        phone.ledger.poison.add(name)
    picture = Picture(name, visit, digest_of(content), "full", content)
    if chance.random() < 0.7:
        small = world.remarked(world.pictures[0], chance.randbytes(8))
        picture.preview = Picture(name, visit, digest_of(small), "preview", small)
    return picture
