"""One person twice: asked about, compared without a number, joined or kept apart, taken back."""

from uuid import UUID

import orjson

from field.audit.models import AuditEntry
from field.core.db import db
from field.core.masking import masked
from field.merges.models import Kind
from field.people.models import Occupancy
from tests import factories
from tests.merges.asking import NUMBER, fresh, pairs_of, post, text_of, undo

MOBILE = "15400007777"


def test_one_number_at_two_doors_is_asked_about_and_never_shown(desk, two_people):
    [pair] = pairs_of(Kind.PEOPLE)

    text = text_of(desk, f"/merges/people/{pair[0]}/{pair[1]}")

    assert "测试·汪" in text
    assert NUMBER not in text
    assert masked(NUMBER) in text


def test_one_name_county_and_phone_are_asked_about(app):
    facts = {"name": "测试·李", "phone": MOBILE, "home_county": "620421", "document_number": None}
    factories.an_occupancy(**facts)
    factories.an_occupancy(**facts)
    factories.an_occupancy(**facts | {"name": "测试·另一人"})

    assert len(pairs_of(Kind.PEOPLE)) == 1


def test_of_one_person_twice_one_entry_is_kept_with_the_chosen_facts(desk, two_people):
    left, right = two_people

    post(desk, "people", (left.id, right.id), "joining", kept="right", **{"fact-reason": "left"})

    kept, closed = fresh(Occupancy, right.id), db.session.get_one(Occupancy, left.id)
    assert (kept.ended, kept.reason, closed.ended) == (False, left.reason, True)
    assert pairs_of(Kind.PEOPLE) == []


def test_joining_people_can_be_taken_back(desk, two_people):
    left, right = two_people
    post(desk, "people", (left.id, right.id), "joining", kept="right", **{"fact-name": "left"})

    undo(desk)

    kept, other = fresh(Occupancy, right.id), db.session.get_one(Occupancy, left.id)
    assert (kept.ended, other.ended, kept.person.name) == (False, False, right.person.name)
    assert pairs_of(Kind.PEOPLE) == [(left.id, right.id)]


def test_that_two_are_not_the_same_is_remembered_and_can_be_taken_back(desk, two_people):
    [pair] = pairs_of(Kind.PEOPLE)
    post(desk, "people", pair, "refusal")
    remembered = pairs_of(Kind.PEOPLE)

    undo(desk)

    assert remembered == []
    assert pairs_of(Kind.PEOPLE) == [pair]


def test_a_pair_is_decided_once(desk, two_people):
    [pair] = pairs_of(Kind.PEOPLE)

    answers = [post(desk, "people", pair, verb).status_code for verb in ("refusal", "joining")]

    assert answers == [303, 409]


def test_nobody_sees_pairs_that_reach_outside_their_area(client_of, two_people):
    far = factories.an_occupancy(
        factories.a_dwelling(grid=factories.ELSEWHERE),
        name="测试·远",
        document_type="111",
        document_number=NUMBER,
    )

    pairs = pairs_of(Kind.PEOPLE)

    assert [far.id in pair for pair in pairs] == [False]
    stranger = client_of(factories.a_user("far-lead", role="lead", areas=("620402002001",)))
    assert "No contradictions" in text_of(stranger)
    assert stranger.get(f"/merges/people/{pairs[0][0]}/{pairs[0][1]}").status_code == 404


def test_the_office_decides_too(client_of, office, two_people):
    [pair] = pairs_of(Kind.PEOPLE)

    assert post(client_of(office), "people", pair, "refusal").status_code == 303


def test_what_is_on_record_of_a_decision_holds_no_facts(desk, two_people):
    [pair] = pairs_of(Kind.PEOPLE)
    post(desk, "people", pair, "joining", kept="left", **{"fact-name": "right"})

    entry = db.session.query(AuditEntry).filter_by(action="merge.joined").one()

    assert "测试" not in orjson.dumps(entry.details).decode()
    assert UUID(entry.details["kept"]) == pair[0]
