"""What may enter: the list's filter from the address, a step from its form, many hazards at once."""

from typing import Any
from uuid import UUID

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

from field.hazards.listing import NOBODY, TURNS, Filter
from field.hazards.models import SETTLED, FindingStatus

STATES = ("open", "overdue", "today", "week", "settled")
SEVERITIES = ("suspected_major", "general")
STATUSES = tuple(status for status in FindingStatus if status != "found")
REASON = validate.Length(max=500, error=_l("Please keep it under 500 characters."))


def statuses_of(state: str) -> tuple[FindingStatus, ...]:
    """Which of them occur in a part of the list."""
    return tuple(status for status in STATUSES if (status in SETTLED) == (state == "settled"))


def _is_somebody(text: str) -> bool:
    try:
        return text in {"", NOBODY} or bool(UUID(text))
    except ValueError as error:
        raise ValidationError("not an id") from error


class FilterSchema(Schema):
    """The list's filter; what is unknown or malformed is left out rather than refused."""

    class Meta:
        unknown = EXCLUDE

    state = fields.String(validate=validate.OneOf(STATES), load_default="open")
    status = fields.String(validate=validate.OneOf(["", *STATUSES]), load_default="")
    turn = fields.String(validate=validate.OneOf(["", *TURNS]), load_default="")
    severity = fields.String(validate=validate.OneOf(["", *SEVERITIES]), load_default="")
    department = fields.String(validate=validate.Length(max=32), load_default="")
    assignee = fields.String(validate=_is_somebody, load_default="")
    area = fields.String(validate=validate.Regexp(r"^[0-9-]{0,32}\Z"), load_default="")
    search = fields.String(validate=validate.Length(max=60), load_default="")

    @post_load
    def make(self, values: dict[str, Any], **_kwargs: Any) -> Filter:
        """The filter as the queries take it; what makes no sense in that part of the list has gone."""
        if values["status"] not in statuses_of(values["state"]):
            values["status"] = ""
        if values["state"] == "settled":
            values["turn"] = values["assignee"] = ""
        return Filter(**values)


class Form(Schema):
    """A browser sends every field of a form; those that nobody filled count as left out."""

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def leave_out_what_is_empty(self, given: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        """Only what was filled in."""
        return {name: text.strip() for name, text in given.items() if text.strip()}


class StepSchema(Form):
    """Any step's form: which version was looked at, and what the step needs."""

    version = fields.Integer(required=True, validate=validate.Range(1, 1_000_000))
    reason = fields.String(validate=REASON)
    passed = fields.Boolean()
    department = fields.String(validate=validate.Length(max=32))
    due_on = fields.Date(error_messages={"invalid": _l("Please choose a day.")})
    assignee = fields.UUID(error_messages={"invalid_uuid": _l("Please choose somebody.")})


class RuleSchema(Form):
    """What a district sets for an item; no days means as the checklist says."""

    due_days = fields.Integer(
        load_default=None,
        validate=validate.Range(0, 365, error=_l("Between 0 and 365 days.")),
        error_messages={"invalid": _l("Between 0 and 365 days.")},
    )
    working_days = fields.Boolean(load_default=False)
    same_person = fields.Boolean(load_default=False)


class RecheckSchema(Form):
    """For how many days a recheck waits for its photo."""

    photo_days = fields.Integer(
        required=True,
        validate=validate.Range(1, 30, error=_l("Between 1 and 30 days.")),
        error_messages={"invalid": _l("Between 1 and 30 days."), "required": _l("Between 1 and 30 days.")},
    )


def _days_of_interval() -> fields.Integer:
    said = _l("Between 1 and 365 days, or empty.")
    return fields.Integer(
        load_default=None, validate=validate.Range(1, 365, error=said), error_messages={"invalid": said}
    )


class IntervalSchema(Form):
    """How often a let dwelling is visited, by its class; what is empty is not judged."""

    clean_days = _days_of_interval()
    minor_days = _days_of_interval()
    major_days = _days_of_interval()
    crowded_from = fields.Integer(
        load_default=None,
        validate=validate.Range(2, 50, error=_l("Between 2 and 50 people, or empty.")),
        error_messages={"invalid": _l("Between 2 and 50 people, or empty.")},
    )


class ContactSchema(Form):
    """An office and its telephone; both empty takes them away, one alone is of no use to anybody."""

    area_code = fields.String(required=True, validate=validate.Length(max=32))
    name = fields.String(load_default="", validate=validate.Length(max=60))
    telephone = fields.String(
        load_default="",
        validate=validate.Regexp(
            r"^[0-9+() /-]{0,30}\Z", error=_l("Digits, spaces and hyphens, such as 0943-1234567.")
        ),
    )

    @validates_schema
    def insist_on_both(self, values: dict[str, Any], **_kwargs: Any) -> None:
        """Half of it must not take away what is there."""
        name, telephone = values.get("name"), values.get("telephone")
        if bool(name) != bool(telephone):
            said = _l("Please enter the telephone too.") if name else _l("Please enter the office too.")
            raise ValidationError({"telephone" if name else "name": [said]})
