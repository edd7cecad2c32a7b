"""/referrals: what departments have; one hazard as its department needs to know it, and what it says of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as BaseResponse

from field.accounts.actors import current_actor
from field.accounts.permissions import permit
from field.checklists import queries as checklists
from field.core.clock import utcnow
from field.core.db import transaction
from field.core.i18n import spoken
from field.core.lists import etag_of, filter_of_address, rows_answer, rows_wanted, unchanged
from field.hazards import evidence, forms, life, pages, wording
from field.hazards import queries as hazards
from field.hazards.models import Finding
from field.places.plans import plan_around
from field.places.queries import newest_within
from field.referrals import queries
from field.referrals.schemas import FilterSchema, SaidSchema
from field.referrals.service import STEPS, Said

bp = Blueprint("referrals", __name__)
bp.url_value_preprocessor(forms.room_for(evidence.MOST))


@bp.get("/referrals")
@permit("referral.read")
def index() -> str:
    """What waits for the department, by deadline; leads and the office see every department's."""
    return render_template("referrals/index.html", **_inbox())


@bp.get("/referrals/rows")
@permit("referral.read")
def rows() -> Response:
    """The list alone; with `after`, its next page; 304 when it is what the reader has already."""
    template = "referrals/_rows.html" if request.args.get("after") else "referrals/_list.html"
    same = unchanged(_etag())
    return same or rows_answer(template, "/referrals", _chosen().as_query(), **_inbox())


@bp.get("/referrals/<uuid:finding_id>")
@permit("referral.handle")
def show(finding_id: UUID) -> str:
    """One hazard of the department."""
    return render_template("referrals/show.html", **_subject(finding_id))


@bp.get("/referrals/<uuid:finding_id>/card")
@permit("referral.handle")
def card(finding_id: UUID) -> str:
    """The same without the page around it."""
    return render_template("referrals/_referral.html", **_subject(finding_id))


@bp.post("/referrals/<uuid:finding_id>/<any(acceptance, start, progress, feedback, return):name>")
@permit("referral.handle")
def take(finding_id: UUID, name: str) -> BaseResponse:
    """Say what the department does; the same again is the same as once."""
    queries.finding(finding_id, current_actor().scope)  # what is not theirs is not even read

    def context(complaints: Mapping[str, Any]) -> Mapping[str, Any]:
        wrong = {"name": name, "complaints": complaints, "typed": request.form}
        return _subject(finding_id, wrong if complaints else None)

    return forms.answered(
        f"/referrals/{finding_id}", "referrals/referral", lambda: _take(finding_id, name), context
    )


def _take(finding_id: UUID, name: str) -> None:
    values = forms.checked(SaidSchema())
    proven = forms.proven_photos()
    actor, now = current_actor(), utcnow()
    with transaction():
        finding = hazards.for_change(finding_id, actor.scope)
        photos = evidence.keep_once(finding, proven, values["version"], now)
        STEPS[name][1](finding, Said(photos=photos, now=now, **values), actor)


def _chosen() -> queries.Filter:
    chosen: queries.Filter = filter_of_address(FilterSchema())
    return chosen


def _etag() -> str:
    """What the inbox depends on: who reads it how, on which day, and the newest change to a hazard in the area."""
    actor = current_actor()
    return etag_of(actor, spoken(), _chosen(), pages.today(), newest_within(Finding, actor.scope))


def _inbox() -> dict[str, Any]:
    actor, chosen, today, etag = current_actor(), _chosen(), pages.today(), _etag()
    limit = rows_wanted(queries.PAGE)
    tallies = queries.tallies(actor.scope, today)
    return {
        "etag": etag,
        "chosen": chosen,
        "inbox": queries.inbox(actor.scope, chosen, today, request.args.get("after"), limit),
        "tallies": tallies,
        "totals": queries.totals(tallies, chosen.department),
        "states": queries.STATES,
        "base": "/referrals" if actor.scope.department else "/hazards",
        "departments": [] if actor.scope.department else _departments(),
        "own": actor.scope.department,
        "today": today,
        "words": checklists.words(actor.scope.district, spoken()),
    }


def _departments() -> list[Any]:
    return checklists.codes(current_actor().scope.district).get("department", [])


def _subject(finding_id: UUID, wrong: Mapping[str, Any] | None = None) -> dict[str, Any]:
    actor, today = current_actor(), pages.today()
    finding = queries.finding(finding_id, actor.scope)
    offered = life.next_actions(finding, actor, today)
    return {
        "finding": finding,
        "item": hazards.item_of(finding),
        "plan": plan_around(finding.dwelling.building),
        "photos": evidence.by_id(finding),
        "names": hazards.colleagues(finding, actor.scope.department),
        "steps": [name for name, (action, _work) in STEPS.items() if action in offered],
        "today": today,
        "late": life.is_late(finding, today),
        "called_back": life.called_back(finding),
        "words": checklists.words(finding.district, spoken()),
        "happened": wording.happened,
        "why": wording.why,
        "wrong": wrong or {"name": "", "complaints": {}, "typed": {}},
    }
