"""What may enter: the queue's filter from the address, a decision from its form."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, fields, post_load, validate

from field.reviews.filters import Filter
from field.visits.models import ReviewState
from field.visits.schemas import OUTCOMES

REASON_LENGTH = 500
# Days that can be put into any zone.
EARLIEST, LATEST = date(2000, 1, 1), date(2199, 12, 31)


class FilterSchema(Schema):
    """The queue's filter; what is unknown or malformed is left out rather than refused."""

    class Meta:
        unknown = EXCLUDE

    state = fields.Enum(ReviewState, by_value=True, load_default=ReviewState.WAITING)
    outcome = fields.String(validate=validate.OneOf(["", *OUTCOMES]), load_default="")
    area = fields.String(validate=validate.Regexp(r"[0-9-]{0,32}\Z"), load_default="")
    search = fields.String(validate=validate.Length(max=60), load_default="")
    hazards = fields.Boolean(load_default=False)
    since = fields.Date(load_default=None, validate=validate.Range(EARLIEST, LATEST))
    until = fields.Date(load_default=None, validate=validate.Range(EARLIEST, LATEST))
    photos = fields.Boolean(load_default=False)
    corrections = fields.Boolean(load_default=False)
    clashes = fields.Boolean(load_default=False)

    @post_load
    def make(self, values: dict[str, Any], **_kwargs: Any) -> Filter:
        """The filter as the queries take it."""
        return Filter(**values)


class DecisionSchema(Schema):
    """Which revision was looked at."""

    class Meta:
        unknown = EXCLUDE

    revision = fields.Integer(required=True, validate=validate.Range(1, 999))


def complaint_about(reason: str) -> Any:
    """What is wrong with a reason, for beside its field; None when nothing is."""
    if not reason:
        return _l("Say what to put right, so that one more visit is enough.")
    if len(reason) > REASON_LENGTH:
        return _l(
            "Please keep it under %(most)s characters; these are %(now)s.",
            most=REASON_LENGTH,
            now=len(reason),
        )
    return None
