"""One record that was set aside is read at the desk: by the author's lead, numbers masked, the look on record."""

from uuid import UUID

import pytest

from field.audit.models import AuditEntry
from field.core.db import db, transaction
from field.core.ids import new_id
from field.sync.models import InboxEvent, Result
from tests import factories

PHONE = "15400000001"


def _page(browser, event):
    return browser.get(f"/set-aside/{event['id']}?lang=en").get_data(as_text=True)


def _send(sender, body, **envelope):
    event = sender.event(body, **envelope)
    [result] = sender.send(event)
    assert result["result"] == "quarantined", result
    return event


@pytest.fixture
def waiting(phone, worker):
    """A whole record that waits for an earlier one."""
    sender = phone(worker)
    told = {"unchanged": None, "dwelling_changes": {"rooms": 7, "lessor_phone": PHONE}}
    body = sender.visit_body(
        factories.a_dwelling(), previous=str(new_id()), revision=2, note="要读的话", **told
    )
    return _send(sender, body)


def test_the_list_leads_to_what_a_record_says_with_numbers_masked(waiting, client_of, lead, worker):
    browser = client_of(lead)

    listed = browser.get("/set-aside?lang=en").get_data(as_text=True)
    page = _page(browser, waiting)

    assert f'href="/set-aside/{waiting["id"]}"' in listed
    assert all(text in page for text in (worker.name, "要读的话", "Rooms", "154****0001"))
    assert PHONE not in page
    assert "An earlier record has not come yet." in page


def test_that_somebody_read_it_is_on_record(waiting, client_of, lead):
    _page(client_of(lead), waiting)

    [entry] = db.session.query(AuditEntry).filter_by(action="event.read")

    assert (str(entry.subject_id), entry.actor_id) == (waiting["id"], lead.id)


def test_what_this_release_does_not_understand_is_told_fact_by_fact(phone, worker, client_of, lead):
    sender = phone(worker)
    body = sender.visit_body(
        factories.a_dwelling(),
        outcome="nonsense",
        note=f"打{PHONE}",
        occupants=[{"phone": PHONE, "name": "甲"}],
    )

    page = _page(client_of(lead), _send(sender, body))

    assert all(text in page for text in ("nonsense", "打154****0001", "occupants 1", "甲"))
    assert PHONE not in page


@pytest.mark.parametrize("outcome", ["done", "nonsense"])
def test_of_a_door_outside_the_area_nothing_is_told(phone, worker, client_of, lead, outcome):
    sender = phone(worker)
    far = factories.a_dwelling(grid=factories.ELSEWHERE)
    event = _send(sender, sender.visit_body(far, outcome=outcome, note="别处的话"))

    page = _page(client_of(lead), event)

    assert "outside your area, so it is not shown" in page
    assert ("别处的话" in page, far.address in page) == (False, False)


def test_of_a_damaged_record_it_is_said_that_it_cannot_be_read(phone, worker, client_of, lead):
    event = _send(phone(worker), "{not json")

    assert "It cannot be read" in _page(client_of(lead), event)


@pytest.mark.parametrize("body", ["[]", "3", "null", '{"dwelling": [1]}', '{"door": 3, "note": {"a": [[]]}}'])
def test_odd_contents_are_no_failure(phone, worker, client_of, lead, body):
    event = _send(phone(worker), body)

    assert client_of(lead).get(f"/set-aside/{event['id']}").status_code == 200


def test_only_who_answers_for_the_author_or_administers_the_district_reads_it(
    waiting, client_of, admin, worker
):
    stranger = client_of(factories.a_user("far-lead", role="lead", areas=("620402002001",)))
    path = f"/set-aside/{waiting['id']}"

    assert stranger.get(path).status_code == 404
    assert client_of(admin).get(path).status_code == 200
    assert client_of(worker).get(path).status_code in {302, 403}


def test_what_was_applied_meanwhile_is_no_longer_there(waiting, client_of, lead):
    row = db.session.get(InboxEvent, UUID(waiting["id"]))
    with transaction():
        row.result, row.body_sealed = Result.ACCEPTED, None

    assert client_of(lead).get(f"/set-aside/{row.id}").status_code == 404
