"""Lists of hazards and referrals that refresh themselves: mostly told that nothing changed, else all that was shown."""

import re

import pytest

from field.core.db import db, transaction
from field.hazards.models import Action
from field.places.models import Building, Dwelling, Proposal
from tests import factories
from tests.referrals.department import moved

PARTS = {
    "/hazards": "/hazards/rows",
    "/hazards/board": "/hazards/board/columns",
    "/referrals": "/referrals/rows",
}
every_list = pytest.mark.parametrize("page", PARTS)


@pytest.fixture
def asked(client_of, lead):
    """Ask for a list again: with the ETag of what was shown, or the one that is given."""

    def ask(page, etag=None, user=lead, **query):
        known = {"If-None-Match": etag or client_of(user).get(PARTS[page]).headers["ETag"]}
        return client_of(user).get(PARTS[page], query_string=query, headers=known)

    return ask


@every_list
def test_nothing_is_sent_when_nothing_has_changed(asked, page):
    factories.a_hazard(item="H03", action="refer")

    answer = asked(page)

    assert (answer.status_code, answer.get_data()) == (304, b"")


@every_list
def test_the_page_itself_carries_what_its_first_question_needs(client_of, lead, asked, page):
    factories.a_hazard(item="H03", action="refer")
    [etag] = re.findall(r'"If-None-Match": "\\"(\w+)\\""', client_of(lead).get(page).get_data(as_text=True))

    assert asked(page, f'"{etag}"').status_code == 304


@every_list
def test_a_step_is_told_at_the_next_question(client_of, lead, handler, asked, page):
    finding = factories.a_hazard(item="H03", action="refer")
    etag = client_of(lead).get(PARTS[page]).headers["ETag"]
    moved(finding, Action.ACCEPT, handler)

    assert asked(page, etag).status_code == 200


@every_list
def test_a_new_house_whose_address_was_put_right_is_told_at_the_next_question(client_of, lead, asked, page):
    building = factories.a_building()
    door = factories.a_dwelling(building)
    with transaction():
        for row in (db.session.get_one(Dwelling, door.id), db.session.get_one(Building, building.id)):
            row.proposal, row.proposed_by = Proposal.WAITING, lead.id
    factories.a_hazard(item="H03", action="refer", dwelling=door)
    etag = client_of(lead).get(PARTS[page]).headers["ETag"]
    client_of(lead).post(f"/proposals/{door.id}/confirmation", data={"address": "试验巷 7号"})

    answer = asked(page, etag)

    assert answer.status_code == 200
    assert "试验巷 7号" in answer.get_data(as_text=True)


@every_list
def test_another_day_is_another_answer(client_of, lead, clock, asked, page):
    factories.a_hazard(item="H03", action="refer")
    etag = client_of(lead).get(PARTS[page]).headers["ETag"]
    clock.forward(days=1)

    assert asked(page, etag).status_code == 200


@every_list
def test_another_choice_is_another_answer(asked, page):
    assert asked(page, search="北门").status_code == 200


@every_list
def test_what_happens_in_another_area_wakes_nobody(client_of, lead, asked, page):
    factories.a_hazard(item="H03", action="refer")
    etag = client_of(lead).get(PARTS[page]).headers["ETag"]
    far = factories.a_user("far-worker", role="worker", areas=(factories.ELSEWHERE,))
    factories.a_hazard(far, "H03", "refer", factories.a_dwelling(grid=factories.ELSEWHERE))

    assert asked(page, etag).status_code == 304


@every_list
def test_a_visit_without_a_hazard_wakes_nobody_of_the_whole_district(client_of, office, worker, asked, page):
    factories.a_hazard(item="H03", action="refer")
    etag = client_of(office).get(PARTS[page]).headers["ETag"]
    factories.a_visit(worker, factories.a_dwelling())

    assert asked(page, etag, office).status_code == 304


@every_list
def test_asking_in_vain_costs_few_queries_and_reads_no_hazard(client_of, lead, counted, page):
    factories.a_hazard(item="H03", action="refer")
    browser = client_of(lead)
    etag = browser.get(PARTS[page]).headers["ETag"]
    counted.clear()

    browser.get(PARTS[page], headers={"If-None-Match": etag})

    assert len(counted) <= 4, counted
    assert not [statement for statement in counted if "dwellings" in statement]


@pytest.mark.parametrize(
    ("page", "module"), [("/hazards", "field.hazards.listing"), ("/referrals", "field.referrals.queries")]
)
def test_a_refresh_brings_as_many_rows_as_were_shown(asked, monkeypatch, page, module):
    monkeypatch.setattr(f"{module}.PAGE", 2)
    findings = [factories.a_hazard(item="H03", action="refer") for _ in range(4)]

    rows = asked(page, '"other"', rows=4).get_data(as_text=True)

    assert all(f"open-{finding.id}" in rows for finding in findings)


@pytest.mark.parametrize("few", [24, -1])
@pytest.mark.parametrize("settled", [False, True])
def test_the_grids_of_a_team_are_one_list_however_it_is_read(client_of, lead, monkeypatch, few, settled):
    monkeypatch.setattr("field.core.heads.FEW", few)
    monkeypatch.setattr("field.hazards.listing.PAGE", 2)
    action, state = ("fixed_on_site", "settled") if settled else ("notice_left", "open")
    factories.a_grid()
    grids = (factories.GRID, factories.SECOND_GRID, factories.GRID, factories.SECOND_GRID, factories.GRID)
    hazards = [factories.a_hazard(dwelling=factories.a_dwelling(grid=grid), action=action) for grid in grids]
    in_order = sorted(((row.runs_out_on, row.id) for row in hazards), reverse=settled)
    seen, after = [], ""

    while after is not None:
        page = client_of(lead).get(f"/hazards/rows?state={state}{after}").get_data(as_text=True)
        seen += re.findall('id="open-([0-9a-f-]+)"', page)
        more = re.search("after=([0-9a-f_-]+)", page)
        after = f"&after={more[1]}" if more else None

    assert seen == [str(number) for _day, number in in_order]
