"""Clean visits: only those at which there was nothing to see, approved together, and taken back in time."""

import re
import threading
from urllib.parse import parse_qs, urlsplit

import pytest

from field.core.db import db
from field.core.ids import new_id
from field.reviews.models import Review
from field.visits.models import Visit
from tests import factories
from tests.waiting import Side


def _text(browser, path="/reviews/clean"):
    return browser.get(path).get_data(as_text=True)


def _approve(browser, *visits):
    return browser.post("/reviews/clean/approval", data={"visit": [str(visit.id) for visit in visits]})


def _states():
    return sorted(visit.state for visit in db.session.query(Visit))


@pytest.fixture
def clean(worker):
    """Two visits at which nothing had changed."""
    return [factories.a_visit(worker, factories.a_dwelling()) for _ in range(2)]


def test_a_visit_with_anything_to_see_is_not_among_the_clean_ones(client_of, lead, worker, clean):
    changed = factories.a_visit(
        worker, factories.a_dwelling(), unchanged=None, dwelling_changes={"headcount": 77}
    )
    asking = factories.a_visit(
        worker, factories.a_dwelling(), requests=[{"id": str(new_id()), "kind": "permit"}]
    )

    page = _text(client_of(lead))

    assert all(str(visit.id) in page for visit in clean)
    assert all(f'<a href="/visits/{visit.id}">' in page for visit in clean)
    assert str(changed.id) not in page
    assert str(asking.id) not in page


def test_a_hazard_that_was_looked_at_again_is_something_to_see(client_of, lead, worker, second_worker, clean):
    hazards = [factories.a_hazard(worker) for _ in range(2)]
    failed, without_photo = (
        factories.a_visit(
            second_worker,
            hazard.dwelling,
            rechecks=[{"finding": str(hazard.id), "passed": passed, "note": "看过了"}],
        )
        for hazard, passed in zip(hazards, (False, True), strict=True)
    )

    page = _text(client_of(lead))
    _approve(client_of(lead), failed, without_photo)

    assert str(failed.id) not in page
    assert str(without_photo.id) not in page
    assert {
        row.state for row in db.session.query(Visit).filter(Visit.id.in_([failed.id, without_photo.id]))
    } == {"waiting"}


def test_a_visit_that_contradicts_another_is_not_clean(client_of, lead, worker, second_worker):
    door = factories.a_dwelling()
    first, second = (
        factories.a_visit(who, door, unchanged=None, base_revision=1, dwelling_changes={"headcount": number})
        for who, number in ((worker, 3), (second_worker, 5))
    )

    page = _text(client_of(lead))

    assert db.session.get_one(Visit, second.id).clashes == 1
    assert not any(str(visit.id) in page for visit in (first, second))


def test_a_note_is_read_before_approving(client_of, lead, worker):
    factories.a_visit(worker, factories.a_dwelling(), note="住户说晚上再来")

    assert "住户说晚上再来" in _text(client_of(lead))


def test_ticked_visits_are_approved_together_and_the_others_wait(client_of, lead, clean):
    answer = _approve(client_of(lead), clean[0])

    assert answer.headers["Location"].startswith("/reviews/clean?approved=1&batch=")
    assert _states() == ["approved", "waiting"]


def test_a_visit_that_a_colleague_decided_meanwhile_is_left_as_it_is(client_of, lead, clean):
    browser = client_of(lead)
    browser.post(f"/visits/{clean[0].id}/return", data={"revision": 1, "reason": "再看看"})

    answer = _approve(browser, *clean)

    assert "approved=1&" in answer.headers["Location"]
    assert _states() == ["approved", "returned"]


def test_what_was_approved_together_is_taken_back_within_ten_minutes(client_of, lead, clean):
    browser = client_of(lead)
    batch = _approve(browser, *clean).headers["Location"].split("batch=")[1].split("&")[0]

    answer = browser.post(f"/reviews/clean/approval/{batch}/reversal")

    assert answer.headers["Location"] == "/reviews/clean?reopened=2"
    assert _states() == ["waiting", "waiting"]
    assert db.session.query(Review).count() == 0


def test_nothing_is_taken_back_after_ten_minutes(client_of, lead, clean, clock):
    browser = client_of(lead)
    batch = _approve(browser, *clean).headers["Location"].split("batch=")[1].split("&")[0]
    clock.forward(minutes=11)

    answer = browser.post(f"/reviews/clean/approval/{batch}/reversal")

    assert answer.headers["Location"] == "/reviews/clean?reopened=0"
    assert _states() == ["approved", "approved"]


def test_forged_ids_of_another_area_approve_nothing(client_of, clean):
    stranger = factories.a_user("far-lead", role="lead", areas=("620402002001",))

    answer = _approve(client_of(stranger), *clean)

    assert "approved=0&" in answer.headers["Location"]
    assert _states() == ["waiting", "waiting"]


def test_an_id_that_is_none_is_refused(client_of, lead):
    answer = client_of(lead).post("/reviews/clean/approval", data={"visit": "x"})

    assert answer.status_code == 400


def _two_buildings(worker):
    first, second = factories.a_building(address="测试巷 1号"), factories.a_building(address="测试巷 2号")
    here = [factories.a_visit(worker, factories.a_dwelling(first, door=door)) for door in ("101", "102")]
    return first, here, factories.a_visit(worker, factories.a_dwelling(second, door="101"))


def test_the_clean_visits_of_one_building_are_looked_through_and_approved_together(client_of, lead, worker):
    building, here, elsewhere = _two_buildings(worker)
    browser = client_of(lead)

    page = _text(browser, f"/reviews/clean?building={building.id}")
    answer = browser.post(
        "/reviews/clean/approval",
        data={"visit": [str(visit.id) for visit in here], "building": str(building.id)},
    )

    assert all(str(visit.id) in page for visit in here)
    assert str(elsewhere.id) not in page
    assert "approved=2&" in answer.headers["Location"]
    assert f"building={building.id}" in answer.headers["Location"]
    assert _states() == ["approved", "approved", "waiting"]


def test_all_clean_visits_stand_by_building_each_a_step_away(client_of, lead, worker):
    building, here, elsewhere = _two_buildings(worker)

    page = _text(client_of(lead))

    assert f"/reviews/clean?building={building.id}" in page
    assert page.index("测试巷 1号") < page.index(str(here[0].id)) < page.index("测试巷 2号")
    assert page.index("测试巷 2号") < page.index(str(elsewhere.id))


def test_a_building_of_another_area_shows_nothing(client_of, worker):
    building, here, _elsewhere = _two_buildings(worker)
    stranger = factories.a_user("far-lead", role="lead", areas=("620402002001",))

    page = _text(client_of(stranger), f"/reviews/clean?building={building.id}")

    assert str(here[0].id) not in page


def test_what_is_ticked_is_counted_on_the_button_and_ticked_and_unticked_together(client_of, lead, clean):
    page = _text(client_of(lead))

    [form] = re.findall(r"<form[^>]*data-together.*?</form>", page, re.S)
    assert form.count('type="checkbox"') == len(clean)
    assert "data-ticked=" in form.split('class="primary"')[1].split("</button>")[0]
    assert re.findall(r'data-tick="(\w+)"', form) == ["all", "none"]


def test_the_way_to_the_clean_visits_stands_above_the_list(client_of, lead, clean):
    page = _text(client_of(lead), "/reviews")

    assert 0 < page.index('href="/reviews/clean"') < page.index("data-row")


def test_a_visit_leads_to_the_clean_ones_of_its_building(client_of, lead, worker):
    building, here, _elsewhere = _two_buildings(worker)

    page = _text(client_of(lead), f"/visits/{here[0].id}")

    assert f"/reviews/clean?building={building.id}" in page


def test_a_double_click_approves_once_and_is_answered_as_the_first_one(client_of, lead, clean):
    browser = client_of(lead)

    first, second = (_approve(browser, *clean).headers["Location"] for _ in range(2))

    assert first == second
    assert db.session.query(Review).count() == 2


def test_the_second_lead_reads_what_the_first_did(client_of, lead, clean):
    colleague = factories.a_user("lead-two", name="测试·网格长二", role="lead", areas=(factories.COMMUNITY,))
    browser = client_of(lead)
    _approve(client_of(colleague), *clean)

    answer = _approve(browser, *clean)
    page = browser.get(answer.headers["Location"]).get_data(as_text=True)

    assert "approved=0&" in answer.headers["Location"]
    assert "left=2" in answer.headers["Location"]
    assert colleague.name in page
    assert "/reversal" not in page


def test_two_leads_at_the_same_moment_approve_each_visit_once(app, client_of, lead, worker):
    colleague = factories.a_user("lead-two", role="lead", areas=(factories.COMMUNITY,))
    visits = [str(factories.a_visit(worker, factories.a_dwelling()).id) for _ in range(6)]
    start = threading.Barrier(2)

    def approve(browser, some):
        def run():
            with app.app_context():
                start.wait(10)
                return browser.post("/reviews/clean/approval", data={"visit": some}).headers["Location"]

        return Side(run)

    sides = [approve(client_of(lead), visits), approve(client_of(colleague), visits[::-1])]
    told = [parse_qs(urlsplit(side.result()).query) for side in sides]

    assert sum(int(one["approved"][0]) for one in told) == len(visits)
    assert db.session.query(Review).count() == len(visits)


def test_what_was_approved_together_can_be_taken_back_from_the_page_later(client_of, lead, clean):
    browser = client_of(lead)
    batch = _approve(browser, *clean).headers["Location"].split("batch=")[1].split("&")[0]

    page = _text(browser)

    assert f"/reviews/clean/approval/{batch}/reversal" in page


def test_a_colleague_cannot_take_it_back(client_of, lead, clean):
    colleague = factories.a_user("lead-two", role="lead", areas=(factories.COMMUNITY,))
    batch = _approve(client_of(lead), *clean).headers["Location"].split("batch=")[1].split("&")[0]

    client_of(colleague).post(f"/reviews/clean/approval/{batch}/reversal")

    assert _states() == ["approved", "approved"]
