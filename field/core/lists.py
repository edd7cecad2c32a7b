"""Lists that people narrow down: a filter from the address, rows that come alone, an address that shows the same.

Lists that refresh themselves ask with the ETag of what they show, for as many rows as they show.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

from flask import Response, make_response, render_template, request
from marshmallow import Schema, ValidationError

from field.core.responses import htmx

# A page that refreshes itself asks for as many rows as it shows.
MOST_ROWS = 300


def filter_of_address(schema: Schema) -> Any:
    """What the address asks for; parts that are unknown or malformed are left out rather than refused."""
    given = request.args.to_dict()
    try:
        return schema.load(given)
    except ValidationError as error:
        return schema.load({name: text for name, text in given.items() if name not in error.messages_dict})


def rows_answer(template: str, address: str, query: dict[str, str], etag: str, **context: Any) -> Response:
    """Rows alone; when the filter asked for them, the browser's address follows.

    `etag` was made before the rows were read, so that the next question tells of what changes in between.
    """
    answer = make_response(render_template(template, etag=etag, **context))
    answer.set_etag(etag)
    if htmx and htmx.trigger == "filters":
        answer.headers["HX-Push-Url"] = f"{address}?{urlencode(query)}"
    return answer


def rows_wanted(page: int) -> int:
    """How many rows the page asks for; `page` is how many make one."""
    return min(max(request.args.get("rows", 0, type=int), page), MOST_ROWS)


def numbers_beside(kept: Mapping[Any, int] | None, shown: Any, rows: int, more: bool) -> dict[Any, str]:
    """What stands beside the states of a list: how many fit what was chosen.

    `kept` are counts that are kept for all states. Where nothing is kept for what was chosen, the state that is
    `shown` says how many rows there are, as far as they were read, and the others say nothing rather than something
    about another list.
    """
    if kept is not None:
        return {state: f"{number:,}" for state, number in kept.items()}
    if request.args.get("after"):
        return {}
    return {shown: f"{rows}+" if more else str(rows)}


def etag_of(*parts: Any) -> str:
    """A short name of what rows depend on: who reads them how, what was chosen, the newest change."""
    return sha256(repr(parts).encode()).hexdigest()[:20]


def unchanged(etag: str) -> Response | None:
    """The empty answer when the reader has this already; another page of the list is never that."""
    if request.args.get("after") or etag not in request.if_none_match:
        return None
    return Response(status=304, headers={"ETag": f'"{etag}"'})
