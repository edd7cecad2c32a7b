"""The pack as the OpenAPI document shows it; rows are whole and replace those with the same id."""

from typing import Any

from marshmallow import Schema, fields


def _rows(description: str) -> Any:
    return fields.List(fields.Dict(), metadata={"description": description})


class PackSchema(Schema):
    """One page of the pack; absent keys of rows are null."""

    epoch = fields.UUID(required=True)
    now = fields.AwareDateTime(required=True)
    cursor = fields.String(required=True, metadata={"description": "for `since` of the next request"})
    more = fields.Boolean(required=True, metadata={"description": "ask again with the cursor"})
    reset = fields.Boolean(required=True, metadata={"description": "forget all of the pack first"})
    user = fields.Dict(required=True)
    grids = _rows("code, name, community, whom to call about a notice; first page")
    rounds = _rows("id, grid, campaign, phase, starts_on, ends_on")
    buildings = _rows("id, grid, address, name, storeys, position, at, plate, spelling")
    doors = _rows(
        "id, building, unit, floor, door and what the register holds; the lessor's phone masked; the calls "
        "there, and the day from which another is due"
    )
    occupants = _rows("who lives there now; numbers and phones masked")
    workplaces = _rows("shops, workshops and sites behind doors; the contact's phone masked")
    findings = _rows("open hazards")
    returned = _rows("visits of this worker that wait for a correction, with the reason")
    reviews = _rows("state of this worker's visits of the last 14 days")
    endings = _rows(
        "what became of hazards that this worker found, of their rechecks and doors that they added, last 30 days; "
        "the whole list when it changed"
    )
    checklists = _rows("in force, with their items")
    codes = fields.Dict(metadata={"description": "answer lists: {list: [{code, zh, en}]}"})
    notices = _rows("the privacy notice")
    rescue = fields.Dict(
        metadata={"description": "the key to which rescue files are written: id and raw public key"}
    )
    guides = _rows("what helps with a kind of request: who may apply, which papers, with source and date")
    removed = _rows("kind and id of what to forget")
