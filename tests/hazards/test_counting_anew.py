"""Deadlines counted anew in a district with very many hazards: a few at a time, and not by asking about each."""

import pytest
from sqlalchemy import event

from field.core.db import db
from field.hazards import recounts
from field.hazards.models import Action
from tests import factories
from tests.hazards.looking import actions, now


@pytest.fixture
def desk(client_of, office):
    """The office's browser."""
    return client_of(office)


@pytest.fixture
def save(desk):
    """save(due_days="20"): the office's rule for the item of all hazards here."""
    return lambda **fields: desk.post("/hazards/rules/items/H04", data=fields)


@pytest.fixture
def enter(desk):
    """enter(day): make it a holiday."""
    return lambda day: desk.post("/hazards/rules/calendar", data={"days": f"{day} holiday 测试节"})


@pytest.fixture
def commits(app):
    """How often a transaction was committed that had written."""
    seen = []

    def note(connection):
        if connection.info.pop("wrote", False):
            seen.append(connection)

    def write(connection, _cursor, statement, *_rest):
        if statement.startswith(("INSERT", "UPDATE")):
            connection.info["wrote"] = True

    event.listen(db.engine, "before_cursor_execute", write)
    event.listen(db.engine, "commit", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", write)
    event.remove(db.engine, "commit", note)


def _asked(counted, work):
    counted.clear()
    answer = work()
    return answer, len(counted)


def test_a_rule_costs_as_many_queries_for_many_hazards_as_for_one(counted, save):
    factories.a_hazard()
    _answer, for_one = _asked(counted, lambda: save(due_days="20"))
    for _more in range(5):
        factories.a_hazard()

    answer, for_six = _asked(counted, lambda: save(due_days="30"))

    assert "recounted=6" in answer.location
    assert for_six == for_one


def test_counting_first_costs_as_many_queries_for_many_hazards_as_for_one(counted, save):
    factories.a_hazard()
    _answer, for_one = _asked(counted, lambda: save(due_days="20", count="true"))
    for _more in range(5):
        factories.a_hazard()

    answer, for_six = _asked(counted, lambda: save(due_days="20", count="true"))

    assert answer.status_code == 200
    assert for_six == for_one


def test_a_day_of_the_calendar_costs_as_many_queries_for_many_hazards_as_for_one(counted, save, enter):
    first = factories.a_hazard()
    save(due_days="1", working_days="true")
    day = now(first).due_on
    _answer, for_one = _asked(counted, lambda: enter(day))
    for _more in range(5):
        factories.a_hazard()
    day = now(first).due_on

    answer, for_six = _asked(counted, lambda: enter(day))

    assert "recounted=6" in answer.location
    assert for_six == for_one


def test_what_arrives_comes_in_between_since_only_a_few_are_moved_at_once(monkeypatch, commits, save):
    monkeypatch.setattr(recounts, "FEW", 2)
    for _five in range(5):
        factories.a_hazard()
    commits.clear()

    answer = save(due_days="20")

    assert "recounted=5" in answer.location
    assert len(commits) == 1 + 3


def test_what_was_broken_off_is_finished_by_saving_it_again(monkeypatch, save):
    monkeypatch.setattr(recounts, "FEW", 2)
    found = [factories.a_hazard() for _five in range(5)]
    with monkeypatch.context() as once:
        once.setattr(recounts, "move", _only_the_first(recounts.move))
        with pytest.raises(ConnectionError):
            save(due_days="20")
    halfway = [actions(row) for row in found]

    answer = save(due_days="20")

    assert sorted(map(len, halfway)) == [0, 0, 0, 1, 1]
    assert "recounted=3" in answer.location
    assert [actions(row) for row in found] == [[Action.RECOUNT]] * 5


def _only_the_first(move):
    times = []

    def once(*args):
        times.append(args)
        if len(times) > 1:
            raise ConnectionError
        return move(*args)

    return once
