"""What a phone says of a photo before it sends it (tus Upload-Metadata)."""

from marshmallow import EXCLUDE, Schema, fields, validate


class UploadMetadata(Schema):
    """The decoded metadata; `digest` is over the whole file as it will be sent."""

    class Meta:
        unknown = EXCLUDE

    visit = fields.UUID(required=True)
    photo = fields.UUID(required=True)
    digest = fields.String(required=True, validate=validate.Regexp(r"^sha-256:[0-9a-f]{64}\Z"))
    type = fields.String(
        load_default="application/octet-stream", validate=validate.Regexp(r"^[\w.+-]+/[\w.+-]+\Z")
    )
    kind = fields.String(load_default="full", validate=validate.OneOf(["full", "preview"]))
