"""A step on many hazards is about what the list showed: what has moved since is left alone, and the lead told why."""

import re

import pytest

from field.hazards.models import FindingStatus
from tests import factories
from tests.hazards.looking import actions, now, ticked


@pytest.fixture
def desk(client_of, lead):
    return client_of(lead)


def _boxes(page):
    return re.findall(r'name="finding" value="([^"]+)"', page)


def test_what_has_moved_since_the_list_came_is_left_alone_and_told(desk, send):
    moved, other = factories.a_hazard(), factories.a_hazard()
    boxes = _boxes(desk.get("/hazards").text)
    send(moved, "report", reason="房东来电")

    answer = desk.post("/hazards/referrals", data={"finding": boxes, "department": "fire_rescue"})

    page = desk.get(f"{answer.location}&lang=en").text
    assert len(boxes) == 2
    assert now(moved).status == FindingStatus.RECHECK_DUE
    assert now(other).status == FindingStatus.REFERRED
    assert "Done for 1 hazard.</strong>1 was left alone.<br>1 × Meanwhile: Reported fixed." in page


def test_nobody_is_sent_to_what_somebody_was_sent_to_meanwhile(desk, send, worker, second_worker):
    finding = factories.a_hazard()
    boxes = _boxes(desk.get("/hazards").text)
    send(finding, "assignment", assignee=str(second_worker.id))

    answer = desk.post("/hazards/assignments", data={"finding": boxes, "assignee": str(worker.id)})

    assert "why=meanwhile-assign.1" in answer.location
    assert now(finding).assignee_id == second_worker.id


def test_a_form_that_is_refused_ticks_only_what_still_stands_as_it_was_seen(desk, send):
    moved, other = factories.a_hazard(), factories.a_hazard()
    boxes = _boxes(desk.get("/hazards").text)
    send(moved, "report", reason="房东来电")

    page = desk.post("/hazards/referrals", data={"finding": boxes, "department": "none"}).text

    assert re.findall(r'value="([^"]+)" form="together" checked', page) == ticked(other)


@pytest.mark.parametrize("said", ["{0}", "{0}.", "{0}.x", "{0}.2.2", "x.2"])
def test_a_box_that_does_not_say_what_was_seen_is_refused(desk, said):
    finding = factories.a_hazard()

    answer = desk.post(
        "/hazards/referrals", data={"finding": said.format(finding.id), "department": "fire_rescue"}
    )

    assert answer.status_code == 400
    assert actions(finding) == []
