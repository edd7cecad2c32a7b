"""A lead's correction of places of work, rechecks and requests; what cannot be said there safely is said elsewhere."""

import pytest

from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards.models import Action, Finding, FindingStatus
from field.places.models import Workplace
from field.visits.models import ServiceRequest, Visit
from tests import factories


@pytest.fixture
def door(worker):
    factories.codes()
    factories.guides()
    return factories.a_dwelling()


@pytest.fixture
def rechecked(worker, second_worker, door):
    """rechecked(passed=…): a second worker's visit that looked at a hazard again, and that hazard."""

    def make(passed):
        hazard = factories.a_hazard(worker, dwelling=door)
        key = str(new_id())
        picture = {"id": key, "digest": f"sha-256:{'0' * 64}", "size": 10, "type": "image/jpeg"}
        part = {"finding": str(hazard.id), "passed": passed, "note": "已看", "photos": [key]}
        visit = factories.a_visit(second_worker, door, unchanged=None, rechecks=[part], photos=[picture])
        with transaction():
            factories.photos_of(visit, [key])
        return visit, hazard

    return make


def _now(row):
    return db.session.get_one(type(row), row.id, populate_existing=True)


def _newest(visit):
    return _now(visit).revisions[-1].body


def test_a_place_of_work_of_which_the_visit_said_nothing_is_corrected(app, worker, door, correct):
    shop = factories.a_workplace(door, name="测试·面馆", headcount=3)
    visit = factories.a_visit(worker, door)
    key = f"workplace.{shop.id}"

    typed = {f"{key}.name": "测试·拉面馆", f"{key}.headcount": "6", f"{key}.contact_phone": "154 0000 0088"}
    answer = correct(visit, typed)

    assert answer.status_code == 303
    row = _now(shop)
    assert (row.name, row.headcount, row.contact_phone) == ("测试·拉面馆", 6, "15400000088")
    assert _newest(visit)["workplaces"] == [
        {
            "action": "change",
            "workplace": str(shop.id),
            "name": "测试·拉面馆",
            "headcount": 6,
            "contact_phone": "15400000088",
        }
    ]
    assert "unchanged" not in _newest(visit)
    told = app.test_cli_runner().invoke(args=["register", "rebuild"])
    assert "0 differ" in told.output, told.output


def test_a_place_of_work_is_gone_or_was_a_mistake(worker, door, correct):
    shop = factories.a_workplace(door)
    added = {"action": "add", "workplace": str(new_id()), "name": "测试·新店", "kind": "shop"}
    visit = factories.a_visit(worker, door, unchanged=None, workplaces=[added])

    correct(visit, {f"workplace.{shop.id}.where": "gone", f"workplace.{added['workplace']}.where": "mistake"})

    assert all(row.ended for row in db.session.query(Workplace).populate_existing())
    assert [part["action"] for part in _newest(visit)["workplaces"]] == ["closed"]


def test_a_telephone_of_a_place_of_work_is_not_in_the_form(client_of, lead, worker, door):
    factories.a_workplace(door, contact_phone="15400000077")
    visit = factories.a_visit(worker, door)

    page = client_of(lead).get(f"/visits/{visit.id}/correction").get_data(as_text=True)

    assert "15400000077" not in page
    assert "154****0077" in page


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("name", "", "enter a name"),
        ("name", "长" * 81, "under 80 characters"),
        ("headcount", "many", "a number from 0"),
        ("contact_phone", "12345", "cannot be dialled"),
        ("kind", "circus", "choose one of these"),
        ("where", "mistake", "choose one of these"),
    ],
)
def test_what_is_wrong_with_a_place_of_work_stands_beside_its_field(
    worker, door, correct, field, text, words
):
    shop = factories.a_workplace(door)
    visit = factories.a_visit(worker, door)

    answer = correct(visit, {f"workplace.{shop.id}.{field}": text})

    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert _now(visit).revision == 1


def test_a_request_is_of_another_kind_in_other_words_and_without_what_was_ticked(worker, door, correct):
    asked = {"id": str(new_id()), "kind": "permit", "note": "办证", "eligibility": [], "papers": []}
    visit = factories.a_visit(worker, door, unchanged=None, requests=[asked])
    key = f"request.{asked['id']}"

    answer = correct(visit, {f"{key}.kind": "legal_aid", f"{key}.note": "工资没发"})

    assert answer.status_code == 303
    row = db.session.query(ServiceRequest).populate_existing().one()
    assert (row.kind, row.note, row.papers, row.withdrawn) == ("legal_aid", "工资没发", None, False)
    assert _newest(visit)["requests"] == [{"id": asked["id"], "kind": "legal_aid", "note": "工资没发"}]


def test_a_request_that_nobody_made_is_withdrawn(worker, door, correct):
    asked = {"id": str(new_id()), "kind": "permit"}
    visit = factories.a_visit(worker, door, unchanged=None, requests=[asked])

    correct(visit, {f"request.{asked['id']}.where": "mistake"})

    assert db.session.query(ServiceRequest).populate_existing().one().withdrawn is True
    assert (_now(visit).requests, _newest(visit)["requests"]) == (0, [])


def test_a_request_needs_a_kind(worker, door, correct):
    asked = {"id": str(new_id()), "kind": "permit"}
    visit = factories.a_visit(worker, door, unchanged=None, requests=[asked])

    assert correct(visit, {f"request.{asked['id']}.kind": ""}).status_code == 422


def test_what_was_said_to_be_put_right_is_still_there_in_the_leads_name(lead, rechecked, correct):
    visit, hazard = rechecked(True)

    answer = correct(visit, {f"recheck.{hazard.id}.passed": "no"})

    row = _now(hazard)
    assert (answer.status_code, row.status) == (303, FindingStatus.RECHECK_FAILED)
    assert [(step.action, step.actor_id) for step in row.steps[-2:]] == [
        (Action.TAKE_BACK, lead.id),
        (Action.FAIL_RECHECK, lead.id),
    ]
    assert _newest(visit)["rechecks"][0]["passed"] is False
    assert _now(visit).hazards == 1


def test_another_note_of_a_recheck_is_no_other_step(rechecked, correct):
    visit, hazard = rechecked(True)
    before = len(hazard.steps)

    assert correct(visit, {f"recheck.{hazard.id}.note": "换了新灭火器"}).status_code == 303

    row = _now(hazard)
    assert (len(row.steps), row.status) == (before, FindingStatus.AWAITING_PHOTO)
    assert "换了新灭火器" in [step.reason for step in row.steps]
    assert Action.TAKE_BACK not in [step.action for step in row.steps]


def test_closing_takes_a_new_photo_and_is_done_on_the_hazards_own_page(client_of, lead, rechecked, correct):
    visit, hazard = rechecked(False)

    page = client_of(lead).get(f"/visits/{visit.id}/correction?lang=en").get_data(as_text=True)
    answer = correct(visit, {f"recheck.{hazard.id}.passed": "yes"})

    assert f'name="recheck.{hazard.id}.passed"' not in page
    assert "To close it takes a new photo" in page
    assert f'href="/hazards/{hazard.id}"' in page
    assert (answer.status_code, _now(hazard).status) == (422, FindingStatus.RECHECK_FAILED)


def test_what_somebody_did_about_it_since_is_not_undone(client_of, lead, rechecked, correct):
    visit, hazard = rechecked(True)
    form = {"version": _now(hazard).version, "department": "fire_rescue"}
    assert client_of(lead).post(f"/hazards/{hazard.id}/referral", data=form).status_code == 303

    answer = correct(visit, {f"recheck.{hazard.id}.passed": "no"})
    noted = correct(visit, {f"recheck.{hazard.id}.note": "部门在办"})

    assert (answer.status_code, noted.status_code) == (422, 303)
    row = db.session.get_one(Finding, hazard.id, populate_existing=True)
    assert row.status == FindingStatus.REFERRED
    assert Action.TAKE_BACK not in [step.action for step in row.steps]
    assert db.session.get_one(Visit, visit.id).revision == 2
