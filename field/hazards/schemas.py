"""What may enter: the list's filter from the address."""

from typing import Any

from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from field.hazards.queries import Filter

STATES = ("open", "overdue", "settled")
SEVERITIES = ("suspected_major", "general")


class FilterSchema(Schema):
    """The list's filter; what is unknown or malformed is left out rather than refused."""

    class Meta:
        unknown = EXCLUDE

    state = fields.String(validate=validate.OneOf(STATES), load_default="open")
    severity = fields.String(validate=validate.OneOf(["", *SEVERITIES]), load_default="")
    search = fields.String(validate=validate.Length(max=60), load_default="")

    @post_load
    def make(self, values: dict[str, Any], **_kwargs: Any) -> Filter:
        """The filter as the queries take it."""
        return Filter(**values)
