"""Whatever a phone says: never a failure of ours, nothing half stored, and the good records beside it are taken."""

import gzip
import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from field.core.db import db
from field.core.ids import new_id
from field.sync.models import InboxEvent
from field.visits.models import VisitRevision
from tests import factories
from tests.fuzz.ledger import as_id, assert_nothing_is_half_stored, assert_told_the_truth, ids_known
from tests.fuzz.trying import ODD_NUMBERS, nested, odd_values, spoiled, tried
from tests.phone import digest_of

_BOMB = gzip.compress(b" " * 50_000_000, 1)
_ENDLESS = b'{"events": ["' + b"x" * 10_000_000 + b'"]}'


@pytest.fixture
def sender(phone, worker):
    """A phone whose worker has a round with a checklist."""
    return phone(worker)


@pytest.fixture
def door(sender):
    return factories.a_dwelling()


@pytest.fixture
def talk(sender, door):
    """talk(): the body of a visit that says everything a visit can say."""
    checklist, resident = factories.a_checklist(), factories.an_occupancy(door)
    items = [item.code for item in checklist.items[:3]]
    named = {"code": checklist.code, "version": checklist.version, "checked": True}
    changed = {"action": "change", "occupancy": str(resident.id), "reason": "205"}
    db.session.commit()

    def body():
        photo = sender.photo_part(b"a picture")
        found = {"id": str(new_id()), "item": items[0], "action": "notice_left", "photos": [photo["id"]]}
        return sender.visit_body(
            door,
            unchanged=None,
            dwelling_changes={"rooms": 3, "lessor_name": "测试房东", "heating": None, "lease_filed": True},
            occupants=[changed, _somebody()],
            checklist=named,
            findings=[found, {"id": str(new_id()), "item": items[1], "action": "refer", "note": "看得见"}],
            requests=[{"id": str(new_id()), "kind": "permit", "note": "居住证"}],
            photos=[photo],
            note="测试",
        )

    return body


def _somebody():
    return {
        "action": "add",
        "occupancy": str(new_id()),
        "person": str(new_id()),
        "name": "测试住户",
        "document_type": "111",
        "document_number": "11010519491231002X",
        "phone": "13900001234",
        "moved_in_on": "2026-10-01",
    }


def _written(content):
    """JSON as the standard library writes it: as deep, as large and as odd as asked."""
    return json.dumps(content).encode()


def _answer(sender, content, **headers):
    answer = sender.browser.post(
        "/sync/batches", data=content, content_type="application/json", headers=headers
    )
    assert answer.status_code in {200, 400, 401, 413, 422}, answer.get_data(as_text=True)
    if answer.status_code != 200:
        assert answer.content_type == "application/problem+json"
    return answer


def _deliver(sender, events, **spoil):
    """Send events and compare the answer with the tables; answers the results by id, None when none was taken."""
    before = ids_known(events)
    answer = _answer(sender, _written(sender.batch(*events) | spoil))
    if answer.status_code != 200:
        assert ids_known(events) == before
        return None
    results = answer.json["results"]
    assert_told_the_truth(events, results, before)
    return {result["id"]: result["result"] for result in results}


def test_a_visit_that_says_everything_is_taken(sender, talk):
    """Else what follows would prove nothing."""
    assert list(_deliver(sender, [sender.event(talk())]).values()) == ["accepted"]
    assert_nothing_is_half_stored()


@tried(60)
@given(data=st.data())
def test_a_spoiled_body_is_kept_aside_or_applied_whole_and_stops_nobody(sender, talk, data):
    odd = sender.event(json.dumps(data.draw(spoiled(talk()))))
    before, after = sender.event(talk()), sender.event(talk())

    results = _deliver(sender, [before, odd, after])

    assert results[before["id"]] == results[after["id"]] == "accepted"
    assert_nothing_is_half_stored()


@tried(60)
@given(data=st.data())
def test_a_spoiled_envelope_stops_nobody(sender, talk, data):
    good = sender.event(talk())
    odd = data.draw(spoiled(sender.event(talk())))

    results = _deliver(sender, [odd, good])

    assert results[good["id"]] == "accepted"
    assert_nothing_is_half_stored()


@tried(60)
@given(
    facts=st.dictionaries(st.sampled_from(["seq", "type", "body", "enc", "other"]), odd_values()),
    odd=odd_values(),
)
def test_a_record_of_any_shape_stops_nobody(sender, talk, facts, odd):
    good, shapeless = sender.event(talk()), {"id": str(new_id())} | facts

    results = _deliver(sender, [odd, shapeless, good])

    assert results == {good["id"]: "accepted", shapeless["id"]: "quarantined"}
    assert_nothing_is_half_stored()


@pytest.mark.parametrize("depth", [250, 260, 500, 900])
def test_a_record_nested_too_deeply_is_kept_or_refused_and_never_a_failure_of_ours(sender, talk, depth):
    deep = {"id": str(new_id()), "body": nested(depth)}
    text = sender.event(json.dumps(talk() | {"note": nested(depth)}))

    alone = _deliver(sender, [deep])
    within = _deliver(sender, [text])

    assert alone in (None, {deep["id"]: "quarantined"})
    assert within == {text["id"]: "quarantined"}


@tried(40)
@given(data=st.data())
def test_a_spoiled_batch_is_refused_whole_or_each_of_its_records_is_answered(sender, talk, data):
    events = [sender.event(talk()) for _ in range(2)]
    batch = data.draw(spoiled(sender.batch(*events), most=2))

    answer = _answer(sender, _written(batch))

    if answer.status_code == 200:
        assert_told_the_truth(batch["events"], answer.json["results"], set())
    else:
        assert ids_known(events) == set()
    assert_nothing_is_half_stored()


@tried(30)
@given(data=st.data())
def test_ids_numbers_and_digests_that_contradict_each_other_store_each_record_once(sender, talk, data):
    one, other = sender.event(talk()), sender.event(talk())
    numbers = st.sampled_from([number for number in ODD_NUMBERS if isinstance(number, int)])
    clash = {
        "id": data.draw(st.sampled_from([one["id"], one["id"].upper(), other["id"]])),
        "seq": data.draw(st.one_of(numbers, st.just(one["seq"]))),
        "digest": data.draw(st.sampled_from([one["digest"], other["digest"], "sha-256:" + "f" * 64])),
        "body": data.draw(st.sampled_from([one["body"], other["body"]])),
    }
    kept = data.draw(st.sets(st.sampled_from(sorted(clash))))
    odd = sender.event(talk()) | {key: clash[key] for key in kept}
    events = data.draw(st.permutations([one, other, odd]))

    _deliver(sender, events)
    told_again = _deliver(sender, events)

    assert set(told_again.values()) <= {"duplicate", "quarantined", "conflict"}
    assert db.session.query(VisitRevision).filter(
        VisitRevision.id.in_({as_id(one["id"]), as_id(other["id"])})
    ).count() in {1, 2}
    assert_nothing_is_half_stored()


@tried(40)
@given(data=st.data())
def test_bytes_that_are_no_batch_are_refused_and_leave_nothing(sender, talk, data):
    content = _written(sender.batch(sender.event(talk())))
    packed = gzip.compress(content)
    place = data.draw(st.integers(0, 999)) * len(packed) // 1000
    sent, headers = data.draw(
        st.sampled_from(
            [
                (content[: len(content) // 2], {}),
                (content.replace(b'"seq"', b'"\xff\xfe"'), {}),
                (content.replace(b"visit.recorded", b"\\ud800"), {}),
                (b"\xef\xbb\xbf" + content, {}),
                (content.decode().encode("utf-16"), {}),
                (b"[" * 100_000, {}),
                (b'{"a":' * 100_000, {}),
                (packed, {}),
                (packed[:place], {"Content-Encoding": "gzip"}),
                (packed[:place] + bytes([packed[place] ^ 0x55]) + packed[place + 1 :], {"Content-Encoding": "gzip"}),
                (gzip.compress(packed), {"Content-Encoding": "gzip"}),
                (zlib.compress(content), {"Content-Encoding": "deflate"}),
                (content, {"Content-Encoding": "gzip"}),
                (_BOMB, {"Content-Encoding": "gzip"}),
                (_ENDLESS, {}),
            ]
        )
    )  # fmt: skip
    stored = db.session.query(InboxEvent).count()
    db.session.commit()

    answer = _answer(sender, sent, **headers)

    taken = answer.status_code == 200  # a flipped bit that gzip does not mind, in its header
    assert db.session.query(InboxEvent).count() == stored + taken
    assert_nothing_is_half_stored()


@tried(30)
@given(text=st.one_of(st.text(max_size=60), odd_values().map(json.dumps)))
def test_a_body_of_any_text_is_kept_as_it_came(sender, text):
    odd = sender.event(text, digest=digest_of(text.encode()))

    results = _deliver(sender, [odd])

    assert results == {odd["id"]: "quarantined"}
    assert db.session.get_one(InboxEvent, as_id(odd["id"])).body_bytes == text.encode()


@tried(50)
@given(data=st.data())
def test_a_spoiled_reconciliation_never_fails(sender, data):
    photo = {"id": str(new_id()), "kind": "full", "digest": "sha-256:" + "a" * 64}
    state = {
        "build": "b",
        "unsent": 3,
        "oldest_at": "2026-11-23T08:00:00Z",
        "photos_unsent": 1,
        "bytes_unsent": 5,
        "free_bytes": 10,
        "persisted": True,
    }
    held = {"visits": [{"id": str(new_id()), "digest": photo["digest"]}], "photos": [photo], "state": state}

    answer = sender.browser.post("/sync/reconciliation", data=_written(data.draw(spoiled(held))))

    assert answer.status_code in {200, 400, 422}, answer.get_data(as_text=True)
