"""What the pages of hazards show; shared by those who read and by forms that come back with what is wrong."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app, request
from sqlalchemy import select

from field.accounts import queries as accounts
from field.accounts.actors import current_actor
from field.checklists.queries import words
from field.core.clock import local_day, utcnow
from field.core.db import db
from field.core.i18n import spoken
from field.core.lists import etag_of, filter_of_address, numbers_beside, rows_wanted
from field.hazards import awaiting, following, lapsing, life, listing, queries, wording
from field.hazards.models import Action, Finding
from field.hazards.schemas import SEVERITIES, STATES, FilterSchema, statuses_of
from field.hazards.terms import terms_of
from field.places.models import Area, Level
from field.places.plans import plan_around
from field.places.queries import newest_within


def today() -> date:
    """The day in the district."""
    return local_day(utcnow(), current_app.config["TIMEZONE"])


def subject(finding_id: UUID, typed: Mapping[str, Any] | None = None, **wrong: Any) -> dict[str, Any]:
    """One hazard; `typed` is what a refused form said, `wrong` is `name` of the form and `complaints` by field."""
    actor = current_actor()
    finding = queries.finding(finding_id, actor.scope)
    offered = life.next_actions(finding, actor, today())
    steps = [name for name, (actions, _work) in following.STEPS.items() if set(actions) & set(offered)]
    return {
        "finding": finding,
        "subject": queries.subject(finding, actor.scope),
        "steps": steps,
        "plan": plan_around(finding.dwelling.building),
        "awaited": following.awaited(finding, steps),
        "offered": offered,
        "suggested": terms_of(finding.district).routing.of_finding(finding),
        "assignable": following.assignable(finding, actor) if Action.ASSIGN in offered else [],
        "today": today(),
        "lapsed": awaiting.has_lapsed(finding),
        "waits_until": lapsing.waits_until(finding, current_app.config["TIMEZONE"]),
        "words": words(finding.district, spoken()),
        "happened": wording.happened,
        "why": wording.why,
        "typed": typed or {},
        "wrong": wrong.get("name", ""),
        "complaints": wrong.get("complaints", {}),
    }


def chosen() -> listing.Filter:
    """What the address narrows a list of hazards to."""
    found: listing.Filter = filter_of_address(FilterSchema())
    return found


def etag() -> str:
    """What lists of hazards depend on: who reads them how, on which day, and the newest change to one in the area."""
    actor = current_actor()
    return etag_of(actor, spoken(), chosen(), today(), newest_within(Finding, actor.scope))


def listed(complaints: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The list as the address narrows it; `complaints` by field when a step on what is ticked was refused."""
    actor, limit = current_actor(), rows_wanted(listing.PAGE)
    around, narrow = _around(), chosen()
    found = listing.listing(actor.scope, narrow, today(), request.args.get("after"), limit)
    decides = actor.role == "lead" and (narrow.state, narrow.turn) == ("open", "decide")  # a tab of its own
    counted = replace(narrow, turn="").is_counted if decides else narrow.is_counted
    kept = listing.counts(actor.scope.narrowed_to(narrow.area), today()) if counted else None
    shown = "decide" if decides else narrow.state
    return around | {
        "listing": found,
        "numbers": numbers_beside(kept, shown, len(found.findings), found.after is not None),
        "people": _people(found.findings),
        "done": request.args.get("done", type=int),
        "left": request.args.get("left", type=int),
        "reasons": _reasons(),
        "typed": request.form,
        "ticked": set(request.form.getlist("finding")),
        "complaints": complaints or {},
    }


def _reasons() -> list[tuple[str, str]]:
    """Why some were left alone, and how many for that reason."""
    parts = [text.rpartition(".") for text in request.args.getlist("why")[:9]]
    return [(wording.left_alone(why), number) for why, _dot, number in parts if number.isdecimal()]


def board() -> dict[str, Any]:
    """The columns as the address narrows them."""
    actor = current_actor()
    columns = listing.board(actor.scope, chosen(), today())
    if actor.role == "lead":  # what waits for who looks comes first
        columns.sort(key=lambda column: column.turn != "decide")
    found = [finding for column in columns for finding in column.findings]
    return _around() | {"columns": columns, "people": _people(found)}


def _people(findings: Iterable[Finding]) -> dict[UUID, str]:
    """Who shall look at which, by name; nobody of the grid is named to a department."""
    if current_actor().scope.department is not None:
        return {}
    return accounts.names({row.assignee_id for row in findings if row.assignee_id})


def _around() -> dict[str, Any]:
    actor = current_actor()
    return {
        "etag": etag(),
        "chosen": chosen(),
        "states": STATES,
        "statuses": statuses_of(chosen().state),
        "nobody": listing.NOBODY,
        "workers": following.workers(actor) if actor.role == "lead" else [],
        "severities": SEVERITIES,
        "turns": wording.TURNS,
        "areas": _areas(),
        "today": today(),
        "words": words(actor.scope.district, spoken()),
    }


def _areas() -> list[Area]:
    """The grids that a list can be narrowed to; for whole districts the communities."""
    scope = current_actor().scope
    for level in (Level.GRID, Level.COMMUNITY, Level.SUBDISTRICT):
        statement = select(Area).where(
            Area.district == scope.district, Area.level == level, scope.within(Area.code)
        )
        rows = list(db.session.scalars(statement.order_by(Area.code).limit(61)))
        if len(rows) <= 60:
            break
    return rows
