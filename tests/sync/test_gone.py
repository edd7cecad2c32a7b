"""What was erased on somebody's request is gone: phones are told so, forget it, and cannot bring it back."""

from uuid import UUID

import pytest

from field.core.db import db, transaction
from field.sync import service
from field.sync.models import InboxConflict, InboxEvent
from field.visits.models import VisitRevision
from tests import factories


@pytest.fixture
def erased(phone, worker):
    """A phone and a record of it that was erased after it had been set aside."""
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling(grid=factories.ELSEWHERE), note="要忘掉的"))
    sender.send(event)
    with transaction():
        service.erase([db.session.query(InboxEvent).one().id], None)
    return sender, event


def test_nothing_of_an_erased_record_is_kept(erased):
    row = db.session.query(InboxEvent).one()

    assert (row.result, row.body_sealed, row.problems) == ("gone", None, [])


def test_a_phone_that_offers_it_again_is_told_that_it_is_gone(erased):
    sender, event = erased

    assert sender.send(event) == [{"id": event["id"], "result": "gone", "problems": []}]
    assert db.session.query(VisitRevision).count() == 0


def test_other_content_under_its_id_is_not_kept_either(erased):
    sender, event = erased
    other = sender.event(sender.visit_body(factories.a_dwelling()), id=event["id"])

    assert [result["result"] for result in sender.send(other)] == ["gone"]
    assert db.session.query(InboxConflict).count() == 0


def test_a_correction_of_an_erased_visit_goes_with_it(erased):
    sender, event = erased
    correction = sender.event(sender.correction_of(event, note="还是要忘掉的"))

    results = [sender.send(correction), sender.send(correction)]

    assert [result["result"] for [result] in results] == ["gone", "gone"]
    assert {row.body_sealed for row in db.session.query(InboxEvent)} == {None}


@pytest.mark.parametrize("applied", [False, True], ids=["set aside", "applied"])
def test_a_correction_that_was_set_aside_before_goes_with_its_visit(phone, worker, applied):
    sender, grid = phone(worker), factories.GRID if applied else factories.ELSEWHERE
    visit = sender.event(sender.visit_body(factories.a_dwelling(grid=grid)))
    second = sender.event(sender.correction_of(visit, note="还是要忘掉的"))
    third = sender.event(sender.correction_of(second, note="这也是"))
    sender.send(visit, third)

    with transaction():
        service.erase([UUID(visit["id"])], None)

    assert {(row.result, row.body_sealed) for row in db.session.query(InboxEvent)} == {("gone", None)}
    assert [result["result"] for result in sender.send(second, third)] == ["gone", "gone"]


def test_the_full_check_asks_for_it_so_that_the_phone_hears_it_is_gone(erased):
    sender, event = erased

    assert sender.reconcile(event)["missing"] == [event["id"]]


def test_an_erased_record_is_not_asked_about_at_the_desk_any_more(erased, client_of, lead):
    _sender, event = erased

    assert event["id"] not in client_of(lead).get("/set-aside").get_data(as_text=True)
