"""What is asked for is found through indexes: no page and no pack reads a table that grows from end to end."""

import re
from datetime import date, timedelta

import pytest

from field.core.clock import utcnow
from field.core.db import db
from field.core.ids import new_id
from field.demo.numbers import identity_number
from tests import factories
from tests.plans import plans_of, reading_all

_NOWHERE = "00000000-0000-0000-0000-000000000000"


@pytest.fixture
def places(app, worker):
    """A few visits with a hazard, here and elsewhere."""
    factories.a_checklist()
    found = {"id": str(new_id()), "item": "H09", "action": "notice_left"}
    checklist = {"code": "home-safety", "version": 1, "checked": True}
    factories.a_visit(worker, factories.a_dwelling(), checklist=checklist, findings=[found])
    for _ in range(3):
        factories.a_visit(worker, factories.a_dwelling(grid=factories.SECOND_GRID))
    factories.a_dwelling(grid=factories.ELSEWHERE)


@pytest.fixture
def doubled(places, worker, second_worker):
    """Two visits at one door, one number at two doors, one address twice: what merges asks about."""
    door = factories.a_dwelling()
    for user in (worker, second_worker):
        factories.a_visit(user, door)
        twin = factories.a_dwelling(factories.a_building(address="测试路 9号"), door="301")
        factories.an_occupancy(twin, document_number=identity_number(date(1985, 2, 3), 987))


def _deep():
    return f"{(utcnow() - timedelta(hours=1)).isoformat()}_{_NOWHERE}".replace("+", "%2B")


def _reader(who):
    wide = factories.a_user("wide", role="lead", areas=(f"{factories.COMMUNITY[:9]}000",))
    return wide if who == "wide" else factories.a_user(who)


@pytest.mark.parametrize("who", ["lead", "wide", "office"])
@pytest.mark.parametrize(
    "path",
    [
        "/reviews/rows?state=waiting",
        "/reviews/rows?state=approved&after={deep}",
        "/reviews/rows?state=waiting&search=101",
        "/coverage",
        "/hazards/rows?state=open",
        "/hazards/rows?state=overdue",
        "/hazards/rows?state=settled",
        "/referrals/rows?state=waiting",
        "/referrals/rows?state=overdue",
        "/referrals/rows?state=answered",
    ],
)
def test_no_page_reads_a_growing_table_from_end_to_end(places, client_of, who, path):
    browser = client_of(_reader(who))

    plans = plans_of(lambda: browser.get(path.format(deep=_deep())))

    assert plans
    assert reading_all(plans) == []


@pytest.mark.parametrize("who", ["lead", "wide", "office"])
@pytest.mark.parametrize("path", ["/merges", "/merges/decided"])
def test_no_page_of_merges_reads_a_growing_table_from_end_to_end(doubled, client_of, who, path):
    browser = client_of(_reader(who))

    plans = plans_of(lambda: browser.get(path))

    assert reading_all(plans) == []


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("who", ["lead", "wide", "office"])
def test_double_visits_are_looked_for_among_those_of_the_last_weeks(doubled, client_of, who):
    """Of the visits of all years nothing is read but what is young enough to be asked about."""
    browser = client_of(_reader(who))

    plans = plans_of(lambda: browser.get("/merges"))

    [pairs] = [plan for statement, plan in plans.items() if "visits_2.dwelling_id" in statement]
    each = "" if who == "office" else " AND grid_code=?"
    assert f"SEARCH visits_1 USING INDEX ix_visits_district_state{'_grid_code' if each else ''}_rec" in pairs
    assert f"_received_at_id (district=? AND state=?{each} AND received_at>?)" in pairs


@pytest.mark.parametrize("part", ["", "/correction", "/versions"])
def test_opening_a_visit_reads_no_growing_table_from_end_to_end(app, worker, client_of, part):
    factories.a_checklist()
    dwelling = factories.a_dwelling()
    checklist = {"code": "home-safety", "version": 1, "checked": True}
    visits = [
        factories.a_visit(worker, dwelling, checklist=checklist, findings=[found])
        for found in ({"id": str(new_id()), "item": "H09", "action": "notice_left"} for _ in range(3))
    ]
    browser = client_of(factories.a_user("lead"))

    plans = plans_of(lambda: browser.get(f"/visits/{visits[1].id}{part}"))

    assert len(plans) >= 10
    assert reading_all(plans) == []


def test_no_pack_reads_a_growing_table_from_end_to_end(places, phone, worker):
    sender = phone(worker)
    cursor = sender.pack()["cursor"]
    factories.a_visit(worker, factories.a_dwelling())

    assert reading_all(plans_of(sender.pack)) == []
    assert reading_all(plans_of(lambda: sender.pack_page(cursor))) == []


@pytest.mark.only_on("sqlite")
def test_what_changed_in_a_workers_grids_is_found_without_reading_what_did_not(places, phone, worker):
    sender = phone(worker)
    cursor = sender.pack()["cursor"]
    factories.a_visit(worker, factories.a_dwelling())

    plans = plans_of(lambda: sender.pack_page(cursor))

    tables = ("buildings", "dwellings", "occupancies", "workplaces", "findings")
    for table in tables:
        by_change = rf"SEARCH {table} USING INDEX \w+ \(district=\? AND grid_code=\? AND change_no>\?"
        assert any(re.search(by_change, plan) for plan in plans.values()), table


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("who", ["wide", "office"])
@pytest.mark.parametrize("after", ["", "&after={deep}"])
@pytest.mark.parametrize("state", ["waiting", "approved"])
def test_the_queue_of_a_wide_area_is_read_in_its_order_and_not_sorted(
    places, client_of, monkeypatch, who, state, after
):
    """The first fifty of a million must not be found by sorting the million."""
    monkeypatch.setattr("field.core.heads.FEW", -1)  # as where they are many
    browser = client_of(_reader(who))

    plans = plans_of(lambda: browser.get(f"/reviews/rows?state={state}{after.format(deep=_deep())}"))

    [queue] = [
        plan
        for statement, plan in plans.items()
        if "visits.received_at" in statement and "LIMIT" in statement
    ]
    assert "TEMP B-TREE" not in queue
    assert ("received_at>" in queue or "received_at<" in queue) == bool(after)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("after", ["", "&after={deep}"])
def test_a_teams_queue_is_made_of_the_beginnings_of_its_grids_each_read_in_its_order(
    places, client_of, lead, after
):
    """A team may have approved many thousands of visits; a page is fifty of them."""
    browser = client_of(lead)

    plans = plans_of(lambda: browser.get(f"/reviews/rows?state=waiting{after.format(deep=_deep())}"))

    [queue] = [plan for statement, plan in plans.items() if "UNION ALL" in statement]
    bound = " AND received_at>?" if after else ""
    each = "SEARCH visits USING COVERING INDEX ix_visits_district_state_grid_code_received_at_id "
    each += f"(district=? AND state=? AND grid_code=?{bound})"
    assert queue.count(each) == 2
    assert "SEARCH visits USING INDEX sqlite_autoindex_visits_1 (id=?)" in queue


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("state", ["open", "overdue", "settled"])
def test_the_list_of_hazards_is_read_in_the_order_of_the_days_that_run_out(places, client_of, office, state):
    browser = client_of(office)

    plans = plans_of(lambda: browser.get(f"/hazards/rows?state={state}"))

    [rows] = [plan for statement, plan in plans.items() if "ORDER BY findings.runs_out_on" in statement]
    assert "ix_findings_district_settled_runs_out_on_id" in rows
    assert "TEMP B-TREE" not in rows


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("after", ["", "&after={deep}"])
@pytest.mark.parametrize("state", ["open", "settled"])
def test_a_teams_hazards_are_the_beginnings_of_its_grids_each_read_in_its_order(
    places, client_of, lead, state, after
):
    """What was settled over the years must not be sorted, or even read, for a page of fifty."""
    browser = client_of(lead)
    deep = f"{utcnow().date() + timedelta(days=1)}_{_NOWHERE}"

    plans = plans_of(lambda: browser.get(f"/hazards/rows?state={state}{after.format(deep=deep)}"))

    [rows] = [plan for statement, plan in plans.items() if "UNION ALL" in statement]
    bound = " AND runs_out_on" if after else ""
    each = "SEARCH findings USING INDEX ix_findings_district_grid_code_settled_runs_out_on_id "
    each += f"(district=? AND grid_code=? AND settled=?{bound}"
    assert rows.count(each) == 2
    assert "SEARCH findings USING INDEX sqlite_autoindex_findings_1 (id=?)" in rows


@pytest.mark.only_on("sqlite")
def test_rechecks_that_have_waited_too_long_are_looked_for_among_those_that_wait(places, client_of, office):
    """Every list of hazards asks this first; of all that is open nearly nothing waits."""
    db.session.connection().exec_driver_sql("ANALYZE")

    plans = plans_of(lambda: client_of(office).get("/hazards/rows?state=open"))

    [waits] = [plan for statement, plan in plans.items() if "findings.waits_from <" in statement]
    assert "ix_findings_district_waits_from" in waits


@pytest.mark.parametrize("search", ["101", "nowhere"])
def test_a_search_that_names_few_doors_asks_for_the_visits_of_those(places, client_of, office, search):
    """Otherwise a word that is found nowhere would read every visit there ever was."""
    browser = client_of(office)

    plans = plans_of(lambda: browser.get(f"/reviews/rows?state=approved&search={search}"))

    [queue] = [statement for statement in plans if "visits.received_at" in statement and "LIMIT" in statement]
    assert "visits.dwelling_id IN" in queue


@pytest.mark.parametrize("path", ["/hazards/rows?state=open", "/hazards/board"])
@pytest.mark.parametrize("search", ["101", "nowhere"])
def test_a_search_that_names_few_doors_asks_for_the_hazards_of_those(places, client_of, office, path, search):
    """Otherwise a word that is found nowhere would read every hazard of a state."""
    browser = client_of(office)

    plans = plans_of(lambda: browser.get(f"{path}{'&' if '?' in path else '?'}search={search}"))

    lists = [statement for statement in plans if "findings.runs_out_on" in statement and "LIMIT" in statement]
    assert lists
    assert all("findings.dwelling_id IN" in statement for statement in lists)
    assert reading_all({one: plan for one, plan in plans.items() if one in lists}) == []


def test_a_search_for_a_kind_of_hazard_reads_on_in_the_order_of_the_list(places, client_of, office):
    browser = client_of(office)

    plans = plans_of(lambda: browser.get("/hazards/rows?state=open&search=电动"))

    lists = [statement for statement in plans if "findings.runs_out_on" in statement and "LIMIT" in statement]
    assert lists
    assert not any("findings.dwelling_id IN" in statement for statement in lists)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("who", "key", "chosen"),
    [
        ("lead", "assignee_id", f"assignee={_NOWHERE}"),
        ("wide", "assignee_id", f"assignee={_NOWHERE}"),
        ("lead", "department", "department=police"),
        ("wide", "department", "department=police"),
        ("office", "department", "department=police"),
    ],
)
def test_hazards_of_somebody_and_of_a_department_are_found_among_their_own(
    places, client_of, who, key, chosen
):
    """Of all that is open, those of one person are a handful."""
    browser = client_of(_reader(who))

    plans = plans_of(lambda: browser.get(f"/hazards/rows?state=open&{chosen}"))

    [rows] = [plan for statement, plan in plans.items() if "ORDER BY findings.runs_out_on" in statement]
    assert f"ix_findings_district_{key}_settled_runs_out_on_id (district=? AND {key}=? AND settled=?" in rows
    assert "TEMP B-TREE" not in rows
