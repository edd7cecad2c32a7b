"""Coverage: honest counts by area, the denominator beside them, nothing from outside the reader's areas."""

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event

from field.accounts.scope import Actor
from field.core.clock import local_day, utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards.models import Finding
from field.reviews import service as reviews
from tests import factories


def _page(browser, path="/coverage"):
    return browser.get(path + ("&" if "?" in path else "?") + "lang=en").get_data(as_text=True)


def test_a_door_counts_as_settled_when_somebody_was_met_and_not_after_no_answer(client_of, lead, worker):
    factories.a_dwelling()
    factories.a_visit(worker, factories.a_dwelling())
    factories.a_visit(worker, factories.a_dwelling(), outcome="no_answer", consent=None, unchanged=None)

    page = _page(client_of(lead))

    assert '<span class="figure">1</span> <span class="soft">of 3</span>' in page
    assert '<progress value="1" max="3"' in page


def test_nobody_at_home_later_takes_back_nothing(client_of, lead, worker, second_worker):
    door = factories.a_dwelling()
    factories.a_visit(worker, door)
    factories.a_visit(second_worker, door, outcome="no_answer", consent=None, unchanged=None)

    page = _page(client_of(lead))

    assert '<span class="figure">1</span> <span class="soft">of 1</span>' in page


def test_a_visit_that_is_corrected_to_no_answer_opens_its_door_again(client_of, phone, lead, worker):
    sender = phone(worker)
    visit = sender.event(sender.visit_body(factories.a_dwelling()))
    sender.send(visit)

    sender.send(sender.event(sender.correction_of(visit, outcome="no_answer")))

    page = _page(client_of(lead))
    assert '<span class="figure">0</span> <span class="soft">of 1</span>' in page


def test_a_visit_that_was_sent_back_is_told_as_its_door_is_open_again_on_the_phone(client_of, lead, worker):
    visit = factories.a_visit(worker, factories.a_dwelling())
    before = _page(client_of(lead))
    with transaction():
        reviews.send_back(visit.id, 1, "请核实人数", Actor.of(lead))

    after = _page(client_of(lead))

    assert "sent back" not in before
    assert "1 visit was sent back and is not corrected yet" in after
    assert '<span class="figure">1</span> <span class="soft">of 1</span>' in after


def test_doors_of_another_community_are_not_counted(client_of, lead, office):
    factories.a_dwelling()
    factories.a_dwelling(grid=factories.ELSEWHERE)

    assert "of 1</span>" in _page(client_of(lead))
    assert "of 2</span>" in _page(client_of(office))


def test_the_tree_leads_from_the_district_down_to_the_grid(client_of, office):
    grid = factories.a_dwelling().grid_code

    page = _page(client_of(office), f"/coverage?area={grid.split('-')[0]}")

    assert "of 1</span>" in page
    assert f"area={grid}" not in page  # a grid has nothing below it


def test_the_page_names_no_worker(client_of, lead, worker):
    factories.a_visit(worker, factories.a_dwelling())

    assert worker.name not in _page(client_of(lead))


def test_the_page_costs_as_many_queries_for_many_doors_as_for_one(app, client_of, lead, worker):
    browser, statements = client_of(lead), []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    factories.a_visit(worker, factories.a_dwelling())
    _page(browser)
    statements.clear()
    _page(browser)
    few = len(statements)
    for _ in range(5):
        factories.a_visit(worker, factories.a_dwelling())
    statements.clear()

    _page(browser)

    assert len(statements) == few
    assert few <= 14


def test_a_grid_has_its_own_numbers_though_nothing_lies_below_it(client_of, office, worker):
    grid = factories.a_dwelling().grid_code
    factories.a_visit(worker, factories.a_dwelling())
    factories.a_dwelling(grid=factories.ELSEWHERE)

    page = _page(client_of(office), f"/coverage?area={grid}")

    assert '<span class="figure">1</span> <span class="soft">of 2</span>' in page


def test_somebody_who_answers_for_an_area_and_a_part_of_it_counts_each_door_once(client_of):
    factories.a_dwelling()
    both = factories.a_user("both", role="lead", areas=(factories.COMMUNITY, factories.GRID))

    page = _page(client_of(both))

    assert "of 1</span>" in page
    assert page.count('<th scope="row">') == 1


def test_an_area_out_of_reach_is_not_found_and_neither_is_one_that_does_not_exist(client_of, lead):
    factories.a_grid()
    factories.a_grid(factories.ELSEWHERE)
    browser = client_of(lead)

    assert browser.get(f"/coverage?area={factories.COMMUNITY}").status_code == 200
    for code in (factories.ELSEWHERE, f"{factories.DISTRICT}000000", "999999"):
        assert browser.get(f"/coverage?area={code}").status_code == 404, code


def test_the_way_up_ends_where_the_readers_area_ends(client_of, lead, office):
    grid = factories.a_grid().code

    assert f"area={factories.DISTRICT}000000" in _page(client_of(office), f"/coverage?area={grid}")
    assert f"area={factories.DISTRICT}000000" not in _page(client_of(lead), f"/coverage?area={grid}")


def test_outcomes_and_doors_not_called_at_add_up_to_all_doors(client_of, lead, worker):
    factories.a_visit(worker, factories.a_dwelling())
    factories.a_dwelling()
    factories.a_dwelling()

    page = _page(client_of(lead))

    assert re.findall(r"<strong>(\d+)</strong>", page.split('id="outcomes"')[1].split("</section>")[0]) == [
        "1",
        "2",
    ]


@pytest.mark.parametrize("missed", ["due_on", "accept_by"])
def test_an_overdue_hazard_counts_until_it_is_settled(client_of, lead, worker, missed):
    factories.a_checklist()
    finding = {"id": str(new_id()), "item": "H03", "action": "refer"}
    checklist = {"code": "home-safety", "version": 1, "checked": True}
    factories.a_visit(worker, checklist=checklist, findings=[finding])
    with transaction() as session:
        hazard = session.get_one(Finding, UUID(finding["id"]))
        setattr(hazard, missed, local_day(utcnow(), "Asia/Shanghai") - timedelta(days=1))
    browser = client_of(lead)
    assert "1 overdue" in _page(browser)

    with transaction() as session:
        session.get_one(Finding, UUID(finding["id"])).settled = True

    assert "overdue" not in _page(browser)
