"""/plates: what the codes on door plates say, and sheets of codes to print for doors that have none."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.core.db import transaction
from field.core.errors import Problem
from field.core.squares import square
from field.places import plates
from field.places.models import Building, Dwelling

bp = Blueprint("plates", __name__)


@bp.get("/plates")
@permit("plate.manage")
def index() -> str:
    """Buildings of the reader's area, and how many of their doors have a code."""
    typed = request.args.get("q", "")
    return render_template(
        "places/plates.html",
        rows=plates.plated_buildings(current_actor().scope, typed),
        typed=typed,
        limit=plates.LIMIT,
        given=request.args.get("given", type=int),
        wrong=request.args.get("wrong", 0, int),
    )


@bp.get("/plates/<uuid:building_id>")
@permit("plate.manage")
def show(building_id: UUID) -> str:
    """A building and its doors, each with its code."""
    return _page(plates.building_of(building_id, current_actor().scope))


@bp.post("/plates/<uuid:building_id>")
@permit("plate.manage")
def update(building_id: UUID) -> BaseResponse | tuple[str, int]:
    """Keep the codes; where one would stand twice the page comes back with what was typed."""
    building = plates.building_of(building_id, current_actor().scope)
    codes = _typed()
    wrong = plates.given_twice(building, codes)
    if wrong:
        return _page(building, codes, wrong), 422
    try:
        with transaction():
            plates.give(plates.building_of(building_id, current_actor().scope), codes, current_actor())
    except Problem as problem:
        if problem.code != "invalid":
            raise
        # Somebody was given it at the same moment.
        building = plates.building_of(building_id, current_actor().scope)
        return _page(building, codes, plates.given_twice(building, codes), taken=True), 422
    return redirect(f"/plates/{building_id}?told=kept", 303)


@bp.get("/plates/<uuid:building_id>/sheet")
@permit("plate.manage")
def sheet(building_id: UUID) -> str:
    """A paper to cut: a square for every door. A door without a code gets one that leads to it."""
    building = plates.building_of(building_id, current_actor().scope)
    doors = plates.doors_of(building)
    return render_template(
        "places/sheet.html",
        building=building,
        doors=doors,
        squares={door.id: square(_said_by(door)) for door in doors},
    )


def _said_by(door: Dwelling) -> str:
    return door.plate or f"{request.host_url}phone/door#{door.id}"


def _typed() -> dict[UUID, str]:
    """The codes of the form by the id that each field is named after."""
    said = {
        name.removeprefix("code-"): value for name, value in request.form.items() if name.startswith("code-")
    }
    try:
        return {UUID(key): value[: plates.LONGEST] for key, value in said.items()}
    except ValueError:
        raise Problem("bad-request") from None


def _page(
    building: Building,
    codes: Mapping[UUID, str] | None = None,
    wrong: set[UUID] | None = None,
    *,
    taken: bool = False,
) -> str:
    doors = plates.doors_of(building)
    kept = {building.id: building.plate or ""} | {door.id: door.plate or "" for door in doors}
    return render_template(
        "places/plate.html",
        building=building,
        doors=doors,
        codes=codes or kept,
        wrong=wrong or set(),
        taken=taken or bool(wrong),
        told=request.args.get("told", ""),
    )
