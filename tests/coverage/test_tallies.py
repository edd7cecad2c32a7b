"""The numbers kept by grid are those that counting would give, whatever happened."""

import re
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, text

from field.accounts.scope import Actor
from field.core import tallies
from field.core.clock import instant_text
from field.core.db import db, transaction
from field.core.ids import new_id
from field.core.tallies import Tally
from field.hazards.models import Finding
from field.places.models import Dwelling
from field.reviews import service as reviews
from field.visits.models import ReviewState, Visit
from tests import factories

OUTCOMES = ("done", "no_answer", "vacant", "refused")


def _differences():
    with transaction() as session:
        return tallies.recount(session)


def _kept():
    """What is kept of grids."""
    return {
        (kind, area, value): number
        for (kind, area, value), number in _everything_kept().items()
        if "-" in area
    }


def _everything_kept():
    return {
        (row.kind, row.area, row.value): row.number
        for row in db.session.query(Tally).populate_existing()
        if row.number
    }


def _visit_something(sender, chance, doors):
    """A visit with or without hazards, at a door that is somebody's already or not."""
    door, outcome = chance.choice(doors), chance.choice(OUTCOMES)
    found = [
        {"id": str(new_id()), "item": "H09", "action": chance.choice(("notice_left", "fixed_on_site"))}
        for _ in range(chance.randint(0, 2) if outcome == "done" else 0)
    ]
    said = (
        {"outcome": outcome}
        if outcome == "done"
        else {"outcome": outcome, "consent": None, "unchanged": None}
    )
    if found:
        said |= {"checklist": {"code": "home-safety", "version": 1, "checked": True}, "findings": found}
    return sender.event(sender.visit_body(door, **said))


def _decide_something(chance, actor):
    waiting = [row for row in db.session.query(Visit) if row.state == ReviewState.WAITING]
    for row in chance.sample(waiting, min(2, len(waiting))):
        with transaction():
            if chance.random() < 0.5:
                reviews.approve(row.id, row.revision, actor)
            else:
                reviews.send_back(row.id, row.revision, "please look again", actor)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_visits_and_decisions_the_kept_numbers_are_the_counted_ones(phone, worker, lead, seed):
    chance, sender, actor = Random(seed), phone(worker), Actor.of(lead)
    factories.a_checklist()
    doors = [
        factories.a_dwelling(grid=chance.choice((factories.GRID, factories.SECOND_GRID))) for _ in range(8)
    ]
    for _ in range(4):
        sender.send(*(_visit_something(sender, chance, doors) for _ in range(chance.randint(1, 6))))
        _decide_something(chance, actor)

    assert _differences() == {}
    assert sum(number for (kind, *_rest), number in _kept().items() if kind == "dwellings") == len(doors)


def test_what_a_grid_counts_every_area_above_it_counts_too(app):
    for grid in (factories.GRID, factories.GRID, factories.SECOND_GRID, factories.ELSEWHERE):
        factories.a_dwelling(grid=grid)

    kept = {area: number for (_kind, area, _value), number in _everything_kept().items()}

    assert (kept[factories.GRID], kept[factories.SECOND_GRID], kept[factories.ELSEWHERE]) == (2, 1, 1)
    assert kept[factories.COMMUNITY] == 3
    assert kept[str(factories.DISTRICT)] == 4
    for area, number in kept.items():
        assert number == sum(count for grid, count in kept.items() if "-" in grid and grid.startswith(area))


def test_what_is_undone_is_not_counted(app):
    factories.a_dwelling()
    before = _kept()

    def fail():
        with transaction() as session:
            session.query(Dwelling).one().visit_outcome = "done"
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()

    assert _kept() == before


def test_what_a_savepoint_undid_is_not_counted(app):
    factories.a_dwelling()

    with transaction() as session:
        savepoint = session.begin_nested()
        session.query(Dwelling).one().visit_outcome = "done"
        session.flush()
        savepoint.rollback()

    assert _differences() == {}


def test_a_row_whose_facts_were_not_loaded_is_taken_off_where_it_was(app):
    door = factories.a_dwelling()

    with transaction() as session:
        session.expire(door)
        door.visit_outcome = "done"

    assert _kept() == {("dwellings", door.grid_code, "done"): 1}


def test_a_row_that_goes_is_taken_off(app):
    door = factories.a_dwelling()

    with transaction() as session:
        session.delete(session.get_one(Dwelling, door.id))

    assert _kept() == {}


def test_days_on_which_nothing_is_due_any_more_are_forgotten(phone, worker):
    factories.a_checklist()
    found = {"id": str(new_id()), "item": "H09", "action": "notice_left"}
    phone(worker).record(
        factories.a_dwelling(),
        checklist={"code": "home-safety", "version": 1, "checked": True},
        findings=[found],
    )
    for days in range(1, 4):
        with transaction() as session:
            session.get_one(Finding, UUID(found["id"])).due_on += timedelta(days=days)

    assert [kind for kind, *_rest in _kept()].count("findings") == 1
    assert _differences() == {}


def test_bulk_writing_counts_too(app):
    door = factories.a_dwelling()
    facts = {
        "district": door.district,
        "grid_code": door.grid_code,
        "building_id": door.building_id,
        "floor": 1,
    }

    with transaction() as session:
        tallies.insert_all(session, [Dwelling(id=new_id(), door=str(place), **facts) for place in range(5)])

    assert _kept() == {("dwellings", door.grid_code, ""): 6}
    assert {row.change_no > 0 for row in db.session.query(Dwelling)} == {True}


def test_recounting_reports_what_differs_and_repairs_when_asked(app):
    door = factories.a_dwelling()
    with transaction() as session:
        session.execute(text("UPDATE tallies SET number = 7"))
    run = app.test_cli_runner().invoke

    reported, repaired, again = (
        run(args=["coverage", "recount", *extra]) for extra in ([], ["--repair"], [])
    )

    assert reported.exit_code == 1
    assert re.search(rf"dwellings {door.grid_code} -: 7 ≠ 1", reported.output)
    assert (repaired.exit_code, again.exit_code) == (0, 0)
    assert _kept() == {("dwellings", door.grid_code, ""): 1}


def test_the_migration_counts_what_was_there_before_it(app, worker):
    factories.a_visit(worker, factories.a_dwelling())
    factories.a_dwelling()
    for days in (-2, 2):  # one runs out on its day to accept, one on its deadline
        hazard = factories.a_hazard(worker, item="H03", action="refer")
        with transaction():
            hazard.accept_by = hazard.due_on + timedelta(days=days)
    undecided = factories.a_hazard(worker)
    with transaction():
        undecided.status = "recheck_failed"
    before = _everything_kept()
    db.session.remove()
    downgrade(revision="0006")
    upgrade()

    assert _everything_kept() == before != {}
    assert _differences() == {}


def test_the_migration_finds_what_settled_doors_before_it_and_phones_hear_of_it(phone, worker, second_worker):
    door = factories.a_dwelling()
    visit = factories.a_visit(worker, door)
    factories.a_visit(second_worker, door, outcome="no_answer", consent=None, unchanged=None)
    sender = phone(worker)
    cursor = sender.pack()["cursor"]
    before, grid, made = _everything_kept(), door.grid_code, instant_text(visit.recorded_at)
    db.session.remove()
    downgrade(revision="0035")
    assert ("dwellings", grid, "no_answer") in _kept()
    db.session.remove()
    upgrade()

    assert _everything_kept() == before
    assert _differences() == {}
    [row] = sender.pack(cursor)["doors"]
    assert (row["last"]["outcome"], row["settled"]["outcome"]) == ("no_answer", "done")
    assert row["settled"]["at"] == made


def test_hazards_are_counted_by_the_day_they_are_due():
    assert Finding.tally_value(False, date(2026, 11, 2), "notified") == "2026-11-02"
    assert Finding.tally_value(True, date(2026, 11, 2), "closed") is None


def test_those_that_a_lead_decides_are_counted_apart_in_the_order_of_their_days():
    decided = Finding.tally_value(False, date(2026, 11, 2), "returned")

    assert "2026-11-02" < str(decided) < "2026-11-03"


def test_losing_all_counts_is_noticed(app):
    factories.a_dwelling()
    with transaction() as session:
        session.execute(delete(Tally))

    assert set(_differences().values()) == {(0, 1)}
