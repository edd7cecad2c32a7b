"""A return that is taken back: the visit waits again, its author is not asked any more, and nobody is overruled."""

import re
from datetime import timedelta

import pytest

from field.audit.models import AuditEntry
from field.core.db import db
from field.reviews.models import Review
from field.visits.models import Visit
from tests import factories

HTMX = {"HX-Request": "true"}


@pytest.fixture
def sender(phone, worker):
    """The worker's phone."""
    return phone(worker)


@pytest.fixture
def event(sender):
    """What the phone sent of a door."""
    return sender.record(factories.a_dwelling(), note="第一次写的")


@pytest.fixture
def visit(client_of, lead, event):
    """The visit of it, returned."""
    found = db.session.query(Visit).one()
    assert _decide(client_of(lead), found, "return", reason="看不清门牌").status_code == 200
    return found


@pytest.fixture
def second_lead(app):
    """Another lead of the area."""
    return factories.a_user("lead2", name="测试·二组长", role="lead", areas=(factories.COMMUNITY,))


def _decide(browser, visit, what, revision=1, **form):
    return browser.post(f"/visits/{visit.id}/{what}", data={"revision": revision, **form}, headers=HTMX)


def _state(visit):
    return db.session.get_one(Visit, visit.id, populate_existing=True).state


def test_a_returned_visit_offers_to_take_it_back_and_can_then_be_approved(client_of, lead, visit):
    browser = client_of(lead)
    assert f"/visits/{visit.id}/return/reversal" in browser.get(f"/visits/{visit.id}").get_data(as_text=True)

    answer = _decide(browser, visit, "return/reversal")

    assert answer.status_code == 200
    assert f'action="/visits/{visit.id}/approval"' in answer.get_data(as_text=True)
    assert "HX-Trigger-After-Swap" not in answer.headers, "the next visit is not gone to"
    assert _state(visit) == "waiting"
    assert _decide(browser, visit, "approval").status_code == 200
    assert _state(visit) == "approved"


def test_a_visit_whose_return_was_taken_back_can_be_corrected_by_the_lead(client_of, lead, visit):
    browser = client_of(lead)
    _decide(browser, visit, "return/reversal")

    answer = _decide(browser, visit, "correction", note="网格长写的", reason="打过电话")

    assert (answer.status_code, _state(visit)) == (303, "approved")


def test_a_plain_form_leads_back_to_the_visit(client_of, lead, visit):
    answer = client_of(lead).post(f"/visits/{visit.id}/return/reversal", data={"revision": 1})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visits/{visit.id}")


def test_the_focus_is_not_on_the_approval_afterwards(client_of, lead, visit):
    said = _decide(client_of(lead), visit, "return/reversal").get_data(as_text=True)

    assert 'tabindex="-1" autofocus' in said
    assert said.count("autofocus") == 1


def test_a_second_click_finds_it_done_and_the_audit_chain_tells_it_once(client_of, lead, visit):
    browser = client_of(lead)

    answers = [_decide(browser, visit, "return/reversal").status_code for _ in range(2)]

    assert answers == [200, 200]
    assert db.session.query(AuditEntry).filter_by(action="visit.return_reversed").count() == 1
    assert db.session.query(Review).count() == 0


def test_a_correction_that_has_come_meanwhile_stands(client_of, lead, sender, event, visit):
    sender.send(sender.event(sender.correction_of(event, note="改好了")))

    answer = _decide(client_of(lead), visit, "return/reversal")

    assert answer.status_code == 409
    assert (_state(visit), db.session.query(Review).count()) == ("waiting", 1)


def test_what_was_approved_is_not_taken_back(client_of, lead, worker):
    visit = factories.a_visit(worker, factories.a_dwelling())
    _decide(client_of(lead), visit, "approval")

    answer = _decide(client_of(lead), visit, "return/reversal")

    assert answer.status_code == 409
    assert lead.name in answer.get_data(as_text=True)
    assert _state(visit) == "approved"


@pytest.mark.parametrize("days", [0, 40], ids=["of today", "of weeks ago"])
def test_the_phone_hears_that_it_waits_again_and_asks_for_nothing(client_of, lead, sender, visit, days):
    visit = db.session.get_one(Visit, visit.id)
    visit.received_at -= timedelta(days=days)
    db.session.commit()
    before = sender.pack()
    assert [row["visit"] for row in before["returned"]] == [str(visit.id)]

    _decide(client_of(lead), visit, "return/reversal")

    since = sender.pack(before["cursor"])
    [review] = since["reviews"]
    assert (review["state"], review.get("reason"), review.get("at")) == ("waiting", None, None)
    assert {"kind": "returned", "id": str(visit.id)} in since["removed"]
    assert "returned" not in sender.pack()


def test_the_reason_stays_in_the_history_of_the_visit_and_nowhere_on_the_phone(
    client_of, lead, second_lead, sender, visit
):
    _decide(client_of(second_lead), visit, "return/reversal")
    _decide(client_of(lead), visit, "return", reason="再看一次", part="note", **{"about.note": "写清楚"})
    _decide(client_of(second_lead), visit, "return/reversal")
    _decide(client_of(lead), visit, "approval")

    page = client_of(lead).get(f"/visits/{visit.id}?lang=en").get_data(as_text=True)

    history = page.split("2 returns taken back")[1].split("</details>")[0]
    assert history.index("看不清门牌") < history.index("再看一次") < history.index("写清楚")
    assert history.count(lead.name) == history.count(f"taken back by {second_lead.name}") == 2
    assert not {"看不清门牌", "再看一次"} & set(re.findall(r"[\u4e00-\u9fff]+", str(sender.pack())))


def test_a_second_click_keeps_it_once(client_of, lead, visit):
    browser = client_of(lead)

    for _ in range(2):
        _decide(browser, visit, "return/reversal")

    page = browser.get(f"/visits/{visit.id}?lang=en").get_data(as_text=True)
    assert "1 return taken back" in page
    assert page.count("看不清门牌") == 1


def test_a_correction_that_was_on_its_way_becomes_the_next_revision(client_of, lead, sender, event, visit):
    _decide(client_of(lead), visit, "return/reversal")

    [result] = sender.send(sender.event(sender.correction_of(event, note="改好了")))

    assert result["result"] == "accepted"
    visit = db.session.get_one(Visit, visit.id, populate_existing=True)
    assert (visit.state, visit.revision) == ("waiting", 2)
    assert _decide(client_of(lead), visit, "approval", revision=1).status_code == 409


def test_a_correction_that_comes_after_the_approval_is_set_aside_and_kept(
    client_of, lead, sender, event, visit
):
    _decide(client_of(lead), visit, "return/reversal")
    _decide(client_of(lead), visit, "approval")

    [result] = sender.send(sender.event(sender.correction_of(event, note="改好了")))

    assert result["result"] == "quarantined"
    assert (_state(visit), db.session.get_one(Visit, visit.id).revision) == ("approved", 1)
