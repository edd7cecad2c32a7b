"""Deciding on visits: once for each revision, told to whom comes second, and heard by the worker's phone."""

import json

import pytest

from field.core.db import db
from field.reviews.models import Review
from field.visits.models import Visit
from tests import factories

HTMX = {"HX-Request": "true"}


@pytest.fixture
def visit(worker):
    """A visit of the worker that waits for review."""
    return factories.a_visit(worker, factories.a_dwelling())


def _decide(browser, visit, what, revision=1, **form):
    return browser.post(f"/visits/{visit.id}/{what}", data={"revision": revision, **form}, headers=HTMX)


def _state(visit):
    return db.session.get_one(Visit, visit.id).state


def test_an_approved_visit_leaves_the_queue(client_of, lead, visit):
    browser = client_of(lead)
    assert str(visit.id) in browser.get("/reviews").get_data(as_text=True)

    answer = _decide(browser, visit, "approval")

    assert answer.status_code == 200
    assert answer.headers["HX-Trigger-After-Swap"] == "visit-decided"
    assert _state(visit) == "approved"
    assert str(visit.id) not in browser.get("/reviews/rows").get_data(as_text=True)


def test_a_plain_form_leads_back_to_the_visit(client_of, lead, visit):
    answer = client_of(lead).post(f"/visits/{visit.id}/approval", data={"revision": 1})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visits/{visit.id}")


def test_a_double_click_decides_once(client_of, lead, visit):
    browser = client_of(lead)

    answers = [_decide(browser, visit, "approval").status_code for _ in range(2)]

    assert answers == [200, 200]
    assert db.session.query(Review).count() == 1


def test_a_second_lead_hears_what_the_first_decided(client_of, lead, visit):
    _decide(client_of(lead), visit, "return", reason="看不清门牌")
    colleague = factories.a_user("lead-two", name="测试·网格长二", role=lead.role, areas=("620402001005",))
    browser = client_of(lead) if colleague is None else client_of(colleague)

    answer = _decide(browser, visit, "approval")

    assert answer.status_code == 409
    assert answer.headers["HX-Retarget"] == "#messages"
    said = answer.get_data(as_text=True)
    assert lead.name in said
    assert "看不清门牌" in said
    assert _state(visit) == "returned"


@pytest.mark.parametrize("reason", ["", "   "], ids=["none", "blank"])
def test_a_return_without_a_reason_is_asked_for_one_beside_the_field(client_of, lead, visit, reason):
    answer = _decide(client_of(lead), visit, "return", reason=reason)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert _state(visit) == "waiting"


def test_a_reason_that_is_too_long_comes_back_as_it_was_typed(client_of, lead, visit):
    reason = "重拍" * 300

    answer = _decide(client_of(lead), visit, "return", reason=reason)

    assert answer.status_code == 422
    assert reason in answer.get_data(as_text=True)


def test_a_reason_is_shown_as_text_whatever_it_holds(client_of, lead, visit):
    _decide(client_of(lead), visit, "return", reason="<script>alert(1)</script>=1+1")

    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)

    assert "&lt;script&gt;alert(1)&lt;/script&gt;=1+1" in page
    assert "<script>alert" not in page


def test_the_worker_reads_the_reason_corrects_and_both_revisions_are_on_the_page(
    phone, client_of, worker, lead
):
    sender = phone(worker)
    event = sender.record(factories.a_dwelling(), note="第一次写的")
    visit = db.session.query(Visit).one()
    _decide(client_of(lead), visit, "return", reason="请补充说明")
    [returned] = sender.pack()["returned"]
    assert returned["reason"] == "请补充说明"

    correction = sender.correction_of(event, note="第二次写的")
    [result] = sender.send(sender.event(correction))

    assert result["result"] == "accepted"
    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)
    assert "第一次写的" in page
    assert "第二次写的" in page
    assert "请补充说明" in page
    assert _state(visit) == "waiting"


def test_a_correction_that_came_meanwhile_is_looked_at_first(phone, client_of, worker, lead):
    sender = phone(worker)
    event = sender.record(factories.a_dwelling())
    visit = db.session.query(Visit).one()
    _decide(client_of(lead), visit, "return", reason="请更正")
    sender.send(sender.event(sender.correction_of(event, note="改好了")))

    answer = _decide(client_of(lead), visit, "approval", revision=1)

    assert answer.status_code == 409
    assert _state(visit) == "waiting"


def test_a_revision_that_is_no_number_is_refused(client_of, lead, visit):
    assert _decide(client_of(lead), visit, "approval", revision="one").status_code == 400


def test_each_decision_is_in_the_audit_chain_without_its_reason(client_of, lead, visit):
    _decide(client_of(lead), visit, "return", reason="请看看 13912345678")

    rows = db.session.execute(
        db.text("select action, details from audit_entries where action = 'visit.returned'")
    ).all()

    assert len(rows) == 1
    assert "139" not in json.dumps([str(row.details) for row in rows])
