"""/accounts: who works here, in which role and area."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, redirect, render_template, request
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.wrappers import Response as BaseResponse

from field.accounts import members, queries
from field.accounts.actors import current_actor
from field.accounts.models import Role, User
from field.accounts.permissions import permit
from field.administration.queries import area_choices, area_titles
from field.administration.schemas import MemberFilterSchema, MemberSchema
from field.administration.wording import ROLES
from field.checklists.models import CodeEntry
from field.checklists.queries import codes, words
from field.core.db import transaction
from field.core.forms import complaints_of
from field.core.i18n import spoken

bp = Blueprint("members", __name__)


@bp.get("/accounts")
@permit("account.manage")
def index() -> str:
    """Everybody of the district by role, or whom a filter leaves; and the form for somebody new."""
    return render_template("administration/members.html", **_people(request.args), **_form({}, {}))


@bp.get("/accounts/rows")
@permit("account.manage")
def rows() -> str:
    """The list alone."""
    return render_template("administration/_members.html", **_people(request.args))


@bp.post("/accounts")
@permit("account.manage")
def create() -> tuple[str, int] | str:
    """Add somebody; the password is shown on the answer and nowhere else."""
    typed = request.form.to_dict() | {"areas": request.form.getlist("areas")}
    form, wrong = _checked(typed)
    actor = current_actor()
    if not wrong and queries.user_by_name(form["username"]):
        wrong = {"username": [_("This user name is taken.")]}
    if wrong:
        return render_template("administration/members.html", **_people({}), **_form(typed, wrong)), 422
    with transaction():
        user, password = members.add(**form, actor=actor)
    return render_template("administration/password.html", member=user, password=password)


@bp.get("/accounts/<uuid:user_id>")
@permit("account.manage")
def show(user_id: UUID) -> str:
    """One account."""
    return _page(members.member(user_id, current_actor()), None)


@bp.post("/accounts/<uuid:user_id>/areas")
@permit("account.manage")
def assign(user_id: UUID) -> BaseResponse | tuple[str, int]:
    """Choose the areas that somebody answers for."""
    chosen = request.form.getlist("areas")
    complaint = _areas_complaint(chosen)
    if complaint:
        return _page(members.member(user_id, current_actor()), complaint), 422
    with transaction():
        members.assign(members.member(user_id, current_actor()), chosen, current_actor())
    return redirect(f"/accounts/{user_id}", 303)


@bp.post("/accounts/<uuid:user_id>/suspension")
@permit("account.manage")
def suspend(user_id: UUID) -> BaseResponse:
    """Keep somebody out."""
    with transaction():
        members.suspend(members.member(user_id, current_actor()), current_actor())
    return redirect(f"/accounts/{user_id}", 303)


@bp.post("/accounts/<uuid:user_id>/readmission")
@permit("account.manage")
def readmit(user_id: UUID) -> BaseResponse:
    """Let somebody in again."""
    with transaction():
        members.readmit(members.member(user_id, current_actor()), current_actor())
    return redirect(f"/accounts/{user_id}", 303)


@bp.post("/accounts/<uuid:user_id>/password")
@permit("account.manage")
def reset_password(user_id: UUID) -> str:
    """Give somebody a new password, shown once."""
    with transaction():
        member = members.member(user_id, current_actor())
        password = members.reset_password(member, current_actor())
    return render_template("administration/password.html", member=member, password=password)


def _people(given: Mapping[str, str]) -> dict[str, Any]:
    district = current_actor().scope.district
    odd = MemberFilterSchema().validate(dict(given))
    chosen = MemberFilterSchema().load({name: text for name, text in given.items() if name not in odd})
    assert isinstance(chosen, dict)
    people = queries.users(district, chosen["role"], chosen["search"].strip())
    return {
        "people": people,
        "chosen": chosen,
        "by_role": queries.users_by_role(district),
        "areas": area_titles(area.area_code for member in people for area in member.areas),
        "words": words(district, spoken()),
        "roles": ROLES,
    }


def _page(member: User, complaint: str | None) -> str:
    chosen = [area.area_code for area in member.areas]
    return render_template(
        "administration/member.html",
        member=member,
        roles=ROLES,
        areas=area_titles(chosen).values(),
        words=words(member.district, spoken()),
        chosen=chosen,
        area_choices=area_choices(current_actor().scope),
        complaint=complaint,
    )


def _areas_complaint(chosen: list[str]) -> str | None:
    if not chosen:
        return str(_("Please choose at least one area."))
    known = {row.code for row in area_choices(current_actor().scope)}
    return None if known.issuperset(chosen) else str(_("Please choose from the list."))


def _checked(typed: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    try:
        form = MemberSchema().load({name: value for name, value in typed.items() if value != ""})
    except ValidationError as error:
        return {}, {name: [text] for name, text in complaints_of(error).items()}
    assert isinstance(form, dict)
    wrong = {}
    if complaint := _areas_complaint(form["areas"]):
        wrong["areas"] = [complaint]
    if form["department"] and form["department"] not in {row.code for row in _departments()}:
        wrong["department"] = [_("Please choose from the list.")]
    return form, wrong


def _departments() -> list[CodeEntry]:
    return codes(current_actor().scope.district).get("department", [])


def _form(typed: dict[str, Any], wrong: dict[str, Any]) -> dict[str, Any]:
    return {
        "typed": typed,
        "wrong": wrong,
        "role_list": list(Role),
        "area_choices": area_choices(current_actor().scope),
        "departments": _departments(),
    }
