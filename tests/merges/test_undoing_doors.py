"""Taking the joining of two doors back: everything is as it was, in whatever order, and nothing newer is lost."""

from datetime import timedelta

from field.core.clock import instant_text, utcnow
from field.core.db import db
from field.merges.models import MergeDecision
from field.people.models import Occupancy
from field.places.models import Dwelling
from tests import factories
from tests.merges.asking import fresh, post, undo


def _shown(door):
    row = fresh(Dwelling, door.id)
    return row.visit_id, row.visit_outcome, row.visit_at, row.visit_by


def _joined(desk, pair, kept):
    post(desk, "addresses", pair, "joining", kept=kept)
    return db.session.query(MergeDecision).order_by(MergeDecision.id.desc()).limit(1).one().id


def _undo(desk, decision):
    return desk.post(f"/merges/decisions/{decision}/reversal?lang=en")


def test_a_door_that_nobody_called_at_counts_as_such_again(desk, worker, two_doors):
    kept, other = two_doors
    visit = factories.a_visit(worker, other)
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")
    joined = _shown(kept)

    undo(desk)

    assert joined[0] == visit.id
    assert _shown(kept) == (None, None, None, None)
    assert _shown(other)[0] == visit.id


def test_the_call_that_a_door_showed_before_is_back(desk, worker, second_worker, two_doors):
    kept, other = two_doors
    factories.a_visit(worker, kept)
    before = _shown(kept)
    later = factories.a_visit(second_worker, other)
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")
    joined = _shown(kept)

    undo(desk)

    assert (joined[0], _shown(kept)) == (later.id, before)


def test_a_call_after_the_joining_stays_with_the_door(desk, worker, second_worker, two_doors):
    kept, other = two_doors
    factories.a_visit(worker, other)
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")
    newer = factories.a_visit(second_worker, fresh(Dwelling, kept.id))

    undo(desk)

    assert _shown(kept)[0] == newer.id


def test_a_call_before_the_other_doors_that_came_after_the_joining_is_found(
    desk, phone, worker, second_worker, two_doors
):
    kept, other = two_doors
    sender = phone(second_worker)
    hour_ago = utcnow() - timedelta(hours=1)
    taken = factories.a_visit(worker, other)
    post(desk, "addresses", (kept.id, other.id), "joining", kept="left")
    body = sender.visit_body(fresh(Dwelling, kept.id))
    event = sender.event(body, recorded_at=instant_text(hour_ago))
    assert sender.send(event)[0]["result"] == "accepted"
    joined = _shown(kept)

    undo(desk)

    assert joined[0] == taken.id
    assert str(_shown(kept)[0]) == body["visit"]


def test_of_two_joinings_the_later_is_taken_back_first_and_everybody_is_home_again(desk, three_doors, lead):
    a, b, c = three_doors
    living = factories.an_occupancy(b)
    first = _joined(desk, (a.id, b.id), "left")
    second = _joined(desk, (a.id, c.id), "right")

    refused = _undo(desk, first)
    taken_back = [_undo(desk, decision).status_code for decision in (second, first)]

    assert refused.status_code == 409
    assert f"{lead.name} joined" in refused.get_data(as_text=True)
    assert taken_back == [303, 303]
    assert fresh(Occupancy, living.id).dwelling_id == b.id
    assert [fresh(Dwelling, door.id).merged_into for door in three_doors] == [None, None, None]


def test_an_entry_that_was_closed_before_leads_to_the_door_that_is_open_again(desk, three_doors):
    a, b, c = three_doors
    living = factories.an_occupancy(b)
    _joined(desk, (a.id, b.id), "left")
    second = _joined(desk, (a.id, c.id), "right")
    joined = fresh(Dwelling, b.id).merged_into

    _undo(desk, second)

    assert (joined, fresh(Dwelling, b.id).merged_into) == (c.id, a.id)
    assert fresh(Occupancy, living.id).dwelling_id == a.id


def test_a_second_entry_of_the_kept_door_is_taken_back_before_the_first(desk, worker, three_doors):
    a, b, c = three_doors
    factories.a_visit(worker, b)
    first = _joined(desk, (a.id, b.id), "left")
    factories.a_visit(worker, c)
    second = _joined(desk, (a.id, c.id), "left")

    answers = [_undo(desk, decision).status_code for decision in (first, second, first)]

    assert answers == [409, 303, 303]
    assert _shown(a)[0] is None
