"""What may be typed on the phone is what the desk takes: no more, or a whole visit is set aside; and no less."""

from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

from marshmallow import Schema, validate

from field.visits import schemas

# Where fields stand in the shell, and what they become there.
PLACES: dict[str, type[Schema]] = {
    "new-house": schemas.HousePart,
    "t-person-form": schemas.OccupantChange,
    "t-workplace-form": schemas.WorkplacePart,
    "new-door": schemas.DoorPart,
    "t-finding": schemas.FindingPart,
    "t-recheck": schemas.RecheckPart,
    "t-request": schemas.RequestPart,
    "facts": schemas.DwellingChanges,
}
TYPED = (
    *(
        "name",
        "document_number",
        "phone",
        "home_county",
        "rooms",
        "rooms_let",
        "floor_area_m2",
        "headcount",
        "children",
    ),
    *("lessor_name", "lessor_phone", "name", "credit_code", "contact_name", "contact_phone", "headcount"),
    *(
        "address",
        "plate",
        "dormitory_headcount",
        "spot",
        "note",
        "note",
        "note",
        "unit",
        "floor",
        "door",
        "note",
    ),
)
Said = Mapping[str, str | None]


class Fields(HTMLParser):
    """What is said of fields, by place and name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.place = ""
        self.found: dict[tuple[str, str], Said] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Follow where we are, and keep what is said of a field."""
        said = dict(attrs)
        if tag == "template":
            self.place = said.get("id") or ""
        elif "data-new-door" in said:
            self.place = "new-door"
        elif "data-new-house" in said:
            self.place = "new-house"
        elif "pair" in (said.get("class") or "") and self.place == "new-house":
            self.place = "new-door"
        if tag in {"input", "textarea"}:
            fact = said.get("data-fact") or said.get("data-fact-phone")
            notes = any(mark.endswith("-note") for mark in said)
            name = fact or ("spot" if "data-spot" in said else "note" if notes else said.get("name")) or ""
            self.found["facts" if fact else self.place, name] = said

    def handle_endtag(self, tag: str) -> None:
        """A template is over."""
        if tag == "template":
            self.place = ""


def test_every_field_takes_what_its_schema_takes(anonymous: Any) -> None:
    fields = Fields(anonymous.get("/phone/?lang=en").get_data(as_text=True)).found
    compared = set()

    for place, schema in PLACES.items():
        for name, field in schema().fields.items():
            said = fields.get((place, name), {})
            for limit in field.validators if said.get("type") != "date" else ():
                if said and isinstance(limit, validate.Length):
                    assert said.get("maxlength") == str(limit.max), (place, name)
                    compared.add((place, name))
                elif said and isinstance(limit, validate.Range):
                    assert (said.get("min"), said.get("max")) == (str(limit.min), str(limit.max)), name
                    compared.add((place, name))

    assert sorted(name for _place, name in compared) == sorted(TYPED)
