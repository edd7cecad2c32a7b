"""The pack: what a worker may hold, whole at first and only what changed afterwards."""

import pytest

from field.accounts.models import UserArea
from field.accounts.scope import Actor
from field.core.changes import Tombstone
from field.core.db import db, transaction
from field.core.ids import new_id
from field.core.installation import installation
from field.hazards.models import Finding
from field.reviews import service as reviews
from field.sync.pack import pack_page
from field.visits.models import Visit
from tests import factories

LISTS = ("rounds", "buildings", "doors", "occupants", "findings", "returned", "reviews", "removed")


@pytest.fixture
def pages_of(monkeypatch):
    """pages_of(5): the pack comes in pages of at most so many rows."""
    return lambda rows: monkeypatch.setattr(pack_page, "__defaults__", (rows,))


def _ids(rows):
    return {row["id"] for row in rows}


def _changed(pack):
    """The lists of rows that a pack carries."""
    return {name for name in LISTS if pack.get(name)}


def _find(sender, door, action="notice_left"):
    """A visit that finds a hazard; answers the hazard's part of the body."""
    part = {"id": str(new_id()), "item": "H09", "action": action}
    checklist = {"code": "home-safety", "version": factories.a_checklist().version, "checked": True}
    sender.record(door, findings=[part], checklist=checklist)
    return part


def test_the_first_pack_is_whole(phone, worker):
    door = factories.a_dwelling(lessor_name="测试·房东", lessor_phone="15400000001")
    resident = factories.an_occupancy(door)
    round_ = factories.a_round(worker)
    factories.a_notice()
    factories.codes()
    sender = phone(worker)
    hazard = _find(sender, door)

    pack = sender.pack()

    assert (pack["reset"], pack["more"], pack["epoch"]) == (True, False, sender.epoch)
    assert pack["user"] == {"id": str(worker.id), "name": worker.name, "role": "worker"}
    assert [grid["code"] for grid in pack["grids"]] == [factories.GRID]
    assert _ids(pack["rounds"]) == {str(round_.id)}
    assert _ids(pack["buildings"]) == {str(door.building_id)}
    assert _ids(pack["doors"]) == {str(door.id)}
    assert _ids(pack["occupants"]) == {str(resident.id)}
    assert _ids(pack["findings"]) == {hazard["id"]}
    assert pack["notices"]
    assert pack["codes"]
    assert pack["checklists"][0]["items"]
    assert not pack.get("removed")


def test_numbers_and_phones_come_masked(phone, worker):
    door = factories.a_dwelling(lessor_phone="15400000001")
    resident = factories.an_occupancy(door)
    person = resident.person

    text = str(phone(worker).pack())

    for secret in ("15400000001", person.document_number, person.phone):
        assert secret not in text
    assert person.document_number_masked in text


def test_the_last_visit_of_a_door_says_whether_it_was_mine(phone, worker, second_worker):
    door = factories.a_dwelling()
    mine, theirs = phone(worker), phone(second_worker)
    event = mine.record(door, outcome="no_answer")

    last = [sender.pack()["doors"][0]["last"] for sender in (mine, theirs)]

    assert [one["mine"] for one in last] == [True, False]
    assert last[0]["outcome"] == "no_answer"
    assert last[0]["visit"] in event["body"]


def test_a_door_that_stayed_shut_still_says_when_it_opened(phone, worker):
    door = factories.a_dwelling()
    sender = phone(worker)
    sender.record(door)
    [row] = sender.pack()["doors"]
    assert "opened" not in row

    sender.record(door, outcome="no_answer")

    [later] = sender.pack()["doors"]
    assert later["opened"] == row["last"]["at"]


def test_what_lies_outside_the_area_is_not_in_the_pack(phone, worker, second_worker):
    factories.a_dwelling(grid=factories.ELSEWHERE)
    factories.a_dwelling(grid=factories.ABROAD)
    here = factories.a_dwelling(grid=factories.SECOND_GRID)

    assert _ids(phone(worker).pack()["doors"]) == {str(here.id)}
    assert not _changed(phone(second_worker).pack())


def test_a_pack_without_news_is_empty(phone, worker):
    sender = phone(worker)
    factories.an_occupancy()

    pack = sender.pack(sender.pack()["cursor"])

    assert (pack["reset"], pack["more"], _changed(pack)) == (False, False, set())
    assert "checklists" not in pack


def test_only_what_changed_comes_again(phone, worker):
    sender, doors = phone(worker), [factories.a_dwelling() for _ in range(3)]
    cursor = sender.pack()["cursor"]

    sender.record(doors[1], outcome="vacant")
    pack = sender.pack(cursor)

    assert _ids(pack["doors"]) == {str(doors[1].id)}
    assert _changed(pack) == {"doors", "reviews", "removed"}


def test_a_visit_of_a_colleague_reaches_my_phone(phone, worker, second_worker):
    mine, theirs, door = phone(worker), phone(second_worker), factories.a_dwelling()
    cursor = mine.pack()["cursor"]

    theirs.record(door, dwelling_changes={"rooms": 7})

    assert [row["rooms"] for row in mine.pack(cursor)["doors"]] == [7]


def test_who_moved_out_and_hazards_that_are_fixed_are_removed(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    resident = factories.an_occupancy(door)
    hazard = _find(sender, door)
    cursor = sender.pack()["cursor"]

    left = {"action": "moved_out", "occupancy": str(resident.id), "moved_out_on": "2026-11-20"}
    sender.record(door, occupants=[left])
    with transaction():
        db.session.query(Finding).one().settled = True
    removed = sender.pack(cursor)["removed"]

    assert {"kind": "occupant", "id": str(resident.id)} in removed
    assert {"kind": "finding", "id": hazard["id"]} in removed
    assert not _changed(phone(worker).pack()) & {"occupants", "findings", "removed"}


def test_a_door_that_was_struck_out_is_removed(phone, worker):
    sender, gone = phone(worker), new_id()
    factories.a_dwelling()
    cursor = sender.pack()["cursor"]
    with transaction() as session:
        facts = {"district": factories.DISTRICT, "kind": "door", "row_id": gone}
        session.add_all(Tombstone(grid_code=grid, **facts) for grid in (factories.GRID, factories.ELSEWHERE))

    assert sender.pack(cursor)["removed"] == [{"kind": "door", "id": str(gone)}]


def test_a_returned_visit_comes_to_its_author_with_the_reason_and_goes_when_corrected(
    phone, worker, second_worker, lead
):
    sender, other, door = phone(worker), phone(second_worker), factories.a_dwelling()
    told = {
        "action": "add",
        "occupancy": str(new_id()),
        "person": str(new_id()),
        "name": "测试·新",
        "phone": "15400000002",
    }
    event = sender.record(door, occupants=[told], note="see the photo")
    cursor = sender.pack()["cursor"]
    with transaction():
        visit = db.session.query(Visit).one()
        reviews.send_back(visit.id, 1, "看不清门牌", Actor.of(lead))

    pack = sender.pack(cursor)
    [corrected] = sender.send(sender.event(sender.correction_of(event, note="better")))
    after = sender.pack(pack["cursor"])

    [back] = pack["returned"]
    assert corrected["result"] == "accepted"
    assert (back["visit"], back["event"], back["reason"]) == (str(visit.id), event["id"], "看不清门牌")
    assert (back["door"], back["revision"], back["body"]["note"]) == (str(door.id), 1, "see the photo")
    assert "15400000002" not in str(back)
    assert [row["state"] for row in pack["reviews"]] == ["returned"]
    assert not other.pack().get("returned")
    assert {"kind": "returned", "id": str(visit.id)} in after["removed"]
    assert not after.get("returned")


def test_the_pack_in_pages_is_the_pack(phone, worker, pages_of):
    doors = [factories.a_dwelling() for _ in range(7)]
    residents = [factories.an_occupancy(doors[0]) for _ in range(6)]
    sender = phone(worker)
    pages_of(3)

    pages, since = [], None
    while not pages or pages[-1]["more"]:
        pages.append(sender.pack_page(since))
        since = pages[-1]["cursor"]

    sizes = [sum(len(page.get(name, [])) for name in LISTS) for page in pages]
    rows = [row["id"] for page in pages for name in ("doors", "occupants") for row in page.get(name, [])]
    assert max(sizes) == 3
    assert len(rows) == len(set(rows)) == 13
    assert set(rows) == {str(row.id) for row in (*doors, *residents)}
    assert [page["reset"] for page in pages] == [True] + [False] * (len(pages) - 1)


def test_what_changes_between_two_pages_is_in_the_next_pass(phone, worker, pages_of):
    sender, doors = phone(worker), [factories.a_dwelling() for _ in range(6)]
    pages_of(4)
    first = sender.pack_page()
    sender.record(doors[5], dwelling_changes={"rooms": 9})
    late = factories.a_dwelling()

    rest = sender.pack(first["cursor"])
    news = sender.pack(rest["cursor"])

    rooms = {row["id"]: row.get("rooms") for pack in (first, rest, news) for row in pack.get("doors", [])}
    assert rooms.keys() == {str(door.id) for door in (*doors, late)}
    assert rooms[str(doors[5].id)] == 9


@pytest.mark.parametrize("cursor", ["x", "!!", "bnVsbA", "W10", "é", "a" * 5000])
def test_a_cursor_that_means_nothing_starts_anew(phone, worker, cursor):
    door = factories.a_dwelling()

    pack = phone(worker).pack(cursor)

    assert pack["reset"]
    assert _ids(pack["doors"]) == {str(door.id)}


def test_another_epoch_starts_anew(phone, worker):
    sender, door = phone(worker), factories.a_dwelling()
    cursor = sender.pack()["cursor"]
    with transaction():
        installation().epoch = new_id()

    pack = sender.pack(cursor)

    assert (pack["reset"], _ids(pack["doors"])) == (True, {str(door.id)})
    assert pack["epoch"] != sender.epoch


def test_another_area_or_a_new_checklist_starts_anew(phone, worker):
    sender, door = phone(worker), factories.a_dwelling(grid=factories.ELSEWHERE)
    cursor = sender.pack()["cursor"]
    with transaction():
        worker.areas = [UserArea(area_code=factories.ELSEWHERE)]

    moved = sender.pack(cursor)
    factories.a_checklist()
    renewed = sender.pack(moved["cursor"])

    assert (moved["reset"], _ids(moved["doors"])) == (True, {str(door.id)})
    assert renewed["reset"]


def test_the_cursor_of_somebody_else_starts_anew(phone, worker, second_worker):
    shared = phone(worker)
    factories.a_dwelling()
    cursor = shared.pack()["cursor"]

    assert shared.sign_in(second_worker).enrol().pack(cursor)["reset"]


def test_a_large_pack_comes_packed(phone, worker):
    factories.a_checklist()
    browser = phone(worker).browser

    answer = browser.get("/sync/pack", headers={"Accept-Encoding": "gzip"})

    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer.headers["Vary"]
