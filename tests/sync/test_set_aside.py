"""Records that were set aside: seen by those who answer for their authors, judged again, closed, and never deleted."""

import re
from html import unescape

import pytest

from field.accounts.models import UserArea
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.sync.models import InboxEvent
from field.visits.models import Visit
from tests import factories


@pytest.fixture
def out_of_place(phone, worker):
    """A good visit at a door outside the worker's area; answers (phone, event)."""
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling(grid=factories.ELSEWHERE), note="要保密的话"))
    [result] = sender.send(event)
    assert result["result"] == "quarantined"
    return sender, event


def _text(browser, path="/set-aside"):
    return browser.get(f"{path}{'&' if '?' in path else '?'}lang=en").get_data(as_text=True)


def test_the_lead_reads_why_a_record_was_set_aside_and_what_to_do(client_of, lead, worker, out_of_place):
    text = _text(client_of(lead))

    assert worker.name in text
    assert "The door is outside the worker" in text
    assert "要保密的话" not in text


def test_an_administrator_reads_where_and_why_and_nothing_of_what_came_of_the_visit(
    client_of, lead, admin, phone, worker
):
    sender = phone(worker)
    found = {"findings": [{"id": str(new_id()), "item": "H04", "action": "notice_left"}]}
    listed = {
        "checklist": {"code": "home-safety", "version": factories.a_checklist().version, "checked": True}
    }
    door = factories.a_dwelling(grid=factories.ELSEWHERE)
    sender.send(sender.event(sender.visit_body(door, unchanged=None, **found, **listed)))

    office, desk = _text(client_of(admin)), _text(client_of(lead))

    assert "The door is outside the worker" in office
    assert ("1 hazard" in office, "1 hazard" in desk) == (False, True)


def test_a_record_is_applied_once_its_reason_is_gone(client_of, lead, worker, out_of_place):
    sender, event = out_of_place
    with transaction() as session:
        session.add(UserArea(user_id=worker.id, area_code=factories.ELSEWHERE))

    answer = client_of(lead).post(f"/set-aside/{event['id']}/judgement")

    assert answer.headers["Location"] == "/set-aside?told=applied"
    assert db.session.query(Visit).count() == 1
    assert "Nothing is set aside" in _text(client_of(lead))
    [again] = sender.send(event)
    assert again["result"] == "duplicate"
    assert again["receipt"]


def test_what_waited_for_a_record_is_applied_with_it(client_of, lead, worker, out_of_place):
    sender, visit = out_of_place
    correction = sender.event(sender.correction_of(visit, note="改好了"))
    sender.send(correction)
    with transaction() as session:
        session.add(UserArea(user_id=worker.id, area_code=factories.ELSEWHERE))

    answers = [
        client_of(lead).post(f"/set-aside/{event['id']}/judgement").headers["Location"]
        for event in (correction, visit)
    ]

    assert answers == ["/set-aside?told=still", "/set-aside?told=applied"]
    assert db.session.query(Visit).one().revision == 2
    assert db.session.query(InboxEvent).filter_by(result="quarantined").count() == 0


def test_judging_again_too_early_changes_nothing(client_of, lead, out_of_place):
    _sender, event = out_of_place

    answer = client_of(lead).post(f"/set-aside/{event['id']}/judgement")

    assert answer.headers["Location"] == "/set-aside?told=still"
    assert db.session.query(Visit).count() == 0
    assert event["id"] in _text(client_of(lead))


def test_two_clicks_apply_a_record_once(client_of, lead, worker, out_of_place):
    _sender, event = out_of_place
    with transaction() as session:
        session.add(UserArea(user_id=worker.id, area_code=factories.ELSEWHERE))
    browser = client_of(lead)

    answers = [browser.post(f"/set-aside/{event['id']}/judgement").status_code for _ in range(2)]

    assert answers == [303, 303]
    assert db.session.query(Visit).count() == 1


def test_a_closed_record_leaves_the_list_and_is_kept_whole(client_of, lead, out_of_place):
    _sender, event = out_of_place

    client_of(lead).post(f"/set-aside/{event['id']}/closure", data={"reason": "走错楼了"})

    assert event["id"] not in _text(client_of(lead))
    assert "走错楼了" in _text(client_of(lead), "/set-aside?closed=1")
    [row] = db.session.query(InboxEvent).all()
    assert row.body_bytes == event["body"].encode()


@pytest.mark.parametrize("reason", ["", "长" * 501], ids=["none", "too long"])
def test_closing_wants_a_reason_and_keeps_what_was_typed(client_of, lead, out_of_place, reason):
    _sender, event = out_of_place

    answer = client_of(lead).post(f"/set-aside/{event['id']}/closure", data={"reason": reason})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)
    assert reason in answer.get_data(as_text=True)
    assert db.session.query(InboxEvent).one().closed_at is None


def test_a_body_that_nobody_can_read_is_listed_all_the_same(client_of, lead, phone, worker):
    sender = phone(worker)
    event = sender.event("{not json")
    sender.send(event)

    assert event["id"] in _text(client_of(lead))


def test_a_closed_correction_is_not_applied_when_its_visit_comes(client_of, lead, phone, worker):
    sender = phone(worker)
    visit = sender.event(sender.visit_body(factories.a_dwelling(), note="first"))
    correction = sender.event(sender.correction_of(visit, note="second"))
    sender.send(correction)
    client_of(lead).post(f"/set-aside/{correction['id']}/closure", data={"reason": "写错了"})

    sender.send(visit)

    assert db.session.query(Visit).one().revision == 1
    kept = db.session.query(InboxEvent).filter_by(result="quarantined").one()
    assert (str(kept.id), kept.closed_reason) == (correction["id"], "写错了")


def test_the_lead_of_another_community_sees_nothing(client_of, out_of_place):
    stranger = factories.a_user("far-lead", role="lead", areas=("620402002001",))

    assert "Nothing is set aside" in _text(client_of(stranger))


def _many(phone, worker, how_many):
    """Records out of place, as they come."""
    sender, door = phone(worker), factories.a_dwelling(grid=factories.ELSEWHERE)
    events = [sender.event(sender.visit_body(door)) for _ in range(how_many)]
    for start in range(0, how_many, 40):
        sender.send(*events[start : start + 40])
    return events


def _pages(browser, path):
    """Every page of a list, by the ways to the next."""
    texts = []
    while path:
        texts.append(_text(browser, path))
        found = re.search(r'href="(/set-aside\?[^"]*after=[^"]*)"', texts[-1])
        path = unescape(found[1]) if found else None
    return texts


@pytest.mark.parametrize("closed", [False, True], ids=["to look at", "closed"])
def test_every_record_is_on_one_page_however_many_there_are(client_of, lead, phone, worker, closed):
    events = _many(phone, worker, 101)
    if closed:
        with transaction() as session:
            session.query(InboxEvent).update({"closed_at": utcnow(), "closed_reason": "走错楼了"})

    texts = _pages(client_of(lead), f"/set-aside{'?closed=1' if closed else ''}")

    assert len(texts) == 3
    assert all(sum(f'id="record-{event["id"]}"' in text for text in texts) == 1 for event in events)


def test_what_is_refused_or_done_on_a_further_page_leads_back_there(client_of, lead, phone, worker):
    last, browser = _many(phone, worker, 51)[-1], client_of(lead)
    _first, second = _pages(browser, "/set-aside")
    form = unescape(re.search(r'action="(/set-aside/[^"]*/closure\?[^"]*)"', second)[1])

    refused = browser.post(form, data={"reason": ""})
    closed = browser.post(form, data={"reason": "走错楼了"})

    assert (refused.status_code, last["id"] in refused.get_data(as_text=True)) == (422, True)
    assert closed.headers["Location"].startswith("/set-aside?told=closed&after=")
    assert "record-" in _text(browser, closed.headers["Location"])


def test_a_way_to_a_page_that_is_none_is_refused(client_of, lead):
    assert client_of(lead).get("/set-aside?after=nonsense").status_code == 400


def test_closing_what_was_applied_meanwhile_is_told(client_of, lead, worker, out_of_place):
    _sender, event = out_of_place
    with transaction() as session:
        session.add(UserArea(user_id=worker.id, area_code=factories.ELSEWHERE))
    browser = client_of(lead)
    browser.post(f"/set-aside/{event['id']}/judgement")

    late = browser.post(f"/set-aside/{event['id']}/closure?lang=en", data={"reason": "走错楼了"})

    assert late.status_code == 409
    assert "among the visits" in late.get_data(as_text=True)


def test_of_two_who_close_a_record_the_second_hears_what_the_first_said(
    client_of, lead, admin, worker, out_of_place
):
    _sender, event = out_of_place
    path = f"/set-aside/{event['id']}/closure?lang=en"
    client_of(lead).post(path, data={"reason": "走错楼了"})

    late = client_of(admin).post(path, data={"reason": "不需要"})

    assert late.status_code == 409
    assert "走错楼了" in late.get_data(as_text=True)
    db.session.expire_all()
    assert db.session.query(InboxEvent).one().closed_by == lead.id
