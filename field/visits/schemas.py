"""The body of visit.recorded in its newest schema: what a phone may say of one call at one door.

Older bodies are brought up first (upcasts.py), so this alone says what may enter.
"""

from datetime import date
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from field.core.clock import parse_instant

TEXT = validate.Length(max=500)
SPOT = validate.Length(max=120)
NAME = validate.Length(min=1, max=50)
CODE = validate.Length(max=32)
LANGUAGE = validate.Length(min=2, max=8)
OUTCOMES = ("done", "no_answer", "refused", "vacant", "not_found", "rescheduled", "demolished")
FINDING_ACTIONS = ("notice_left", "fixed_on_site", "refer")


class Moment(fields.Field[Any]):
    """An RFC 3339 time with its zone."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> Any:
        try:
            return parse_instant(value)
        except (ValueError, TypeError, OverflowError) as error:
            raise ValidationError("not a time with a zone") from error


# Nobody who lives somewhere moved there before; a year such as 0006 is a slip.
EARLIEST = date(1900, 1, 1)


class Part(Schema):
    """Unknown keys are refused, so that nothing outside the contract is ever kept as if understood."""

    class Meta:
        unknown = RAISE


class DwellingChanges(Part):
    """Facts of the dwelling that the visit changes; absent means unchanged."""

    use = fields.String(validate=CODE, allow_none=True)
    rooms = fields.Integer(strict=True, validate=validate.Range(0, 200), allow_none=True)
    rooms_let = fields.Integer(strict=True, validate=validate.Range(0, 200), allow_none=True)
    floor_area_m2 = fields.Float(validate=validate.Range(0, 100_000), allow_none=True)
    heating = fields.String(validate=CODE, allow_none=True)
    lease_filed = fields.Boolean(allow_none=True, truthy={True}, falsy={False})
    letter_signed = fields.Boolean(allow_none=True, truthy={True}, falsy={False})
    lessor_name = fields.String(validate=validate.Length(max=50), allow_none=True)
    lessor_phone = fields.String(validate=validate.Length(max=20), allow_none=True)
    headcount = fields.Integer(strict=True, validate=validate.Range(0, 1000), allow_none=True)
    children = fields.Integer(strict=True, validate=validate.Range(0, 1000), allow_none=True)
    address_anomaly = fields.String(validate=CODE, allow_none=True)


class OccupantChange(Part):
    """Somebody added, changed, or moved out."""

    action = fields.String(required=True, validate=validate.OneOf(["add", "change", "moved_out"]))
    occupancy = fields.UUID(required=True)
    person = fields.UUID()
    name = fields.String(validate=NAME)
    document_type = fields.String(validate=CODE, allow_none=True)
    document_number = fields.String(validate=validate.Length(max=30), allow_none=True)
    phone = fields.String(validate=validate.Length(max=20), allow_none=True)
    home_county = fields.String(validate=CODE, allow_none=True)
    reason = fields.String(validate=CODE, allow_none=True)
    intended_stay = fields.String(validate=CODE, allow_none=True)
    guardian_consent = fields.Boolean(truthy={True}, falsy={False}, allow_none=True)
    moved_in_on = fields.Date(allow_none=True, validate=validate.Range(min=EARLIEST))
    moved_out_on = fields.Date(allow_none=True, validate=validate.Range(min=EARLIEST))

    @validates_schema
    def name_a_new_person(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """Whoever is added needs an id and a name."""
        if data["action"] == "add" and not (data.get("person") and data.get("name")):
            raise ValidationError("an added occupant needs person and name")


class WorkplacePart(Part):
    """A shop, workshop or site behind the door: added, changed, or gone."""

    action = fields.String(required=True, validate=validate.OneOf(["add", "change", "closed"]))
    workplace = fields.UUID(required=True)
    kind = fields.String(validate=CODE, allow_none=True)
    name = fields.String(validate=validate.Length(min=1, max=80))
    credit_code = fields.String(validate=validate.Length(max=30), allow_none=True)
    contact_name = fields.String(validate=validate.Length(max=50), allow_none=True)
    contact_phone = fields.String(validate=validate.Length(max=20), allow_none=True)
    headcount = fields.Integer(strict=True, validate=validate.Range(0, 100_000), allow_none=True)
    dormitory_headcount = fields.Integer(strict=True, validate=validate.Range(0, 100_000), allow_none=True)

    @validates_schema
    def name_a_new_place(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """What is added needs a name."""
        if data["action"] == "add" and not data.get("name"):
            raise ValidationError("an added workplace needs a name")


class ChecklistAnswer(Part):
    """Which checklist was gone through."""

    code = fields.String(required=True, validate=CODE)
    version = fields.Integer(required=True, strict=True)
    checked = fields.Boolean(truthy={True}, falsy={False})


class FindingPart(Part):
    """A violated item: where, what was done, which photos."""

    id = fields.UUID(required=True)
    item = fields.String(required=True, validate=CODE)
    action = fields.String(required=True, validate=validate.OneOf(FINDING_ACTIONS))
    spot = fields.String(validate=SPOT, allow_none=True)
    note = fields.String(validate=TEXT, allow_none=True)
    photos = fields.List(fields.UUID(), validate=validate.Length(max=6))


class RecheckPart(Part):
    """A hazard of an earlier visit, looked at again: whether it is put right, with new photos."""

    finding = fields.UUID(required=True)
    passed = fields.Boolean(required=True, truthy={True}, falsy={False})
    note = fields.String(validate=TEXT, allow_none=True)
    photos = fields.List(fields.UUID(), validate=validate.Length(max=6))


class SignaturePart(Part):
    """What a finger drew: strokes of x, y, x, y … within a pad of wide × high."""

    wide = fields.Integer(required=True, strict=True, validate=validate.Range(1, 4000))
    high = fields.Integer(required=True, strict=True, validate=validate.Range(1, 4000))
    strokes = fields.List(
        fields.List(
            fields.Integer(strict=True, validate=validate.Range(0, 4000)), validate=validate.Length(2, 4000)
        ),
        required=True,
        validate=validate.Length(1, 200),
    )


class HazardNoticePart(Part):
    """The notice that was shown or left at the door; the phone makes its code, so that it works offline."""

    code = fields.String(required=True, validate=validate.Regexp(r"^[2-9A-HJKMNP-TV-Z]{12}\Z"))
    response = fields.String(required=True, validate=validate.OneOf(["signed", "left", "declined"]))
    signer = fields.String(validate=validate.OneOf(["occupant", "lessor", "manager"]))
    signature = fields.Nested(SignaturePart)
    language = fields.String(
        validate=LANGUAGE, metadata={"description": "in which it was shown when they answered"}
    )

    @validates_schema
    def sign_what_is_signed(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A signature goes with somebody who signs."""
        if (data["response"] == "signed") != ("signature" in data):
            raise ValidationError("signed goes with a signature", "signature")


class RequestPart(Part):
    """Help that the household asks for; ticks and papers are codes of the guide to this kind."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=CODE)
    note = fields.String(validate=TEXT, allow_none=True)
    eligibility = fields.List(fields.String(validate=CODE), validate=validate.Length(max=20))
    papers = fields.List(fields.String(validate=CODE), validate=validate.Length(max=20))
    remind_on = fields.Date(allow_none=True)


class PhotoPart(Part):
    """A photo that follows in its own lane."""

    id = fields.UUID(required=True)
    digest = fields.String(required=True, validate=validate.Regexp(r"^sha-256:[0-9a-f]{64}\Z"))
    size = fields.Integer(required=True, strict=True, validate=validate.Range(1))
    type = fields.String(required=True, validate=CODE)
    taken_at = Moment(allow_none=True)


class NoticePart(Part):
    """The privacy notice: which one was shown to the household, and when by the phone's clock."""

    version = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**31 - 1))
    shown_at = Moment(
        allow_none=True, metadata={"description": "always sent since schema 2; unknown in older visits"}
    )
    read_aloud = fields.Boolean(truthy={True}, falsy={False}, allow_none=True)
    languages = fields.List(
        fields.String(validate=LANGUAGE),
        validate=validate.Length(max=8),
        metadata={"description": "in which it was shown, one after the other; since schema 4"},
    )


class HousePart(Part):
    """A house that the register did not know: its address as people write it, and what the code on its plate says."""

    grid = fields.String(required=True, validate=CODE)
    address = fields.String(
        required=True,
        validate=[validate.Length(1, 120), validate.Regexp(r"\s*\S", error="An address has letters.")],
    )
    plate = fields.String(validate=validate.Length(1, 120), allow_none=True)


class DoorPart(Part):
    """A door that the register did not know: where it is, in the worker's words what is odd about it."""

    building = fields.UUID(required=True)
    house = fields.Nested(HousePart, metadata={"description": "of a building that the worker adds"})
    unit = fields.String(validate=validate.Length(1, 10), allow_none=True)
    floor = fields.Integer(required=True, strict=True, validate=validate.Range(-9, 199))
    door = fields.String(required=True, validate=validate.Length(1, 12))
    address_anomaly = fields.String(validate=CODE, allow_none=True)
    note = fields.String(validate=validate.Length(max=200), allow_none=True)


class VisitBody(Part):
    """The whole body; docs/developers/contract.md explains each key."""

    visit = fields.UUID(required=True)
    revision = fields.Integer(required=True, strict=True, validate=validate.Range(1, 999))
    previous = fields.UUID()
    dwelling = fields.UUID(required=True)
    door = fields.Nested(DoorPart, metadata={"description": "of a dwelling that the worker adds"})
    base_revision = fields.Integer(strict=True, validate=validate.Range(0))
    started_at = Moment(required=True)
    finished_at = Moment(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    come_again_on = fields.Date(
        allow_none=True,
        metadata={"description": "when a household that put the visit off asked for it; since schema 5"},
    )
    consent = fields.Boolean(truthy={True}, falsy={False})
    notice = fields.Nested(NoticePart)
    unchanged = fields.Boolean(truthy={True}, falsy={False})
    dwelling_changes = fields.Nested(DwellingChanges)
    people_confirmed = fields.Boolean(truthy={True}, falsy={False})
    occupants = fields.List(fields.Nested(OccupantChange), validate=validate.Length(max=200))
    workplaces = fields.List(fields.Nested(WorkplacePart), validate=validate.Length(max=20))
    checklist = fields.Nested(ChecklistAnswer)
    findings = fields.List(fields.Nested(FindingPart), validate=validate.Length(max=60))
    rechecks = fields.List(fields.Nested(RecheckPart), validate=validate.Length(max=60))
    hazard_notice = fields.Nested(HazardNoticePart)
    requests = fields.List(fields.Nested(RequestPart), validate=validate.Length(max=20))
    photos = fields.List(fields.Nested(PhotoPart), validate=validate.Length(max=400))
    note = fields.String(validate=TEXT, allow_none=True)

    @validates_schema
    def follow_a_revision(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A correction names the event it follows; findings name a checklist."""
        if (data["revision"] > 1) != ("previous" in data):
            raise ValidationError("previous goes with revision 2 and up", "previous")
        if data.get("findings") and "checklist" not in data:
            raise ValidationError("findings need their checklist", "checklist")
        photos = {photo["id"] for photo in data.get("photos", [])}
        showing = [*data.get("findings", []), *data.get("rechecks", [])]
        named = {photo for part in showing for photo in part.get("photos", [])}
        if named - photos:
            raise ValidationError("a finding names a photo that is not listed", "photos")
