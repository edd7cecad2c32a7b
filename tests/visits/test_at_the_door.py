"""What else a visit says: hazards looked at again, the notice that was left, help that was asked for, children."""

from datetime import date

import orjson
import pytest

from field.core.db import db
from field.core.ids import new_id
from field.demo import numbers
from field.hazards.models import Finding, HazardNotice
from field.people.models import Occupancy
from field.visits.models import ServiceRequest, Visit
from tests import factories
from tests.photos.pictures import quarters, saved

SIGNATURE = {"wide": 300, "high": 150, "strokes": [[10, 20, 30, 40], [50, 60]]}


@pytest.fixture
def door(app):
    """A door of the worker's area."""
    return factories.a_dwelling()


def a_hazard(sender, door, *photos, **facts):
    """A visit that finds an e-bike in the stairs; answers the hazard's id and the visit's."""
    finding = {"id": str(new_id()), "item": "H09", "action": "notice_left"}
    finding |= {"photos": [photo["id"] for photo in photos]} if photos else {}
    checklist = {"code": "home-safety", "version": factories.a_checklist().version, "checked": True}
    said = {"findings": [finding], "checklist": checklist, "photos": list(photos) or None}
    body = sender.visit_body(door, **(said | facts))
    sender.send(sender.event(body))
    return finding["id"], body["visit"]


def test_a_hazard_that_was_put_right_is_closed_on_the_new_photo(phone, worker, second_worker, door):
    hazard, _visit = a_hazard(phone(worker), door)
    sender, content = phone(second_worker), saved(quarters(800, 600), "JPEG")
    photo = sender.photo_part(content)
    recheck = {"finding": hazard, "passed": True, "photos": [photo["id"]]}

    event = sender.record(door, rechecks=[recheck], photos=[photo])
    before = db.session.query(Finding).one().status
    sender.upload_photo(orjson.loads(event["body"])["visit"], photo, content)

    db.session.expire_all()
    assert (before, db.session.query(Finding).one().status) == ("awaiting_photo", "closed")


def test_a_hazard_that_is_still_there_stays_open(phone, worker, door):
    hazard, _visit = a_hazard(phone(worker), door)

    phone(worker).record(door, rechecks=[{"finding": hazard, "passed": False, "note": "还在楼道"}])

    row = db.session.query(Finding).one()
    assert (row.status, row.settled) == ("recheck_failed", False)


def test_a_phone_gets_the_small_picture_of_an_open_hazard(phone, worker, door):
    sender, content = phone(worker), saved(quarters(800, 600), "JPEG")
    photo = sender.photo_part(content)
    hazard, visit = a_hazard(sender, door, photo)
    sender.upload_photo(visit, photo, content)
    [row] = sender.pack()["findings"]
    assert row["photo"] == photo["id"]

    answer = sender.browser.get(f"/sync/findings/{hazard}/photo")

    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert len(answer.data) < 30_000
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_closed_hazard_has_no_picture_for_phones(phone, worker, second_worker, door):
    sender, content = phone(worker), saved(quarters(800, 600), "JPEG")
    photo = sender.photo_part(content)
    hazard, visit = a_hazard(sender, door, photo)
    sender.upload_photo(visit, photo, content)
    other = phone(second_worker)
    shot = saved(quarters(640, 480), "JPEG")
    new = other.photo_part(shot)
    recheck = {"finding": hazard, "passed": True, "photos": [new["id"]]}
    event = other.record(door, rechecks=[recheck], photos=[new])
    other.upload_photo(orjson.loads(event["body"])["visit"], new, shot)

    assert sender.browser.get(f"/sync/findings/{hazard}/photo").status_code == 404


@pytest.mark.parametrize(
    "notice",
    [
        {"code": "ABCD2345EFGH", "response": "signed"},
        {"code": "ABCD2345EFGH", "response": "left", "signature": SIGNATURE},
        {"code": "abcd2345efgh", "response": "left"},
        {"code": "ABCD2345EFGH", "response": "refused"},
    ],
)
def test_a_notice_that_contradicts_itself_is_kept_aside(phone, worker, door, notice):
    sender = phone(worker)

    [result] = sender.send(sender.event(sender.visit_body(door, hazard_notice=notice)))

    assert result["result"] == "quarantined"


@pytest.mark.parametrize("moved", ["moved_in_on", "moved_out_on"])
def test_a_year_in_which_nobody_moved_is_kept_aside(phone, worker, door, moved):
    sender = phone(worker)
    person = {"action": "moved_out", "occupancy": str(new_id()), moved: "0006-03-01"}

    [result] = sender.send(sender.event(sender.visit_body(door, occupants=[person])))

    assert result["result"] == "quarantined"
    assert moved in str(result["problems"])


def test_the_code_that_was_read_out_at_the_door_opens_the_notice(anonymous, phone, worker, door):
    notice = {"code": "ABCD2345EFGH", "response": "left"}

    a_hazard(phone(worker), door, hazard_notice=notice)

    assert db.session.query(HazardNotice).one().code == "ABCD2345EFGH"
    assert anonymous.get("/n/ABCD-2345-EFGH").status_code in {200, 301, 302, 303, 308}


def test_a_code_that_another_paper_has_gives_way(phone, worker, door):
    notice = {"code": "ABCD2345EFGH", "response": "left"}
    for home in (door, factories.a_dwelling()):
        a_hazard(phone(worker), home, hazard_notice=notice)

    codes = [row.code for row in db.session.query(HazardNotice)]

    assert len(set(codes)) == 2
    assert "ABCD2345EFGH" in codes


def test_ticks_papers_and_the_day_to_remind_are_kept_with_the_request(phone, worker, door):
    request = {"id": str(new_id()), "kind": "permit", "eligibility": ["half_year", "job"]}
    request |= {"papers": ["identity"], "remind_on": "2026-12-01"}

    phone(worker).record(door, requests=[request])

    row = db.session.query(ServiceRequest).one()
    assert (row.eligibility, row.papers) == (["half_year", "job"], ["identity"])
    assert row.remind_on == date(2026, 12, 1)


def test_a_guardians_word_is_kept_with_the_stay_of_a_child(phone, worker, door):
    child = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "测试·孩子"}

    phone(worker).record(door, unchanged=None, occupants=[child | {"guardian_consent": True}])

    assert db.session.query(Occupancy).one().guardian_consent is True


CHILD = {"document_type": "111", "document_number": numbers.identity_number(date(2018, 3, 9), 21)}


def test_a_child_without_a_guardians_word_stays_out_of_the_register_and_the_visit_counts(
    client_of, lead, phone, worker, door
):
    child = {
        "action": "add",
        "occupancy": str(new_id()),
        "person": str(new_id()),
        "name": "测试·孩子",
    } | CHILD

    event = phone(worker).record(
        door, unchanged=None, occupants=[child], dwelling_changes={"headcount": 3, "children": 1}
    )

    visit = db.session.query(Visit).one()
    assert str(visit.id) in event["body"]
    assert (db.session.query(Occupancy).count(), door.children) == (0, 1)
    page = client_of(lead).get(f"/visits/{visit.id}?lang=en").get_data(as_text=True)
    assert "the register has not taken name and number" in page


def test_a_childs_number_is_not_put_to_a_name_that_is_known(phone, worker, door):
    known = factories.an_occupancy(door)
    before = known.person.document_number

    phone(worker).record(
        door,
        unchanged=None,
        occupants=[{"action": "change", "occupancy": str(known.id), "reason": "1", **CHILD}],
    )

    assert (known.person.document_number, known.reason) == (before, "1")


def test_a_child_with_a_guardians_word_is_in_the_register_with_the_number(phone, worker, door):
    child = {
        "action": "add",
        "occupancy": str(new_id()),
        "person": str(new_id()),
        "name": "测试·孩子",
    } | CHILD

    phone(worker).record(door, unchanged=None, occupants=[child | {"guardian_consent": True}])

    assert db.session.query(Occupancy).one().person.document_number == CHILD["document_number"]


def test_the_lead_reads_all_of_it_in_words(client_of, lead, phone, worker, door):
    factories.codes()
    factories.guides()
    place = factories.a_workplace(door, headcount=3)
    hazard, _visit = a_hazard(phone(worker), door)
    request = {"id": str(new_id()), "kind": "permit", "eligibility": ["half_year"], "papers": ["identity"]}
    event = phone(worker).record(
        door,
        unchanged=None,
        people_confirmed=True,
        workplaces=[{"action": "change", "workplace": str(place.id), "headcount": 8}],
        rechecks=[{"finding": hazard, "passed": False}],
        hazard_notice={
            "code": "ABCD2345EFGH",
            "response": "signed",
            "signer": "lessor",
            "signature": SIGNATURE,
        },
        requests=[request],
    )
    visit = next(row for row in db.session.query(Visit) if str(row.id) in event["body"])

    page = client_of(lead).get(f"/visits/{visit.id}?lang=en").get_data(as_text=True)

    for words in (
        "Still there",
        "ABCD-2345-EFGH",
        "Signed",
        "Landlord",
        "测试·面馆",
        "Lived here for half a year",
    ):
        assert words in page, words
    assert 'd="M10 20L30 40 M50 60L50 60"' in page
    assert "Everybody else who is registered here was confirmed." in page
    assert "15400000077" not in page


def test_the_guides_come_with_the_pack_and_name_their_source(phone, worker):
    assert factories.guides() == 4

    pack = phone(worker).pack()

    guide = next(row for row in pack["guides"] if row["kind"] == "permit")
    assert guide["source"]["zh"] == "《居住证暂行条例》"
    assert guide["as_of"] == "2016-01-01"
    assert {row["code"] for row in guide["conditions"]} == {"half_year", "job", "home", "study"}
