"""Whatever phones have said and the inbox has taken, every page of the desk and every pack can still be read."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from field.core.ids import new_id
from tests import factories
from tests.fuzz.trying import ODD_TEXTS, odd_values, spoiled, tried

PAGES = ("/reviews", "/reviews/rows", "/set-aside", "/hazards", "/hazards/rows", "/coverage")


@pytest.fixture
def sender(phone, worker):
    factories.a_round(worker)
    return phone(worker)


@pytest.fixture
def door(sender):
    return factories.a_dwelling()


@pytest.fixture
def checklist(sender):
    made = factories.a_checklist()
    assert made.items
    return made


@pytest.fixture
def reader(client_of, lead):
    return client_of(lead)


def _texts(sender, door, checklist, text):
    """A visit of which every free text is the same odd one."""
    found = {
        "id": str(new_id()),
        "item": checklist.items[0].code,
        "action": "refer",
        "spot": text,
        "note": text,
    }
    somebody = {
        "action": "add",
        "occupancy": str(new_id()),
        "person": str(new_id()),
        "name": text[:50] or "x",
    }
    return sender.visit_body(
        door,
        unchanged=None,
        dwelling_changes={"lessor_name": text[:50], "lessor_phone": text[:20], "heating": text[:32]},
        occupants=[somebody | {"phone": text[:20], "document_number": text[:30], "home_county": text[:32]}],
        checklist={"code": checklist.code, "version": checklist.version},
        findings=[found | {"spot": text[:120], "note": text[:500]}],
        requests=[{"id": str(new_id()), "kind": text[:32], "note": text[:500]}],
        note=text[:500],
    )  # fmt: skip


def _read_all(reader, sender, body):
    answers = [reader.get(page) for page in (*PAGES, f"/visits/{body['visit']}")]
    statuses = {answer.status_code for answer in answers}
    assert statuses <= {200, 404}, statuses
    assert not any(b"<script>alert" in answer.get_data() for answer in answers)
    sender.pack()


@tried(25)
@given(text=st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=60)))
def test_texts_of_any_kind_can_be_read_at_the_desk(sender, reader, door, checklist, text):
    body = _texts(sender, door, checklist, text)

    sender.send(sender.event(body))

    _read_all(reader, sender, body)


@tried(25)
@given(data=st.data())
def test_what_was_taken_of_a_spoiled_record_can_be_read_at_the_desk(sender, reader, door, checklist, data):
    whole = _texts(sender, door, checklist, "测试")
    odd = data.draw(spoiled(whole))

    sender.send(sender.event(json.dumps(odd)))

    _read_all(reader, sender, whole)


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_times_at_the_ends_of_the_calendar_can_be_read_at_the_desk(sender, reader, door, moment):
    times = {"started_at": moment, "finished_at": moment}
    body = sender.visit_body(door, **times)

    sender.send(sender.event(body, recorded_at=moment))

    _read_all(reader, sender, body)


_STATE = {
    "build": "b",
    "unsent": 3,
    "oldest_at": "2026-11-23T08:00:00Z",
    "photos_unsent": 1,
    "bytes_unsent": 5,
    "free_bytes": 10,
    "persisted": False,
}


@tried(60)
@given(name=st.sampled_from(sorted(_STATE)), odd=odd_values())
@example(name="free_bytes", odd="9" * 400)
@example(name="free_bytes", odd=-1e308)
@example(name="unsent", odd="9" * 4000)
@example(name="oldest_at", odd="0001-01-01T00:00:00Z")
@example(name="oldest_at", odd="9999-12-31T23:59:59Z")
def test_whatever_a_phone_says_of_itself_the_list_of_phones_can_be_read(sender, reader, name, odd):
    held = json.dumps({"visits": [], "photos": [], "state": _STATE | {name: odd}})
    told = sender.browser.post("/sync/reconciliation", data=held)

    pages = [reader.get(page).status_code for page in ("/phones", f"/phones/{sender.device}")]

    assert told.status_code in {200, 422}
    assert set(pages) <= {200, 403, 404}
    assert pages[0] == 200
