"""What enters and leaves /sync; these schemas make the OpenAPI document."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

DIGEST = validate.Regexp(r"^sha-256:[0-9a-f]{64}\Z")
MAX_EVENTS = 50
MAX_BATCH_BYTES = 256 * 1024
# More often no phone is enrolled anew while a record waits on it.
MAX_EARLIER = 20


class Moment(fields.AwareDateTime):
    """A time with its zone that is a time in UTC too, which the first and the last hours there are need not be."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> datetime:
        moment: datetime = super()._deserialize(value, *args, **kwargs)
        try:
            return moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError("no such time") from error


class Lenient(Schema):
    """Newer phones may say more than this release knows; the rest still counts."""

    class Meta:
        unknown = EXCLUDE


class EnrolmentSchema(Lenient):
    """A phone asks to be enrolled for whoever is signed in."""

    build = fields.String(required=True, validate=validate.Length(1, 40))
    seq = fields.Integer(
        strict=True,
        validate=validate.Range(0, 2**53),
        metadata={
            "description": "the last number that the phone remembers, when an answer to the same without it has said "
            "that more has come: it lost its storage"
        },
    )


class EnrolledUserSchema(Lenient):
    """Who the phone now works for."""

    id = fields.UUID(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    language = fields.String(required=True)


class DistrictSchema(Lenient):
    """The district by its code."""

    code = fields.String(required=True)
    name = fields.String(required=True)


class AccountSchema(Lenient):
    """Who is signed in, and whether a phone can be theirs."""

    user = fields.Nested(EnrolledUserSchema, required=True)
    allowed = fields.Boolean(required=True)


class EnrolledSchema(Lenient):
    """The answer to an enrolment; the credential itself travels in the cookie."""

    device = fields.UUID(required=True)
    user = fields.Nested(EnrolledUserSchema, required=True)
    district = fields.Nested(DistrictSchema, required=True)
    epoch = fields.UUID(required=True)
    highest_seq = fields.Integer(
        required=True, metadata={"description": "the phone goes on counting after it"}
    )
    now = fields.String(required=True)


class ProbeSchema(Lenient):
    """Proof that this server answered, and not a captive portal."""

    doorstep = fields.UUID(required=True, metadata={"description": "the database's epoch"})


class NumberSchema(Lenient):
    """A number that a record had on another device."""

    device = fields.UUID(required=True)
    seq = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**53))


class Numbers(fields.List[Any]):
    """Numbers beside the one under which a record comes. What is malformed among them is left out: it says nothing
    of the record, which must not be set aside for it."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[Any]:
        found = []
        for one in value[:MAX_EARLIER] if isinstance(value, list) else []:
            with suppress(ValidationError):
                found.append(self.inner.deserialize(one))
        return found


class EventSchema(Lenient):
    """One fact; `digest` is over the UTF-8 bytes of `body`, which is itself JSON text."""

    id = fields.UUID(required=True)
    seq = fields.Integer(required=True, strict=True, validate=validate.Range(1, 2**53))
    earlier = Numbers(
        fields.Nested(NumberSchema),
        allow_none=True,
        metadata={
            "description": "the numbers that it had while the phone was another device: no longer missing there"
        },
    )
    author = fields.UUID(required=True)
    type = fields.String(required=True, validate=validate.Length(1, 32))
    schema = fields.Integer(required=True, strict=True, validate=validate.Range(1, 10_000))
    recorded_at = Moment(required=True)
    digest = fields.String(required=True, validate=DIGEST)
    enc = fields.String(load_default="none", validate=validate.Length(1, 32))
    body = fields.String(required=True)


class BatchSchema(Lenient):
    """Events in the order of their seq."""

    device = fields.UUID(required=True)
    build = fields.String(load_default="", validate=validate.Length(max=40))
    sent_at = Moment(required=True)
    epoch = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=64))
    events = fields.List(
        fields.Raw(allow_none=True),
        required=True,
        validate=validate.Length(1, MAX_EVENTS),
        metadata={"description": "EventSchema"},
    )


class DocumentedBatchSchema(BatchSchema):
    """The batch with its events spelled out, for the OpenAPI document."""

    events = fields.List(fields.Nested(EventSchema), required=True, validate=validate.Length(1, MAX_EVENTS))


class ReceiptSchema(Lenient):
    """Proof that a record is stored and durable."""

    number = fields.String(required=True)
    received_at = fields.String(required=True)
    durable_through = fields.String(required=True, allow_none=True)


class EventProblemSchema(Lenient):
    """Why an event was kept aside."""

    code = fields.String(required=True)
    detail = fields.String(allow_none=True)


class ResultSchema(Lenient):
    """What became of one event; an event without a result was not accepted."""

    id = fields.UUID(required=True)
    result = fields.String(
        required=True, validate=validate.OneOf(["accepted", "duplicate", "conflict", "quarantined", "gone"])
    )
    receipt = fields.Nested(ReceiptSchema, allow_none=True)
    answered_at = fields.String()
    problems = fields.List(fields.Nested(EventProblemSchema))


class ResultsSchema(Lenient):
    """The answer to a batch."""

    epoch = fields.UUID(required=True)
    now = fields.String(required=True)
    results = fields.List(fields.Nested(ResultSchema), required=True)


class HeldVisitSchema(Lenient):
    """A record that the phone still holds."""

    id = fields.UUID(required=True)
    digest = fields.String(required=True, validate=DIGEST)


class HeldPhotoSchema(HeldVisitSchema):
    """A photo that the phone still holds."""

    kind = fields.String(load_default="full", validate=validate.OneOf(["full", "preview"]))


class PhoneStateSchema(Lenient):
    """What the lead sees of a phone: no position, no battery."""

    build = fields.String(validate=validate.Length(max=40))
    unsent = fields.Integer(validate=validate.Range(0, 2**53))
    oldest_at = Moment(allow_none=True)
    photos_unsent = fields.Integer(validate=validate.Range(0, 2**53))
    bytes_unsent = fields.Integer(validate=validate.Range(0, 2**53))
    photos_lost = fields.Integer(validate=validate.Range(0, 2**53))
    photos_refused = fields.Integer(
        validate=validate.Range(0, 2**53),
        metadata={"description": "photos that the server would not take in any form: too large"},
    )
    free_bytes = fields.Integer(allow_none=True, validate=validate.Range(-(2**53), 2**53))
    persisted = fields.Boolean(allow_none=True)


class ReconciliationSchema(Lenient):
    """Everything that the phone holds, by id and digest."""

    visits = fields.List(
        fields.Nested(HeldVisitSchema), load_default=list, validate=validate.Length(max=5000)
    )
    photos = fields.List(
        fields.Nested(HeldPhotoSchema), load_default=list, validate=validate.Length(max=5000)
    )
    state = fields.Nested(PhoneStateSchema, load_default=dict)
    part = fields.Integer(
        load_default=0,
        strict=True,
        validate=validate.Range(0, 10_000),
        metadata={"description": "of a phone that holds more than one request may name: 0, 1 …"},
    )


class ReconciledSchema(Lenient):
    """What is not whole here; everything that is in no list is."""

    epoch = fields.UUID(required=True)
    now = fields.String(required=True)
    durable_through = fields.String(required=True, allow_none=True)
    highest_seq = fields.Integer(required=True)
    missing = fields.List(fields.UUID(), required=True)
    quarantined = fields.List(fields.UUID(), required=True)
    photos_missing = fields.List(fields.UUID(), required=True)
    photos_partial = fields.List(fields.UUID(), required=True)
    photos_quarantined = fields.List(fields.UUID(), required=True)
