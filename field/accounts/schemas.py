"""What may enter and leave: the sign-in form."""

from marshmallow import EXCLUDE, Schema, fields, validate


class SignInSchema(Schema):
    """The sign-in form."""

    class Meta:
        unknown = EXCLUDE

    username = fields.String(required=True, validate=validate.Length(1, 64))
    password = fields.String(required=True, validate=validate.Length(1, 200))
