"""Who was sent to look: named in the lists and found by them, told on their phone, and sent once."""

import re

import pytest

from field.accounts.models import Role
from field.core.db import db, transaction
from field.hazards.models import Action, Finding
from tests import factories
from tests.hazards.looking import actions, now, ticked


@pytest.fixture
def listed(client_of, lead):
    """A page of hazards as somebody reads it in English."""

    def read(path="/hazards?", user=lead):
        return client_of(user).get(f"{path}&lang=en").get_data(as_text=True)

    return read


@pytest.fixture
def other():
    """A hazard that nobody was sent to."""
    return factories.a_hazard()


@pytest.fixture
def sent(hazard, send, second_worker):
    """A hazard that the second worker shall look at."""
    assert send(hazard, "assignment", assignee=str(second_worker.id)).status_code == 303
    return hazard


def test_the_board_names_who_shall_look(listed, sent, second_worker):
    assert f"{second_worker.name} shall look" in listed("/hazards/board?")


def test_a_row_of_the_list_names_who_shall_look(listed, sent, second_worker):
    [(_hazard, cell)] = _cells(listed(), "Assigned to")

    assert second_worker.name in cell


def test_row_and_card_of_what_waits_for_a_look_say_that_nobody_was_sent(listed, sent, other):
    with transaction():
        db.session.get_one(Finding, other.id).status = "recheck_due"

    cells = dict(_cells(listed(), "Assigned to"))

    assert [hazard for hazard, cell in cells.items() if "nobody yet" in cell] == [str(other.id)]
    assert listed("/hazards/board?").count("nobody assigned yet") == 1


def test_no_heading_stands_above_nothing(listed, sent, worker, handler):
    """What is settled waits for nobody, and departments hear of nobody."""
    factories.a_hazard(worker, "H03", "refer")
    factories.a_hazard(action="fixed_on_site")

    for page in (listed("/hazards?state=settled"), listed(user=handler)):
        table = page.split("<table>")[1]
        assert "Assigned to" not in table
        heads, cells = table.count('<th scope="col"'), table.split("<tr data-row")[1].count("<td") + 1
        assert heads == cells


def test_a_list_is_narrowed_to_those_of_somebody_or_of_nobody(listed, sent, other, second_worker):
    theirs = listed(f"/hazards?assignee={second_worker.id}")
    nobodys = listed("/hazards?assignee=none")

    assert f'value="{second_worker.id}" selected' in theirs
    assert (str(sent.id) in theirs, str(other.id) in theirs) == (True, False)
    assert (str(sent.id) in nobodys, str(other.id) in nobodys) == (False, True)


@pytest.mark.parametrize("text", ["x", "0" * 36, "' OR 1=1"])
def test_somebody_who_cannot_be_is_left_out(listed, sent, text):
    assert str(sent.id) in listed(f"/hazards?assignee={text}")


def test_a_department_hears_no_names_there_either(listed, worker, second_worker, handler):
    finding = factories.a_hazard(worker, item="H03", action="refer")
    with transaction():
        db.session.get_one(Finding, finding.id).assignee_id = second_worker.id

    page = listed("/hazards?assignee=none", handler)

    assert str(finding.id) in page
    assert second_worker.name not in page


def test_the_same_person_again_is_refused_beside_the_field_and_leaves_no_line(send, sent, second_worker):
    again = send(sent, "assignment", now(sent).version, assignee=str(second_worker.id))

    assert again.status_code == 422
    assert "shall look at it already" in again.get_data(as_text=True)
    assert actions(sent).count(Action.ASSIGN) == 1


def test_with_many_those_who_are_sent_already_are_left_alone_and_told(
    client_of, lead, sent, other, second_worker
):
    answer = client_of(lead).post(
        "/hazards/assignments?lang=en",
        data={"finding": ticked(now(sent), other), "assignee": str(second_worker.id)},
    )

    page = client_of(lead).get(answer.location + "&lang=en").get_data(as_text=True)
    assert "Done for 1 hazard." in page
    assert "shall look at it already" in page
    assert actions(sent).count(Action.ASSIGN) == 1
    assert now(other).assignee_id == second_worker.id


def test_who_works_in_a_grid_whose_number_only_begins_alike_cannot_be_sent(send):
    tenth, hundredth = (f"{factories.COMMUNITY}-{number}" for number in (10, 100))
    factories.a_grid(tenth)
    near = factories.a_user("near", role=Role.WORKER, areas=(tenth,))
    there = factories.a_user("there", role=Role.WORKER, areas=(hundredth,))
    finding = factories.a_hazard(there, dwelling=factories.a_dwelling(grid=hundredth))

    refused = send(finding, "assignment", assignee=str(near.id))
    sent = send(finding, "assignment", assignee=str(there.id))

    assert (refused.status_code, sent.status_code) == (422, 303)
    assert now(finding).assignee_id == there.id


def _flags(phone):
    return {row["id"]: row.get("yours") for row in phone.pack()["findings"]}


def test_the_phone_of_who_was_sent_hears_it_and_no_other(phone, worker, second_worker, sent):
    assert _flags(phone(second_worker)) == {str(sent.id): True}
    assert _flags(phone(worker)) == {str(sent.id): None}


def test_after_somebody_has_looked_in_vain_the_same_person_can_be_sent_anew(phone, send, sent, second_worker):
    send(sent, "recheck", now(sent).version, passed="false", reason="还没换")
    between = _flags(phone(second_worker))

    again = send(sent, "assignment", now(sent).version, assignee=str(second_worker.id))

    assert between == {str(sent.id): None}
    assert again.status_code == 303
    assert _flags(phone(second_worker)) == {str(sent.id): True}


def test_what_a_department_has_is_nobodys_to_look_at(phone, send, sent, second_worker):
    send(sent, "referral", now(sent).version, department="fire_rescue")

    assert _flags(phone(second_worker)) == {str(sent.id): None}


def _cells(page, label):
    """What stands under a heading, by hazard."""
    rows = re.findall(r"<tr data-row.*?</tr>", page, re.S)
    return [
        (row.split("/hazards/")[1][:36], re.findall(rf'data-label="{label}"[^>]*>(.*?)</td>', row, re.S)[0])
        for row in rows
    ]


def _departments(page):
    return [text for _hazard, text in _cells(page, "Department")]


def test_the_department_of_a_row_is_what_the_filter_finds(listed, send, hazard, other):
    """The checklist names the same departments for both; only one was referred."""
    send(hazard, "referral", department="fire_rescue")

    whole = listed()
    with_them = listed("/hazards?department=fire_rescue")
    with_nobody = listed("/hazards?department=none")

    assert sorted("not referred" in cell for cell in _departments(whole)) == [False, True]
    assert [("not referred" in cell) for cell in _departments(with_them)] == [False]
    assert str(hazard.id) in with_them
    assert ["not referred" in cell for cell in _departments(with_nobody)] == [True]
    assert str(other.id) in with_nobody


def _states(page):
    [form] = [one for one in re.findall(r"<form.*?</form>", page, re.S) if 'id="filters"' in one]
    return re.findall(r'value="(\w+)"', form.split('id="status"')[1].split("</select>")[0])


def test_each_part_of_the_list_offers_the_states_that_occur_in_it(listed, client_of, lead):
    fixed = factories.a_hazard(action="fixed_on_site")

    open_ones, settled = listed("/hazards?state=open"), listed("/hazards?state=settled")
    closed = listed("/hazards?state=settled&status=closed")
    on_site = listed("/hazards?state=settled&status=fixed_on_site")

    assert _states(settled) == ["fixed_on_site", "closed"]
    assert not set(_states(open_ones)) & {"fixed_on_site", "closed"}
    assert str(fixed.id) in on_site
    assert str(fixed.id) not in closed


def test_a_state_of_another_part_of_the_list_is_not_taken_along(listed, hazard):
    assert str(hazard.id) in listed("/hazards?state=open&status=closed")
