"""Lists that people narrow down: a filter from the address, rows that come alone, an address that shows the same."""

from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request
from marshmallow import Schema, ValidationError

from field.core.responses import htmx


def filter_of_address(schema: Schema) -> Any:
    """What the address asks for; parts that are unknown or malformed are left out rather than refused."""
    given = request.args.to_dict()
    try:
        return schema.load(given)
    except ValidationError as error:
        return schema.load({name: text for name, text in given.items() if name not in error.messages_dict})


def rows_answer(template: str, address: str, query: dict[str, str], **context: Any) -> Response:
    """Rows alone; when the filter asked for them, the browser's address follows."""
    answer = make_response(render_template(template, **context))
    if htmx and htmx.trigger == "filters":
        answer.headers["HX-Push-Url"] = f"{address}?{urlencode(query)}"
    return answer
