"""A register that follows at approval: what was said at an entry that is closed by then counts for the door kept."""

from uuid import UUID

import pytest

from field.core.ids import new_id
from field.people.models import Occupancy
from field.places.models import Dwelling
from field.visits.models import Visit
from tests import factories
from tests.merges.asking import fresh, post, undo


@pytest.fixture
def app(make_app):
    """The register follows when a lead has approved."""
    built = make_app(FIELD_REGISTER_AT="approval")
    with built.app_context():
        yield built


def _approve(desk, visit):
    return desk.post(f"/visits/{visit.id}/approval", data={"revision": 1}).status_code


def test_a_visit_that_is_approved_after_its_door_was_joined_counts_for_the_door_kept(
    app, desk, worker, two_doors
):
    kept, other = two_doors
    someone = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "测试·新住户"}
    visit = factories.a_visit(
        worker, other, unchanged=None, dwelling_changes={"headcount": 4}, occupants=[someone]
    )
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")

    assert _approve(desk, visit) == 303

    assert (fresh(Dwelling, kept.id).headcount, fresh(Dwelling, other.id).headcount) == (4, None)
    assert fresh(Occupancy, UUID(someone["occupancy"])).dwelling_id == kept.id
    assert fresh(Visit, visit.id).dwelling_id == kept.id
    answer = app.test_cli_runner().invoke(args=["register", "rebuild"])
    assert answer.exit_code == 0, answer.output


def test_what_a_visit_says_of_somebody_who_went_along_is_not_dropped(desk, worker, two_doors):
    kept, other = two_doors
    living = factories.an_occupancy(other, reason="204")
    gone = {"action": "moved_out", "occupancy": str(living.id), "moved_out_on": "2026-11-01"}
    visit = factories.a_visit(worker, other, unchanged=None, occupants=[gone])
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")

    _approve(desk, visit)

    assert fresh(Occupancy, living.id).ended is True


def test_what_the_visit_did_not_know_of_the_door_kept_stays_beside_it(desk, worker, second_worker, two_doors):
    kept, other = two_doors
    known = factories.a_visit(second_worker, kept, unchanged=None, dwelling_changes={"headcount": 2})
    _approve(desk, known)
    visit = factories.a_visit(worker, other, unchanged=None, dwelling_changes={"headcount": 4})
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left", **{"fact-headcount": "left"})

    _approve(desk, visit)

    assert fresh(Dwelling, kept.id).headcount == 2
    assert fresh(Visit, visit.id).clashes == 1


def test_a_joining_that_is_taken_back_gives_back_what_still_waits(desk, worker, two_doors):
    kept, other = two_doors
    visit = factories.a_visit(worker, other, unchanged=None, dwelling_changes={"headcount": 4})
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")

    undo(desk)
    _approve(desk, visit)

    assert (fresh(Dwelling, kept.id).headcount, fresh(Dwelling, other.id).headcount) == (None, 4)


def test_a_correction_of_a_visit_from_before_finds_whoever_went_along(desk, worker, two_doors):
    kept, other = two_doors
    someone = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "测试·新住户"}
    visit = factories.a_visit(worker, other, unchanged=None, occupants=[someone])
    _approve(desk, visit)
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")

    form = {"revision": 1, "reason": "电话核实", f"person.{someone['occupancy']}.name": "测试·改名"}
    answer = desk.post(f"/visits/{visit.id}/correction", data=form)

    living = fresh(Occupancy, UUID(someone["occupancy"]))
    assert answer.status_code == 303
    assert (living.person.name, living.dwelling_id, living.ended) == ("测试·改名", kept.id, False)
    assert fresh(Visit, visit.id).dwelling_id == other.id
