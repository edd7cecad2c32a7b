"""Characters that no database can hold cost the character, never the record; what was sent stays as it was sent."""

import orjson
import pytest

from field.core.db import db
from field.core.ids import new_id
from field.people.models import Occupancy
from field.visits.models import ServiceRequest, VisitRevision
from field.visits.upcasts import read
from tests import factories

# What a phone's JSON says, and what is understood.
TEXTS = {
    "a NUL": (r"a\u0000b", "ab"),
    "a NUL that was typed": (r"a\\u0000b", r"a\u0000b"),
    "a typed backslash before a NUL": (r"a\\\u0000b", "a\\b"),
    "half an emoji": (r"家\ud83d", "家"),
    "the other half": (r"\uDE00家", "家"),
    "both halves the wrong way round": (r"\ude00\ud83d", ""),
    "both halves apart": (r"\ud83d\u0000\ude00", ""),
    "half an emoji before a whole one": (r"\ud83d\uD83D\uDE00", "😀"),
    "a whole emoji": (r"\ud83d\ude00!", "😀!"),
    "another escape": (r"\u5bb6\n\"", '家\n"'),
}


@pytest.mark.parametrize("name", TEXTS)
def test_what_cannot_be_kept_is_left_out_and_nothing_else(name):
    sent, understood = TEXTS[name]

    assert read(f'{{"note": "{sent}"}}'.encode()) == {"note": understood}


@pytest.mark.parametrize("sent", [r"a\u0000b", r"ab\ud83d"], ids=["a NUL", "half an emoji"])
def test_a_visit_with_such_a_character_is_taken_and_its_bytes_stay_as_they_came(phone, worker, sent):
    sender = phone(worker)
    told = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "XX"}
    asked = {"id": str(new_id()), "kind": "permit", "note": "XX"}
    body = sender.visit_body(
        factories.a_dwelling(), unchanged=None, note="XX", occupants=[told], requests=[asked]
    )
    event = sender.event(orjson.dumps(body).decode().replace("XX", sent))

    [result] = sender.send(event)

    assert result["result"] == "accepted"
    revision = db.session.query(VisitRevision).one()
    assert (revision.body["note"], revision.body_bytes) == ("ab", event["body"].encode())
    assert db.session.query(ServiceRequest).one().note == "ab"
    assert db.session.query(Occupancy).one().person.name == "ab"


def test_a_typed_escape_is_kept_as_it_was_typed(phone, worker):
    sender = phone(worker)

    [result] = sender.send(sender.event(sender.visit_body(factories.a_dwelling(), note=r"\u0000 typed")))

    assert result["result"] == "accepted"
    assert db.session.query(VisitRevision).one().body["note"] == r"\u0000 typed"
