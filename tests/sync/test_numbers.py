"""A phone's numbers: what came again under another number is not called missing, and none is forgotten."""

from uuid import UUID

import pytest

from field.administration.queries import missing_numbers
from field.core.db import db
from field.sync.models import InboxConflict, InboxNumber
from tests import factories


@pytest.fixture
def first(phone, worker):
    return phone(worker)


@pytest.fixture
def anew(phone, worker):
    """The same phone after its enrolment was ended: another device, which counts from one."""
    return phone(worker)


def _missing(*phones):
    return missing_numbers(factories.DISTRICT, [UUID(one.device) for one in phones])


def _record(sender, **body):
    return sender.event(sender.visit_body(factories.a_dwelling(), **body))


def test_what_was_here_and_came_again_from_a_phone_enrolled_anew_is_not_missing(first, anew):
    known = _record(first)
    first.send(known)

    anew.send(known | {"seq": 1}, _record(anew) | {"seq": 2})

    assert _missing(first, anew) == {}


def test_it_may_come_so_twice(first, anew):
    known = _record(first)
    first.send(known)

    answers = [anew.send(known | {"seq": 1}, known | {"seq": 1})[0]["result"] for _ in range(2)]

    assert answers == ["duplicate", "duplicate"]
    assert [(str(row.device_id), row.seq) for row in db.session.query(InboxNumber)] == [(anew.device, 1)]


def test_the_other_content_under_an_id_that_came_again_is_not_missing_either(first, anew):
    one = _record(first)
    other = _record(first, note="另一份") | {"id": one["id"]}
    first.send(one, other)

    anew.send(other | {"seq": 1}, _record(anew) | {"seq": 2})

    assert _missing(first, anew) == {}


def test_a_damaged_body_and_the_whole_one_under_another_number_both_have_come(first, anew):
    whole = _record(first)
    first.send(whole | {"body": whole["body"].replace("done", "d0ne")}, _record(first))

    anew.send(whole | {"seq": 1}, _record(anew) | {"seq": 2})

    assert _missing(first, anew) == {}
    assert [str(row.device_id) for row in db.session.query(InboxConflict)] == [first.device]


def test_what_never_came_is_still_missing(first, anew):
    known = _record(first)
    first.send(known)

    anew.send(known | {"seq": 2}, _record(anew) | {"seq": 4})

    assert list(_missing(first, anew).values()) == [["1", "3"]]
