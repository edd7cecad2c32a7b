"""Coverage: honest counts by area, the denominator beside them, nothing from outside the reader's areas."""

from sqlalchemy import event

from field.core.db import db
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
