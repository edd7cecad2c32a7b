"""What a worker before a door wants to know: the visits before the last one, three at most, whoever made them."""

from field.core.clock import instant_text
from tests import factories


def _row(sender, door, cursor=None):
    [row] = [row for row in sender.pack(cursor)["doors"] if row["id"] == str(door.id)]
    return row


def test_a_door_tells_of_three_visits_before_the_last_one(phone, worker, second_worker, clock):
    door = factories.a_dwelling()
    for outcome, who in (
        ("vacant", worker),
        ("refused", worker),
        ("no_answer", second_worker),
        ("rescheduled", worker),
        ("done", worker),
    ):
        factories.a_visit(who, door, outcome=outcome)
        clock.forward(hours=24)

    row = _row(phone(worker), door)

    assert row["last"]["outcome"] == "done"
    told = [(one["outcome"], one["mine"]) for one in row["earlier"]]
    assert told == [("rescheduled", True), ("no_answer", False), ("refused", True)]


def test_a_door_that_was_visited_once_or_never_tells_of_nothing_before(phone, worker):
    once, never = factories.a_dwelling(), factories.a_dwelling()
    factories.a_visit(worker, once)
    sender = phone(worker)

    assert "earlier" not in _row(sender, once)
    assert "earlier" not in _row(sender, never)


def test_the_day_is_the_day_of_the_visit(phone, worker, clock):
    door = factories.a_dwelling()
    first = factories.a_visit(worker, door, outcome="no_answer")
    clock.forward(hours=24)
    factories.a_visit(worker, door)

    [earlier] = _row(phone(worker), door)["earlier"]

    assert earlier["at"] == instant_text(first.recorded_at)


def test_a_new_visit_pushes_the_last_one_into_the_history(phone, worker, clock):
    door = factories.a_dwelling()
    factories.a_visit(worker, door, outcome="no_answer")
    sender = phone(worker)
    cursor = sender.pack()["cursor"]
    clock.forward(minutes=10)
    factories.a_visit(worker, door)

    assert [one["outcome"] for one in _row(sender, door, cursor)["earlier"]] == ["no_answer"]


def test_visits_that_came_late_stand_where_they_were_made(phone, worker, clock):
    door, sender = factories.a_dwelling(), phone(worker)
    late = sender.event(sender.visit_body(door, outcome="refused"))
    for outcome in ("no_answer", "vacant", "rescheduled", "done"):
        clock.forward(hours=24)
        sender.send(sender.event(sender.visit_body(door, outcome=outcome)))
    sender.send(late)

    row = _row(phone(worker), door)

    assert row["last"]["outcome"] == "done"
    assert [one["outcome"] for one in row["earlier"]] == ["rescheduled", "vacant", "no_answer"]
