"""A phone's numbers: what came again under another number is not called missing, and none is forgotten."""

from uuid import UUID

import pytest

from field.administration.queries import missing_numbers
from field.core.db import db, transaction
from field.core.ids import new_id
from field.sync import service
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


def _waited(one, *numbers):
    """A record that had these numbers while its phone was other devices, and comes as the first of the newest."""
    return one | {"seq": 1, "earlier": [{"device": sender.device, "seq": seq} for sender, seq in numbers]}


@pytest.fixture
def waited(first, anew):
    """The first of two records, which was on its way when the phone was enrolled anew; the second had come."""
    one, other = _record(first), _record(first)
    first.send(other)
    assert _missing(first) == {UUID(first.device): ["1"]}
    return _waited(one, (first, 1))


def test_a_record_that_waited_while_its_phone_was_enrolled_anew_is_missing_nowhere(first, anew, waited):
    [result] = anew.send(waited)

    assert result["result"] == "accepted"
    assert _missing(first, anew) == {}


def test_it_may_say_so_twice(first, anew, waited):
    anew.send(waited, waited)
    anew.send(waited)

    assert _missing(first, anew) == {}
    assert db.session.query(InboxNumber).count() == 1


def _again_as(envelope, body):
    return envelope | {key: body[key] for key in ("body", "digest")}


@pytest.mark.parametrize(
    ("ends", "spoil"),
    [
        ("accepted", lambda sender, one: one),
        ("quarantined", lambda sender, one: one | {"schema": 99}),
        ("quarantined", lambda sender, one: one | {"body": one["body"] + " "}),
        ("quarantined", lambda sender, one: one | {"author": str(new_id())}),
        ("quarantined", lambda sender, one: one | {"recorded_at": "yesterday"}),
        (
            "quarantined",
            lambda sender, one: _again_as(
                one, sender.event(sender.visit_body(new_id(), revision=2, previous=str(new_id())))
            ),
        ),
    ],
    ids=["applied", "newer", "damaged", "by nobody known here", "spoiled envelope", "no such door"],
)
def test_however_it_ends_its_earlier_number_has_come(first, anew, waited, ends, spoil):
    [result] = anew.send(spoil(first, waited))

    assert result["result"] == ends
    assert _missing(first, anew) == {}


def test_another_content_under_an_id_that_is_taken_has_come_too(first, anew, waited):
    known = _record(anew)
    anew.send(known | {"seq": 2})

    [result] = anew.send(waited | {"id": known["id"]})

    assert result["result"] == "conflict"
    assert _missing(first, anew) == {}


def test_what_was_erased_has_come_too(first, anew, waited):
    anew.send({key: value for key, value in waited.items() if key != "earlier"})
    with transaction():
        service.erase([UUID(waited["id"])], None)

    [result] = anew.send(waited)

    assert result["result"] == "gone"
    assert _missing(first, anew) == {}


def test_a_correction_that_waits_for_its_visit_has_come_too(first, anew):
    visit = _record(first)
    correction = first.event(first.correction_of(visit))
    first.send(_record(first))

    anew.send(_waited(correction, (first, 2)))
    assert _missing(first) == {UUID(first.device): ["1"]}
    anew.send(_waited(visit, (first, 1)) | {"seq": 2})

    assert _missing(first, anew) == {}


def test_a_phone_may_be_enrolled_anew_several_times_while_a_record_waits(first, anew, phone, worker):
    waiting = _record(first)
    first.send(_record(first))
    anew.send(_record(anew) | {"seq": 2})
    newest = phone(worker)

    newest.send(_waited(waiting, (first, 1), (anew, 1)))

    assert _missing(first, anew, newest) == {}


def test_the_number_of_a_phone_that_nobody_here_has_used_is_not_believed(first, waited, phone, second_worker):
    stranger = phone(second_worker)
    own = _record(stranger)

    [result] = stranger.send(waited | own | {"seq": 1})

    assert result["result"] == "accepted"
    assert _missing(first) == {UUID(first.device): ["1"]}


def test_the_number_of_a_phone_that_is_still_in_use_is_not_believed(first, anew, waited, clock):
    clock.forward(hours=2)
    first.reconcile()

    anew.send(waited)

    assert _missing(first) == {UUID(first.device): ["1"]}


def test_a_request_that_was_still_on_its_way_takes_nothing_from_that(first, anew, waited):
    first.reconcile()

    anew.send(waited)

    assert _missing(first) == {}


def test_a_record_stands_for_one_number_of_a_device(first, anew):
    one = _record(first)
    first.seq = 9
    first.send(_record(first))

    anew.send(_waited(one, *((first, seq) for seq in range(1, 10))))

    assert db.session.query(InboxNumber).count() == 1


def test_what_a_record_says_of_its_own_device_or_of_one_that_is_not_known_counts_for_nothing(anew):
    anew.seq = 1
    own = _record(anew)

    anew.send(own | {"earlier": [{"device": anew.device, "seq": 1}, {"device": str(new_id()), "seq": 1}]})

    assert _missing(anew) == {UUID(anew.device): ["1"]}


@pytest.mark.parametrize(
    "earlier",
    [
        None,
        [],
        "1",
        {"device": 1},
        [None],
        [[]],
        [{"device": "x", "seq": 1}],
        [{"device": str(new_id()), "seq": "1"}],
    ],
)
def test_numbers_that_are_malformed_are_no_reason_to_set_a_record_aside(anew, earlier):
    [result] = anew.send(_record(anew) | {"earlier": earlier})

    assert result["result"] == "accepted"


def test_beside_what_is_malformed_the_rest_counts(first, anew, waited):
    anew.send(waited | {"earlier": [{"device": "x"}, *waited["earlier"], 7]})

    assert _missing(first) == {}


def test_what_an_older_server_does_not_know_in_an_envelope_stops_nothing(anew):
    [result] = anew.send(_record(anew) | {"of_a_later_release": [{"any": "thing"}]})

    assert result["result"] == "accepted"
