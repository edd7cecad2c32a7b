"""A lead's correction of people and hazards: the next revision says it, the register and the hazards follow."""

from uuid import UUID

import pytest

from field.core.db import db
from field.core.ids import new_id
from field.hazards.models import Action, Finding, FindingStatus
from field.people.models import Occupancy
from field.visits.models import Visit
from tests import factories


@pytest.fixture
def door(worker):
    return factories.a_dwelling()


@pytest.fixture
def resident(door):
    """Somebody who was registered here before the visit."""
    return factories.an_occupancy(door, name="测试·老住户", phone="15400001111")


@pytest.fixture
def added():
    """The part of a visit that adds somebody."""
    return {
        "action": "add",
        "occupancy": str(new_id()),
        "person": str(new_id()),
        "name": "测试·新住户",
        "phone": "15400002222",
    }


def _row(occupancy_id):
    db.session.expire_all()
    return db.session.get(Occupancy, UUID(str(occupancy_id)))


def _newest(visit):
    db.session.expire_all()
    return db.session.get_one(Visit, visit.id).revisions[-1].body


def test_a_name_and_a_phone_of_somebody_whom_the_visit_added_are_corrected(worker, door, added, correct):
    visit = factories.a_visit(worker, door, unchanged=None, occupants=[added])
    key = f"person.{added['occupancy']}"

    answer = correct(visit, {f"{key}.name": "测试·更正", f"{key}.phone": "154 0000 3333"})

    person = _row(added["occupancy"]).person
    assert answer.status_code == 303
    assert (person.name, person.phone) == ("测试·更正", "15400003333")
    first = db.session.get_one(Visit, visit.id).revisions[0]
    assert first.body["occupants"] == [added]


def test_a_double_click_with_somebodys_phone_is_answered_as_the_first(worker, door, added, correct):
    visit = factories.a_visit(worker, door, unchanged=None, occupants=[added])
    form = {f"person.{added['occupancy']}.phone": "154 0000 3333"}

    assert [correct(visit, form).status_code for _ in range(2)] == [303, 303]
    assert db.session.get_one(Visit, visit.id, populate_existing=True).revision == 2


def test_somebody_of_whom_the_visit_said_nothing_is_corrected_too(worker, door, resident, correct):
    visit = factories.a_visit(worker, door)

    correct(visit, {f"person.{resident.id}.home_county": "620422"})

    assert _row(resident.id).person.home_county == "620422"
    assert _newest(visit)["occupants"] == [
        {"action": "change", "occupancy": str(resident.id), "home_county": "620422"}
    ]
    assert "unchanged" not in _newest(visit)


def test_somebody_who_has_moved_out_is_ended_with_the_day(worker, door, resident, correct):
    visit = factories.a_visit(worker, door)
    key = f"person.{resident.id}"

    correct(visit, {f"{key}.where": "gone", f"{key}.moved_out_on": "2026-11-01"})

    assert _row(resident.id).ended is True
    assert str(_row(resident.id).moved_out_on) == "2026-11-01"


def test_somebody_whom_the_visit_let_move_out_by_mistake_lives_here_again(worker, door, resident, correct):
    gone = {"action": "moved_out", "occupancy": str(resident.id), "moved_out_on": "2026-11-01"}
    visit = factories.a_visit(worker, door, unchanged=None, occupants=[gone])

    correct(visit, {f"person.{resident.id}.where": "here", f"person.{resident.id}.moved_out_on": ""})

    assert _row(resident.id).ended is False
    assert _row(resident.id).moved_out_on is None


def test_somebody_entered_by_mistake_is_taken_out(worker, door, added, correct):
    visit = factories.a_visit(worker, door, unchanged=None, occupants=[added])

    correct(visit, {f"person.{added['occupancy']}.where": "mistake"})

    assert _row(added["occupancy"]).ended is True
    assert _newest(visit)["occupants"] == []


def test_the_numbers_of_people_are_not_in_the_form(client_of, lead, worker, door, resident, added):
    visit = factories.a_visit(worker, door, unchanged=None, occupants=[added])

    page = client_of(lead).get(f"/visits/{visit.id}/correction").get_data(as_text=True)

    assert "154****1111" in page
    assert "154****2222" in page
    assert "15400001111" not in page
    assert "15400002222" not in page


def test_what_is_left_empty_keeps_its_number(worker, door, added, correct):
    visit = factories.a_visit(worker, door, unchanged=None, occupants=[added])

    correct(visit, {f"person.{added['occupancy']}.name": "测试·更正"})

    assert _row(added["occupancy"]).person.phone == "15400002222"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("name", "", "enter a name"),
        ("name", "长" * 51, "under 50 characters"),
        ("phone", "12345", "cannot be dialled"),
        ("home_county", "6204", "six digits"),
        ("moved_in_on", "yesterday", "choose a day"),
        ("moved_in_on", "0006-03-01", "check the year"),
        ("where", "mistake", "choose one of these"),
        ("moved_out_on", "2026-11-01", "choose that they have moved out"),
        ("document_number", "62042119910309021X", "cannot be right"),
    ],
)
def test_what_is_wrong_with_somebody_stands_beside_its_field(
    worker, door, resident, correct, field, text, words
):
    visit = factories.a_visit(worker, door)
    key = f"person.{resident.id}"
    typed = {f"{key}.document_type": "111", f"{key}.{field}": text}

    answer = correct(visit, typed)

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in page
    assert 'class="correct-part" open' in page
    assert db.session.get_one(Visit, visit.id).revision == 1


def test_somebody_of_another_door_cannot_be_slipped_in(worker, door, correct):
    stranger = factories.an_occupancy(factories.a_dwelling(), name="测试·别家")
    visit = factories.a_visit(worker, door)

    answer = correct(visit, {f"person.{stranger.id}.name": "测试·改名"})

    assert answer.status_code == 422
    assert _row(stranger.id).person.name == "测试·别家"


def test_where_a_hazard_is_and_what_was_noted_is_corrected(worker, correct):
    hazard = factories.a_hazard(worker, spot="厨房")

    correct(hazard.visit, {f"finding.{hazard.id}.spot": "阳台", f"finding.{hazard.id}.note": "左侧窗户"})

    db.session.expire_all()
    row = db.session.get_one(Finding, hazard.id)
    assert (row.spot, row.note) == ("阳台", "左侧窗户")
    assert row.status == FindingStatus.NOTIFIED


def test_what_was_done_about_a_hazard_is_said_anew_in_the_leads_name(worker, lead, correct):
    hazard = factories.a_hazard(worker)

    correct(hazard.visit, {f"finding.{hazard.id}.action": "fixed_on_site"})

    db.session.expire_all()
    row = db.session.get_one(Finding, hazard.id)
    assert (row.status, row.settled) == (FindingStatus.FIXED_ON_SITE, True)
    assert [(step.action, step.actor_id) for step in row.steps[-2:]] == [
        (Action.TAKE_BACK, lead.id),
        (Action.FIX_ON_SITE, lead.id),
    ]


def test_a_hazard_that_was_none_is_withdrawn(worker, correct):
    hazard = factories.a_hazard(worker)

    correct(hazard.visit, {f"finding.{hazard.id}.action": "none"})

    db.session.expire_all()
    assert db.session.get_one(Finding, hazard.id).withdrawn is True
    assert db.session.get_one(Visit, hazard.visit_id).hazards == 0


def test_a_hazard_that_was_none_is_called_withdrawn_where_it_was_said_and_leads_nowhere(
    client_of, lead, worker, correct
):
    hazard = factories.a_hazard(worker)
    correct(hazard.visit, {f"finding.{hazard.id}.action": "none"})

    page = client_of(lead).get(f"/visits/{hazard.visit_id}?lang=en").get_data(as_text=True)

    assert "Withdrawn by a correction" in page
    assert f"/hazards/{hazard.id}" not in page


def test_a_recheck_by_a_phone_that_had_not_heard_that_it_was_no_hazard_leads_nowhere(
    client_of, lead, worker, correct
):
    hazard = factories.a_hazard(worker)
    correct(hazard.visit, {f"finding.{hazard.id}.action": "none"})
    again = {"finding": str(hazard.id), "passed": False, "note": "还在"}
    later = factories.a_visit(worker, hazard.dwelling, rechecks=[again])

    page = client_of(lead).get(f"/visits/{later.id}?lang=en").get_data(as_text=True)

    assert "Withdrawn by a correction" in page
    assert f'href="/hazards/{hazard.id}"' not in page


def test_what_somebody_did_about_a_hazard_since_is_not_said_anew(client_of, lead, worker, correct):
    factories.codes()
    hazard = factories.a_hazard(worker)
    form = {"version": hazard.version, "department": "fire_rescue"}
    client_of(lead).post(f"/hazards/{hazard.id}/referral", data=form)

    answer = correct(hazard.visit, {f"finding.{hazard.id}.action": "fixed_on_site"})

    db.session.expire_all()
    assert answer.status_code == 422
    assert db.session.get_one(Finding, hazard.id).status == FindingStatus.REFERRED


def test_the_register_that_is_rebuilt_is_the_one_that_was_corrected(app, worker, door, added, correct):
    visit = factories.a_visit(worker, door, unchanged=None, occupants=[added])
    correct(visit, {f"person.{added['occupancy']}.name": "测试·更正"})

    told = app.test_cli_runner().invoke(args=["register", "rebuild"])

    assert told.exit_code == 0, told.output
    assert "0 differ" in told.output
