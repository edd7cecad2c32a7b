"""One order in which rows are locked: doors, then the district's number, then the rest, as visits that arrive do.

Whoever took a hazard first and then waited for the number would wait for a visit that waits for the hazard, until
PostgreSQL ends one of them. Each test stops a form where it waits and looks whether it holds what comes later.
"""

import threading
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from sqlalchemy import text

from field.core.db import db, transaction
from field.core.ids import new_id
from field.merges.models import MergeDecision
from field.places.models import Dwelling
from field.visits.clashes import RegisterClash
from tests import factories
from tests.clock import today
from tests.hazards.looking import now, ticked
from tests.waiting import Side, until

pytestmark = pytest.mark.only_on("postgresql")

HEAD = "SELECT 1 FROM district_heads WHERE district = 620402 FOR UPDATE"
HAZARD_FORMS = {
    "referral": {"department": "fire_rescue"},
    "report": {"reason": "房东来电"},
    "recheck": {"passed": "false", "reason": "还在"},
    "deadline": {"due_on": str(today() + timedelta(days=90)), "reason": "房东外出"},
}


@pytest.fixture(autouse=True)
def departments(app):
    """Those to which hazards are referred."""
    factories.codes()


@contextmanager
def _held(url, statement, *values):
    """Another transaction that has locked something; what it can lock beside it is asked of its connection."""
    with psycopg.connect(url.replace("+psycopg", "")) as other:
        other.execute(statement, values)
        yield other
        other.rollback()


def _beside(app, work):
    def run():
        with app.app_context():
            return work().status_code

    return Side(run)


def _one_waits():
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    found = db.session.execute(text(asked)).scalar_one() == 1
    db.session.commit()
    return found


def _waits_for(other):
    """Whether somebody waits for what another transaction holds."""
    asked = "SELECT count(*) FROM pg_stat_activity WHERE :pid = ANY(pg_blocking_pids(pid))"
    found = db.session.execute(text(asked), {"pid": other.info.backend_pid}).scalar_one()
    db.session.commit()
    return found == 1


@pytest.mark.parametrize("name", HAZARD_FORMS)
def test_a_form_that_waits_for_the_districts_number_does_not_hold_its_hazard(
    app, client_of, lead, database_url, name
):
    finding, browser = factories.a_hazard(), client_of(lead)
    form = {"version": finding.version, **HAZARD_FORMS[name]}

    with _held(database_url, HEAD) as other:
        side = _beside(app, lambda: browser.post(f"/hazards/{finding.id}/{name}", data=form))
        until(_one_waits)
        other.execute("SELECT 1 FROM findings WHERE id = %s FOR UPDATE NOWAIT", (finding.id,))

    assert side.result() == 303


def test_a_departments_word_that_waits_for_the_districts_number_does_not_hold_its_hazard(
    app, client_of, handler, database_url
):
    finding, browser = factories.a_hazard(item="H03", action="refer"), client_of(handler)

    with _held(database_url, HEAD) as other:
        form = {"version": finding.version}
        side = _beside(app, lambda: browser.post(f"/referrals/{finding.id}/acceptance", data=form))
        until(_one_waits)
        other.execute("SELECT 1 FROM findings WHERE id = %s FOR UPDATE NOWAIT", (finding.id,))

    assert side.result() == 303


@pytest.mark.parametrize("name", ["approval", "correction"])
def test_a_decision_that_waits_for_its_door_does_not_hold_the_districts_number(
    app, client_of, lead, worker, database_url, name
):
    visit, browser = factories.a_visit(worker, factories.a_dwelling()), client_of(lead)
    form = {"revision": 1, "reason": "电话核实", "headcount": "3"}

    with _held(database_url, "SELECT 1 FROM dwellings WHERE id = %s FOR UPDATE", visit.dwelling_id) as other:
        side = _beside(app, lambda: browser.post(f"/visits/{visit.id}/{name}", data=form))
        until(_one_waits)
        other.execute(HEAD.replace("FOR UPDATE", "FOR UPDATE NOWAIT"))

    assert side.result() == 303


def test_a_correction_at_an_entry_that_is_closed_takes_the_door_that_is_kept_before_the_districts_number(
    app, client_of, lead, worker, database_url
):
    visit, kept = factories.a_visit(worker, factories.a_dwelling()), factories.a_dwelling()
    with transaction():
        db.session.get_one(Dwelling, visit.dwelling_id).merged_into = kept.id
        db.session.get_one(Dwelling, kept.id).visit_id = visit.id
    browser, form = client_of(lead), {"revision": 1, "reason": "电话核实", "outcome": "vacant"}

    with _held(database_url, "SELECT 1 FROM dwellings WHERE id = %s FOR UPDATE", kept.id) as other:
        side = _beside(app, lambda: browser.post(f"/visits/{visit.id}/correction", data=form))
        until(_one_waits)
        other.execute(HEAD.replace("FOR UPDATE", "FOR UPDATE NOWAIT"))

    assert side.result() == 303


def test_a_batch_about_a_closed_entry_takes_it_and_the_door_that_is_kept_in_the_order_of_all_doors(
    app, phone, worker, database_url
):
    kept, closed = sorted((factories.a_dwelling(), factories.a_dwelling()), key=lambda row: row.id)
    with transaction():
        db.session.get_one(Dwelling, closed.id).merged_into = kept.id
    sender = phone(worker)
    event = sender.event(sender.visit_body(closed))

    def send():
        with app.app_context():
            return sender.send(event)[0]["result"]

    with _held(database_url, "SELECT 1 FROM dwellings WHERE id = %s FOR UPDATE", kept.id) as other:
        side = Side(send)
        until(_one_waits)
        other.execute("SELECT 1 FROM dwellings WHERE id = %s FOR UPDATE NOWAIT", (closed.id,))

    assert side.result() == "accepted"


def test_a_batch_whose_door_is_joined_while_it_waits_lets_it_go_before_it_waits_for_the_other(
    app, phone, worker, database_url
):
    kept, closed = sorted((factories.a_dwelling(), factories.a_dwelling()), key=lambda row: row.id)
    sender = phone(worker)
    event = sender.event(sender.visit_body(closed))
    take = "SELECT 1 FROM dwellings WHERE id = %s FOR NO KEY UPDATE"

    def send():
        with app.app_context():
            return sender.send(event)[0]["result"]

    with _held(database_url, take, kept.id) as other:
        with _held(database_url, take, closed.id) as joining:
            side = Side(send)
            until(_one_waits)
            joining.execute("UPDATE dwellings SET merged_into = %s WHERE id = %s", (kept.id, closed.id))
            joining.commit()
        until(lambda: _waits_for(other))
        other.execute(f"{take} NOWAIT", (closed.id,))

    assert side.result() == "accepted"


def test_visits_and_forms_about_the_same_hazards_at_the_same_time_never_lock_each_other_out(
    app, phone, client_of, second_worker, lead, worker
):
    door = factories.a_dwelling()
    hazards = [factories.a_hazard(worker, dwelling=door) for _ in range(6)]
    sender, browser, start = phone(second_worker), client_of(lead), threading.Barrier(2)
    said = [{"finding": str(row.id), "passed": False, "note": "还在"} for row in hazards]
    events = [sender.event(sender.visit_body(door, rechecks=[part])) for part in reversed(said)]

    def visits():
        start.wait(10)
        return [sender.send(event)[0]["result"] for event in events]

    def forms():
        start.wait(10)
        notices = [
            browser.post(f"/hazards/{row.id}/report", data={"version": row.version, "reason": str(new_id())})
            for row in hazards
        ]
        asked = {"finding": ticked(*map(now, hazards)), "department": "fire_rescue"}
        db.session.rollback()
        return [answer.status_code for answer in [*notices, browser.post("/hazards/referrals", data=asked)]]

    def beside(work):
        def run():
            with app.app_context():
                return work()

        return Side(run)

    sent, answered = [side.result(60) for side in (beside(visits), beside(forms))]

    assert set(sent) == {"accepted"}
    assert set(answered) <= {303, 409}


def test_a_reversal_that_waits_for_a_door_does_not_hold_the_districts_number(
    app, client_of, lead, database_url
):
    entries = [
        factories.a_dwelling(factories.a_building(address="测试路 9号"), door="301", rooms=rooms)
        for rooms in (2, 5)
    ]
    kept, closed = sorted(entries, key=lambda row: row.id)
    browser = client_of(lead)
    form = {"kept": "left", "fact-rooms": "right"}
    browser.post(f"/merges/addresses/{kept.id}/{closed.id}/joining", data=form)
    decision = db.session.query(MergeDecision).one().id
    db.session.commit()

    with _held(database_url, "SELECT 1 FROM dwellings WHERE id = %s FOR UPDATE", closed.id) as other:
        side = _beside(app, lambda: browser.post(f"/merges/decisions/{decision}/reversal"))
        until(_one_waits)
        other.execute(HEAD + " NOWAIT")

    assert side.result() == 303


def test_a_decision_that_waited_for_a_door_sees_what_became_of_it(app, client_of, lead, database_url):
    doors = [factories.a_dwelling(factories.a_building(address="测试路 9号"), door="301") for _ in range(3)]
    first, second, third = sorted(doors, key=lambda row: row.id)
    browser = client_of(lead)

    with _held(
        database_url, "UPDATE dwellings SET merged_into = %s WHERE id = %s", first.id, second.id
    ) as other:
        path = f"/merges/addresses/{second.id}/{third.id}/joining"
        side = _beside(app, lambda: browser.post(path, data={"kept": "left"}))
        until(_one_waits)
        other.commit()

    assert side.result() == 409


def test_a_choice_that_waited_for_a_door_is_not_made_at_another_one_unseen(
    app, client_of, lead, phone, worker, second_worker, database_url
):
    door, kept = factories.a_dwelling(), factories.a_dwelling()
    for user, rooms in ((worker, 3), (second_worker, 4)):
        phone(user).record(door, base_revision=1, unchanged=None, dwelling_changes={"rooms": rooms})
    clash, browser = db.session.query(RegisterClash).one().id, client_of(lead)
    db.session.commit()

    with _held(database_url, "SELECT 1 FROM dwellings WHERE id = %s FOR UPDATE", door.id) as other:
        answer = {"answer": "offered"}
        side = _beside(app, lambda: browser.post(f"/merges/clashes/{clash}/choice", data=answer))
        until(_one_waits)
        moved = "UPDATE register_clashes SET dwelling_id = %s, subject = %s WHERE id = %s"
        other.execute(moved, (kept.id, kept.id, clash))
        other.commit()

    assert side.result() == 409
    db.session.expire_all()
    assert db.session.get_one(Dwelling, kept.id).rooms == 2
