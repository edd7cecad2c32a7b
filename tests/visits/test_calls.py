"""`register calls`: doors whose last call or opening is not what their visits say are found and put right."""

from datetime import timedelta

import pytest

from field.core.clock import utcnow
from field.core.db import db
from field.places.models import Dwelling
from tests import factories


@pytest.fixture
def calls(app):
    """Run the command; answers its code and lines."""

    def run(*options):
        answer = app.test_cli_runner().invoke(args=["register", "calls", *options])
        db.session.expire_all()
        return answer.exit_code, answer.output.splitlines()

    return run


def _shown(door):
    row = db.session.get_one(Dwelling, door.id)
    return row.visit_id, row.visit_outcome, row.visit_at, row.visit_by, row.opened_at, row.settled_at


def test_doors_that_show_their_last_call_are_left_alone(calls, worker):
    door = factories.a_dwelling()
    factories.a_visit(worker, door)
    factories.a_visit(worker, door, outcome="no_answer", unchanged=None)

    assert calls() == (0, ["1 doors read, 0 differ."])


def test_a_call_that_came_late_and_was_taken_for_the_last_is_put_right(calls, worker, second_worker):
    door = factories.a_dwelling()
    factories.a_visit(worker, door)
    factories.a_visit(second_worker, door, outcome="no_answer", unchanged=None)
    right = _shown(door)
    row = db.session.get_one(Dwelling, door.id)
    row.visit_by, row.visit_outcome = worker.id, "done"
    row.settled_at = None
    row.opened_at = utcnow() + timedelta(days=3)
    db.session.commit()

    code, lines = calls()
    repaired = calls("--repair")

    assert (code, lines[-1]) == (1, "1 doors read, 1 differ.")
    assert [line.split()[1] for line in lines[:-1]] == [
        "visit_outcome:",
        "visit_by:",
        "opened_at:",
        "settled_at:",
    ]
    assert (repaired[0], _shown(door)) == (0, right)


def test_visits_at_an_entry_that_is_closed_count_for_the_door_that_is_kept(calls, worker):
    kept, other = (factories.a_dwelling() for _ in range(2))
    factories.a_visit(worker, kept, outcome="no_answer", unchanged=None)
    visit = factories.a_visit(worker, other)
    db.session.get_one(Dwelling, other.id).merged_into = kept.id
    db.session.commit()

    calls("--repair")

    assert _shown(kept)[:2] == (visit.id, "done")
    assert calls()[0] == 0
