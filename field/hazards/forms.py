"""Forms of steps, which may carry photos: bytes counted, pictures proved, before anything is written; answered alike
wherever a hazard is shown."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import current_app, make_response, redirect, render_template, request
from flask_babel import gettext as _
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response as BaseResponse

from field.core.errors import Problem
from field.core.forms import complaints_of
from field.core.responses import htmx
from field.hazards.evidence import MOST
from field.photos import desk
from field.photos.keeping import photo_store, translated

# What a form holds beside its photos.
_ROOM = 100_000


def room_for(photos: int) -> Callable[[str | None, dict[str, Any] | None], None]:
    """What lets a request be as large as so many photos, set before anything reads the form."""

    def make_room(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        request.max_content_length = photos * int(current_app.config["PHOTO_MAX_BYTES"]) + _ROOM

    return make_room


def answered(
    address: str,
    template: str,
    take: Callable[[], None],
    context: Callable[[Mapping[str, Any]], Mapping[str, Any]],
) -> BaseResponse:
    """Take a step, then show the hazard: its partial for htmx, its page for a plain form.

    `template` has a partial of the same name with an underscore. Refused beside its fields, or since somebody was
    quicker, the form comes back open as it was typed, about the hazard as it stands now (photos have to be chosen
    anew, as browsers insist): `context` is given `complaints`.
    """
    folder, name = template.split("/")
    partial = f"{folder}/_{name}.html"
    try:
        take()
    except Problem as problem:
        page = render_template(partial if htmx else f"{folder}/show.html", **context(complaints_in(problem)))
        return make_response(page, problem.status)
    if htmx:
        return make_response(render_template(partial, **context({})))
    return redirect(address, 303)


def checked(schema: Schema) -> dict[str, Any]:
    """The values of a step's form; raises Problem `invalid` with `fields`, or `bad-request` without its version."""
    try:
        values = schema.load(request.form.to_dict())
    except ValidationError as error:
        if "version" in error.messages_dict:
            raise Problem("bad-request") from error
        raise Problem("invalid", fields=complaints_of(error)) from error
    assert isinstance(values, dict)
    return values


def complaints_in(problem: Problem) -> dict[str, Any]:
    """What a refused form says beside its fields; raises the Problem anew when it is about something else.

    Of what happened meanwhile it says what, as the complaint about the `version` that was looked at.
    """
    if problem.code == "decided-already":
        return {"version": str(problem.detail or problem.title)}
    if problem.code != "invalid" or "fields" not in problem.members:
        raise problem
    fields: dict[str, Any] = problem.members["fields"]
    return fields


def proven_photos(most: int = MOST) -> list[desk.Proven]:
    """The pictures that came in the field `photos`, proved one by one; raises Problem `invalid` with `fields`."""
    given = [file for file in request.files.getlist("photos") if file.filename]
    if len(given) > most:
        raise _wrong(_("At most %(most)s photos at once.", most=most))
    return [_proven(file) for file in given]


def _proven(file: Any) -> desk.Proven:
    largest = int(current_app.config["PHOTO_MAX_BYTES"])
    content = file.stream.read(largest + 1)
    if len(content) > largest:
        raise _wrong(_("This picture is too large."))
    try:
        with translated():
            return desk.prove(content, photo_store(), current_app.config["PHOTO_MAX_PIXELS"])
    except Problem as problem:
        if problem.code != "photo-unusable":
            raise
        raise _wrong(str(problem.title)) from problem


def _wrong(words: str) -> Problem:
    return Problem("invalid", words, fields={"photos": words})
