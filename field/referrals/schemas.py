"""What may enter: lines of the routing table, terms, the inbox's filter, what a department says."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import (
    EXCLUDE,
    Schema,
    ValidationError,
    fields,
    post_load,
    pre_load,
    validate,
    validates_schema,
)

from field.hazards.routing import NOBODY
from field.referrals.lines import Choices
from field.referrals.queries import STATES, Filter

_FROM_LIST = _l("Please choose from the list.")
_DAYS = validate.Range(0, 90, error=_l("Between 0 and 90 days."))
_NUMBER = {"invalid": _l("Between 0 and 90 days."), "required": _l("Between 0 and 90 days.")}


class ChoosingSchema(Schema):
    """A form whose fields name codes of the district."""

    class Meta:
        unknown = EXCLUDE

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self.allowed = choices.allowed()

    @validates_schema
    def choose_from_the_lists(self, values: dict[str, Any], **_kwargs: Any) -> None:
        """Every code must be one that the district has."""
        wrong = {
            name: [_FROM_LIST]
            for name, codes in self.allowed.items()
            if name in values and values[name] not in codes
        }
        if wrong:
            raise ValidationError(wrong)


class RouteKeySchema(ChoosingSchema):
    """Which line: the hazards and the land that it is about; empty means any."""

    subject = fields.String(load_default="")
    land_tenure = fields.String(load_default="")

    @validates_schema
    def choose_from_the_lists(self, values: dict[str, Any], **_kwargs: Any) -> None:
        """A line that is there can be named even when its item has gone from the checklist."""


class RouteSchema(ChoosingSchema):
    """A line of the routing table."""

    subject = fields.String(load_default="")
    land_tenure = fields.String(load_default="")
    department = fields.String(required=True, error_messages={"required": _FROM_LIST})


class TermSchema(ChoosingSchema):
    """How long a department has; no department stands for hazards that nobody has."""

    department = fields.String(load_default=NOBODY)
    accept_days = fields.Integer(load_default=0, validate=_DAYS, error_messages=_NUMBER)
    escalate_days = fields.Integer(required=True, validate=_DAYS, error_messages=_NUMBER)
    working_days = fields.Boolean(load_default=False)

    def __init__(self, choices: Choices) -> None:
        super().__init__(choices)
        self.allowed = {"department": self.allowed["department"] | {NOBODY}}


class SaidSchema(Schema):
    """What a department says: which version it looked at, words, and whether it is put right."""

    class Meta:
        unknown = EXCLUDE

    version = fields.Integer(required=True, validate=validate.Range(1, 1_000_000))
    reason = fields.String(
        load_default=None, validate=validate.Length(max=500, error=_l("Please keep it under 500 characters."))
    )
    fixed = fields.Boolean(load_default=None)

    @pre_load
    def leave_out_what_is_empty(self, given: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """A browser sends every field of a form, also those that nobody filled."""
        return {name: text.strip() for name, text in given.items() if text.strip()}


class FilterSchema(Schema):
    """The inbox's filter; what is unknown or malformed is left out rather than refused."""

    class Meta:
        unknown = EXCLUDE

    state = fields.String(validate=validate.OneOf(STATES), load_default=STATES[0])
    department = fields.String(validate=validate.Length(max=32), load_default="")
    search = fields.String(validate=validate.Length(max=60), load_default="")

    @post_load
    def make(self, values: dict[str, Any], **_kwargs: Any) -> Filter:
        """The filter as the queries take it."""
        return Filter(**values)
