"""Older bodies of visit.recorded, brought up step by step to the newest schema; nothing is guessed on the way.

docs/developers/contract.md says how to release a new schema. The exact bytes that came stay as they are.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

Body = dict[str, Any]


def _notice_as_object(body: Body) -> Body:
    """2: the notice says when it was shown; an older phone did not say when, so that stays unknown.

    An older phone that corrects a visit hands back the newer form which it was given, beside its own.
    """
    if "notice_version" not in body:
        return body
    shown = {"version": body["notice_version"]}
    notice = body.get("notice")
    same = isinstance(notice, dict) and notice.get("version") == shown["version"]
    rest = {key: value for key, value in body.items() if key != "notice_version"}
    return rest | {"notice": notice if same else shown}


def _more_to_say(body: Body) -> Body:
    """3: places of work, rechecks, the hazard notice, people confirmed, guides; older phones say nothing of them."""
    return body


def _languages(body: Body) -> Body:
    """4: in which languages the household saw what it was shown; older phones did not say."""
    return body


def _come_again(body: Body) -> Body:
    """5: when a household that put the visit off asked for it; older phones did not ask."""
    return body


# The schema that a body has, and the step to the next one.
STEPS: Mapping[int, Callable[[Body], Body]] = {
    1: _notice_as_object,
    2: _more_to_say,
    3: _languages,
    4: _come_again,
}
NEWEST = max(STEPS) + 1


# Escapes of JSON text: a whole pair; a NUL or half a pair, which no database and no page can hold; any other.
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u0000|u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)


def read(text: bytes) -> Any:
    """The JSON that a phone sent, without the characters that cannot be kept; raises ValueError.

    Keyboards and pasted text bring them, half an emoji most of all: a person's record must not wait for that.
    """
    return orjson.loads(_ESCAPE.sub(_kept, text) if b"\\u" in text else text)


def _kept(escape: re.Match[bytes]) -> bytes:
    return b"" if escape[1] else escape[0]


def upcast(body: Any, schema: int) -> Any:
    """A body of an older schema in the shape of the newest; whatever is no object is answered as it is."""
    if not isinstance(body, dict):
        return body
    for step in range(schema, NEWEST):
        body = STEPS[step](body)
    return body
