"""The OpenAPI document and /docs/api, its page for people: made by the server, so the strict CSP stays as it is."""

from typing import Any

from flask import Blueprint, Flask, current_app, render_template
from flask_smorest import Api
from marshmallow import INCLUDE, Schema, fields

from field.accounts.permissions import PUBLIC, permit
from field.sync.pack_schema import PackSchema
from field.visits.schemas import VisitBody

bp = Blueprint("documents", __name__)


class ProblemSchema(Schema):
    """Every answer that is not a success (RFC 9457); some carry members of their own."""

    class Meta:
        unknown = INCLUDE

    type = fields.String(required=True, metadata={"description": "urn:doorstep:problem:<code>"})
    code = fields.String(required=True)
    title = fields.String(required=True, metadata={"description": "in the language of the request"})
    status = fields.Integer(required=True)
    detail = fields.String()
    errors = fields.Dict(metadata={"description": "with `invalid`: what is wrong, by the place"})
    reason = fields.String(metadata={"description": "with `photo-unusable`: why"})


class Interface(Api):  # type: ignore[misc]
    """The document with our own kind of failure and the body that events carry as text."""

    DEFAULT_ERROR_RESPONSE_NAME = "Problem"


def open_interface(app: Flask) -> Interface:
    """Make the document's address and its parts that no route names."""
    app.config.update(
        API_TITLE="Doorstep",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/",
        OPENAPI_JSON_PATH="openapi.json",
    )
    api = Interface(app)
    parts = api.spec.components
    parts.schema("Problem", schema=ProblemSchema)
    parts.schema("VisitBody", schema=VisitBody)
    parts.schema("Pack", schema=PackSchema)
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    parts.response("Problem", {"description": "What went wrong and what can be done", "content": content})
    return api


@bp.get("/docs/api")
@permit(PUBLIC)
def show() -> str:
    """The document as a page."""
    document: dict[str, Any] = current_app.extensions["flask-smorest"]["apis"][""]["ext_obj"].spec.to_dict()
    return render_template("docs/api.html", document=document, operations=_operations(document))


def _operations(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Each operation with its method, path and the parameters of both."""
    return [
        operation
        | {
            "method": method,
            "path": path,
            "parameters": [*item.get("parameters", []), *operation.get("parameters", [])],
        }
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    ]
