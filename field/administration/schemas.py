"""What may enter: which accounts are shown, the form for a new one."""

from typing import Any

from flask_babel import lazy_gettext as _l
from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from field.accounts.models import Role

_NEEDED = {"required": _l("Please fill this in.")}


class MemberFilterSchema(Schema):
    """Which accounts are shown; an unknown role shows all."""

    class Meta:
        unknown = EXCLUDE

    role = fields.Enum(Role, by_value=True, load_default=None)
    search = fields.String(validate=validate.Length(max=60), load_default="")


class MemberSchema(Schema):
    """A new account; a handler also needs a department."""

    class Meta:
        unknown = EXCLUDE

    username = fields.String(
        required=True,
        error_messages=_NEEDED,
        validate=validate.Regexp(
            r"[A-Za-z0-9][A-Za-z0-9._-]{2,63}\Z",
            error=_l("Three to 64 letters, digits, dots or hyphens."),
        ),
    )
    name = fields.String(required=True, error_messages=_NEEDED, validate=validate.Length(1, 50))
    role = fields.Enum(Role, by_value=True, required=True, error_messages=_NEEDED)
    areas = fields.List(
        fields.String(),
        required=True,
        validate=validate.Length(min=1, error=_l("Please choose at least one area.")),
    )
    department = fields.String(load_default=None)

    @validates_schema
    def place_a_handler(self, data: dict[str, Any], **_kwargs: Any) -> None:
        """A handler works for a department."""
        if data.get("role") == Role.HANDLER and not data.get("department"):
            raise ValidationError({"department": [_l("A handler belongs to a department.")]})
