"""What was at the door before a visit and since: told apart, and photos only of the hazard that they show."""

import re

import pytest

from field.core.db import transaction
from field.core.ids import new_id
from tests import factories


@pytest.fixture
def door(app):
    """A door that is visited several times."""
    return factories.a_dwelling()


@pytest.fixture
def find(worker, phone, door):
    """find("H04", "H01"): a visit that found these, with a photo of each that is here; answers it, then each photo."""

    def found(*items, rechecks=()):
        photos = [phone(worker).photo_part(new_id().bytes) for _ in (*items, *rechecks)]
        listed = factories.a_checklist(door.district)
        parts = [
            {"id": str(new_id()), "item": item, "action": "notice_left", "photos": [photo["id"]]}
            for item, photo in zip(items, photos, strict=False)
        ]
        again = [
            {"finding": key, "passed": True, "photos": [photo["id"]]}
            for key, photo in zip(rechecks, photos[len(items) :], strict=True)
        ]
        visit = factories.a_visit(
            worker,
            door,
            unchanged=None,
            checklist={"code": "home-safety", "version": listed.version, "checked": True},
            findings=parts or None,
            rechecks=again or None,
            photos=photos or None,
        )
        with transaction():
            factories.photos_of(visit, [photo["id"] for photo in photos])
        return visit, [photo["id"] for photo in photos], [part["id"] for part in parts]

    return found


@pytest.fixture
def page_of(client_of, lead):
    """page_of(visit): its page in English."""
    browser = client_of(lead)
    return lambda visit: browser.get(f"/visits/{visit.id}?lang=en").get_data(as_text=True)


def _before(page):
    """The photos that stand for comparison below a hazard."""
    return re.findall(r'/photos/([0-9a-f-]+)/thumb" alt="Earlier photo', page)


def test_only_photos_of_the_same_hazard_stand_for_comparison(find, page_of):
    _first, [same, _other], _ids = find("H04", "H01")
    second, _photos, _ids = find("H04")

    assert _before(page_of(second)) == [same]


def test_what_a_later_visit_photographed_is_no_earlier_photo(find, page_of):
    first, _photos, _ids = find("H04")
    find("H04")

    assert _before(page_of(first)) == []


def test_a_hazard_that_was_taken_back_lends_no_photo(find, page_of, client_of, lead):
    first, _photos, [finding] = find("H04")
    client_of(lead).post(
        f"/visits/{first.id}/correction",
        data={"revision": 1, "reason": "看错了", f"finding.{finding}.action": "none"},
    )
    second, _photos, _ids = find("H04")

    assert _before(page_of(second)) == []


def test_the_photo_of_a_recheck_lies_over_the_one_with_which_the_hazard_was_found(find, page_of):
    _first, [old], [finding] = find("H04")
    second, [new], _ids = find(rechecks=[finding])

    page = page_of(second)

    compared = page.split("data-compare")[1].split("</div>")[0]
    assert re.findall(r'src="/photos/([0-9a-f-]+)/screen"', compared) == [old, new]
    assert compared.index("When it was found") < compared.index("Now")
    assert page.count(f"/photos/{new}/") == 2  # its link and its picture, nowhere else


def test_an_old_photo_stands_alone_below_a_recheck_without_one(find, page_of, worker, door):
    _first, [old], [finding] = find("H04")
    second = factories.a_visit(
        worker, door, unchanged=None, rechecks=[{"finding": finding, "passed": False, "photos": []}]
    )

    page = page_of(second)

    assert "data-compare" not in page
    assert _before(page) == [old]


def test_visits_before_and_since_are_told_apart(worker, door, page_of):
    visits = [factories.a_visit(worker, door) for _ in range(4)]

    first, third = page_of(visits[0]), page_of(visits[2])

    assert "3 visits at this door since" in first
    assert "earlier visit" not in first
    assert "2 earlier visits at this door" in third
    assert "1 visit at this door since" in third
    listed = [third.index(f'href="/visits/{visits[place].id}"') for place in (3, 1, 0)]
    assert listed == sorted(listed)


def test_of_many_visits_the_nearest_are_listed_and_all_are_counted(worker, door, page_of):
    visits = [factories.a_visit(worker, door) for _ in range(13)]

    newest, oldest = page_of(visits[-1]), page_of(visits[0])

    assert "12 earlier visits at this door" in newest
    assert "10 of 12 are shown" in newest
    assert str(visits[2].id) in newest
    assert str(visits[1].id) not in newest
    assert str(visits[1].id) in oldest
    assert str(visits[-1].id) not in oldest


def test_a_visit_that_was_corrected_later_is_still_the_earlier_one(worker, phone, door, page_of):
    sender = phone(worker)
    event = sender.record(door, note="先来的")
    second = factories.a_visit(worker, door)
    sender.send(sender.event(sender.correction_of(event, note="后来改的")))

    page = page_of(second)

    assert "1 earlier visit at this door" in page
    assert "since</summary>" not in page


def test_a_page_costs_the_same_however_often_its_hazards_were_found(find, client_of, lead, counted):
    browser, costs = client_of(lead), []
    for times in (1, 4):
        for _ in range(times):
            find("H04")
        _first, _photos, [finding] = find("H01")
        visit, _photos, _ids = find("H04", rechecks=[finding])
        browser.get(f"/visits/{visit.id}")
        counted.clear()
        browser.get(f"/visits/{visit.id}")
        costs.append(len(counted))

    assert costs[0] == costs[1]
    assert costs[1] <= 30
