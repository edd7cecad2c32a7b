"""Two contents under one id: read side by side by the lead, decided with a word, and both kept."""

import re

import pytest
from flask_migrate import downgrade, upgrade

from field.administration.queries import missing_numbers
from field.audit.models import AuditEntry
from field.core.db import db, transaction
from field.core.ids import new_id
from field.core.sealing import seal
from field.sync import conflicts
from field.sync.models import InboxConflict
from field.visits.models import Visit
from tests import factories

PHONE = "15400000001"


@pytest.fixture
def conflict(phone, worker):
    """Two contents of one worker under one id; answers the phone and the row of the second."""
    sender, door = phone(worker), factories.a_dwelling()
    first = sender.record(door, note="第一次说的")
    told = {"unchanged": None, "dwelling_changes": {"rooms": 7, "lessor_phone": PHONE}}
    sender.send(sender.event(sender.visit_body(door, note="第二次说的", **told), id=first["id"]))
    return sender, db.session.query(InboxConflict).one()


def _text(browser, path="/set-aside"):
    return browser.get(f"{path}{'&' if '?' in path else '?'}lang=en").get_data(as_text=True)


def _path(row, rest=""):
    return f"/set-aside/conflicts/{row.id}{rest}"


def test_the_list_leads_to_both_contents_with_numbers_masked(conflict, client_of, lead, worker):
    _sender, row = conflict
    browser = client_of(lead)

    listed, page = _text(browser), _text(browser, _path(row))

    assert _path(row) in listed
    assert '<span class="count">1</span>' in listed
    assert "第一次说的" not in listed
    assert all(text in page for text in (worker.name, "第一次说的", "第二次说的", "Rooms"))
    assert "154****0001" in page
    assert PHONE not in page
    assert f"/visits/{db.session.query(Visit).one().id}" in page


def test_both_days_to_come_again_stand_beside_each_other(phone, worker, client_of, lead):
    sender, door = phone(worker), factories.a_dwelling()
    first = sender.record(door, outcome="rescheduled", come_again_on="2099-01-06")
    other = sender.visit_body(door, outcome="rescheduled", come_again_on="2099-01-08")
    sender.send(sender.event(other, id=first["id"]))

    page = _text(client_of(lead), _path(db.session.query(InboxConflict).one()))

    assert page.count("When to come again") == 1
    assert re.findall(r"([68])\WJan\W2099", page) == ["6", "8"]


def test_a_newcomer_of_whom_a_content_that_is_no_version_tells_can_be_read(phone, worker, client_of, lead):
    sender, door = phone(worker), factories.a_dwelling()
    first = sender.record(door)
    newcomer = {"action": "add", "occupancy": str(new_id()), "person": str(new_id()), "name": "测试·新来的"}
    sender.send(sender.event(sender.visit_body(door, unchanged=None, occupants=[newcomer]), id=first["id"]))

    page = client_of(lead).get(_path(db.session.query(InboxConflict).one()))

    assert page.status_code == 200
    assert "测试·新来的" in page.get_data(as_text=True)


def test_that_somebody_read_both_is_on_record(conflict, client_of, lead):
    _sender, row = conflict
    _text(client_of(lead), _path(row))

    [entry] = db.session.query(AuditEntry).filter_by(action="event.compared")

    assert (entry.subject_id, entry.actor_id) == (row.event_id, lead.id)


def test_it_is_closed_with_a_word_and_both_are_kept(conflict, client_of, lead):
    sender, row = conflict
    browser = client_of(lead)

    answer = browser.post(_path(row, "/closure"), data={"reason": "第一次的对"})

    assert answer.headers["Location"] == "/set-aside?told=decided"
    assert "Nothing is set aside" in _text(browser)
    assert "第一次的对" in _text(browser, "/set-aside?closed=1")
    db.session.refresh(row)
    assert ("第二次说的".encode() in row.body_bytes, row.closed_by) == (True, lead.id)
    assert db.session.query(AuditEntry).filter_by(action="conflict.closed").count() == 1
    assert db.session.query(Visit).one().revision == 1
    [again] = sender.send(sender.event(row.body_bytes.decode(), id=str(row.event_id)))
    assert (again["result"], db.session.query(InboxConflict).count()) == ("conflict", 1)


@pytest.mark.parametrize("reason", ["", "长" * 501], ids=["none", "too long"])
def test_closing_wants_a_word_and_keeps_what_was_typed(conflict, client_of, lead, reason):
    _sender, row = conflict

    answer = client_of(lead).post(_path(row, "/closure"), data={"reason": reason})

    text = answer.get_data(as_text=True)
    assert (answer.status_code, 'aria-invalid="true"' in text, reason in text) == (422, True, True)
    db.session.refresh(row)
    assert row.closed_at is None


def test_an_administrator_is_told_how_many_there_are_and_neither_reads_nor_closes_them(
    conflict, client_of, admin
):
    _sender, row = conflict
    browser = client_of(admin)

    listed = _text(browser)
    answers = [
        browser.get(_path(row)).status_code,
        browser.post(_path(row, "/closure"), data={"reason": "第一次的对"}).status_code,
    ]

    assert "1 record came with other content" in listed
    assert ('<span class="count">0</span>' in listed, _path(row) in listed) == (True, False)
    assert answers == [403, 403]
    db.session.refresh(row)
    assert row.closed_at is None


@pytest.mark.parametrize("closed", [False, True], ids=["to decide", "decided"])
def test_however_many_there_are_each_is_reached_page_by_page(
    phone, worker, client_of, lead, monkeypatch, closed
):
    sender, door, browser = phone(worker), factories.a_dwelling(), client_of(lead)
    monkeypatch.setattr(conflicts.listed, "__defaults__", (False, None, 2))
    for number in range(5):
        first = sender.record(door)
        sender.send(sender.event(sender.visit_body(door, note=f"另{number}"), id=first["id"]))
    rows = db.session.query(InboxConflict).all()
    if closed:
        for row in rows:
            browser.post(_path(row, "/closure"), data={"reason": "第一次的对"})

    texts, path = [], "/set-aside?closed=1" if closed else "/set-aside"
    while path:
        texts.append(_text(browser, path))
        found = re.search(r'href="(/set-aside\?[^"]*contents=[^"]*)"', texts[-1])
        path = found[1].replace("&amp;", "&") if found else None

    assert [sum(_path(row) in text for row in rows) for text in texts] == [2, 2, 1]
    assert all(sum(_path(row) in text for text in texts) == 1 for row in rows)


def test_of_two_leads_who_close_it_the_second_hears_what_the_first_said(conflict, client_of, lead):
    _sender, row = conflict
    other = factories.a_user("lead2", name="测试·二组长", role="lead", areas=(factories.COMMUNITY,))
    browser, second = client_of(lead), client_of(other)
    browser.post(_path(row, "/closure"), data={"reason": "第一次的对"})

    again = browser.post(_path(row, "/closure"), data={"reason": "第一次的对"})
    late = second.post(_path(row, "/closure?lang=en"), data={"reason": "第二次的对"})

    text = late.get_data(as_text=True)
    assert (again.status_code, late.status_code) == (303, 409)
    assert lead.name in text
    assert "第一次的对" in text
    db.session.refresh(row)
    assert (row.closed_by, row.closed_reason) == (lead.id, "第一次的对")
    assert db.session.query(AuditEntry).filter_by(action="conflict.closed").count() == 1


def test_the_lead_of_another_community_finds_nothing(conflict, client_of):
    _sender, row = conflict
    stranger = client_of(factories.a_user("far-lead", role="lead", areas=("620402002001",)))

    assert stranger.get(_path(row)).status_code == 404
    assert stranger.post(_path(row, "/closure"), data={"reason": "x"}).status_code == 404


@pytest.mark.parametrize("body", ["{not json", None], ids=["damaged", "a door outside the area"])
def test_of_a_content_that_cannot_be_read_here_nothing_is_shown(phone, worker, client_of, lead, body):
    sender = phone(worker)
    first = sender.record(factories.a_dwelling(), note="第一次说的")
    far = sender.visit_body(factories.a_dwelling(grid=factories.ELSEWHERE), note="别处的话")
    sender.send(sender.event(body or far, id=first["id"]))

    page = _text(client_of(lead), _path(db.session.query(InboxConflict).one()))

    assert "cannot be read here" in page
    assert "别处的话" not in page


def test_a_conflict_with_a_record_that_is_set_aside_is_read_too(phone, worker, client_of, lead):
    sender, door = phone(worker), factories.a_dwelling()
    first = sender.event(sender.visit_body(door, previous=str(new_id()), revision=2, note="等着的"))
    sender.send(first)
    sender.send(sender.event(sender.visit_body(door, note="后来的"), id=first["id"]))

    page = _text(client_of(lead), _path(db.session.query(InboxConflict).one()))

    assert ("等着的" in page, "后来的" in page) == (True, True)


def test_the_number_of_the_second_content_is_not_missing(conflict, worker):
    sender, row = conflict
    sender.record(factories.a_dwelling())

    assert row.seq == 2
    assert missing_numbers(worker.district, [row.device_id]) == {}


def test_a_second_content_of_an_earlier_release_can_be_opened_after_the_upgrade(conflict):
    _sender, row = conflict
    text, named = row.body_bytes, row.visit_id
    with transaction():
        row.body_sealed, row.visit_id = seal(text, "inbox_conflicts", "body", None), None
    db.session.remove()

    downgrade(revision="0028")
    upgrade()

    kept = db.session.query(InboxConflict).one()
    assert (kept.body_bytes, kept.visit_id) == (text, named)
