"""What became of it: the worker who found a hazard hears of its end with the next pack, and nobody else does."""

from datetime import timedelta

import pytest

from field.accounts.scope import Actor
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards import life, queries
from field.hazards.models import Action, Finding, FindingStep
from tests import factories
from tests.clock import today
from tests.referrals.department import moved


@pytest.fixture
def close(lead):
    """Let the lead close a hazard after looking."""

    def closed(finding, words="已拆除"):
        with transaction():
            held = queries.for_change(finding.id, Actor.of(lead).scope)
            life.recheck(held, True, [new_id()], words, Actor.of(lead), utcnow())

    return closed


def test_a_closed_hazard_is_told_to_whoever_found_it_with_day_and_words(phone, worker, close):
    finding = factories.a_hazard(worker)
    close(finding)

    [row] = phone(worker).pack()["endings"]

    assert row == {
        "finding": str(finding.id),
        "door": str(finding.dwelling_id),
        "name": {"zh": finding.name_zh, "en": finding.name_en},
        "where": finding.dwelling.address,
        "status": "closed",
        "at": row["at"],
        "reason": "已拆除",
    }


def test_what_a_department_sent_back_and_what_was_not_put_right_is_told_too(phone, worker, handler, lead):
    sent_back = factories.a_hazard(worker, item="H03", action="refer")
    moved(sent_back, Action.RETURN, handler, reason="不归我们")
    failed = factories.a_hazard(worker)
    moved(failed, Action.FAIL_RECHECK, lead, reason="还在")

    told = {row["finding"]: row["status"] for row in phone(worker).pack()["endings"]}

    assert told == {str(sent_back.id): "returned", str(failed.id): "recheck_failed"}


def test_a_colleague_hears_nothing_of_it(phone, worker, second_worker, close):
    close(factories.a_hazard(worker))

    assert phone(second_worker).pack()["endings"] == []


def test_the_list_comes_again_when_something_of_it_changed_and_not_otherwise(phone, worker, close):
    sender = phone(worker)
    finding = factories.a_hazard(worker)
    first = sender.pack()
    quiet = sender.pack(first["cursor"])
    factories.a_dwelling()
    elsewhere = sender.pack(first["cursor"])
    close(finding)
    changed = sender.pack(first["cursor"])

    assert first["endings"] == []
    assert "endings" not in quiet
    assert "endings" not in elsewhere
    assert [row["status"] for row in changed["endings"]] == ["closed"]


def test_what_goes_on_afterwards_is_no_end_any_more(phone, worker, lead, handler):
    sender = phone(worker)
    finding = factories.a_hazard(worker, item="H03", action="refer")
    moved(finding, Action.RETURN, handler, reason="不归我们")
    first = sender.pack()
    with transaction():
        held = queries.for_change(finding.id, Actor.of(lead).scope)
        life.refer(held, "transport", Actor.of(lead), utcnow())

    assert [row["status"] for row in first["endings"]] == ["returned"]
    assert sender.pack(first["cursor"])["endings"] == []


def test_an_end_of_long_ago_is_not_told(phone, worker, close):
    close(factories.a_hazard(worker))
    with transaction():
        last = db.session.query(FindingStep).filter_by(action=Action.CLOSE).one()
        last.at = utcnow() - timedelta(days=31)

    assert phone(worker).pack()["endings"] == []


def test_it_comes_with_the_last_page_once(phone, worker, close, monkeypatch):
    close(factories.a_hazard(worker))
    monkeypatch.setattr("field.sync.pack.pack_page.__defaults__", (1,))
    sender, pages, cursor = phone(worker), [], None
    while True:
        page = sender.pack_page(cursor)
        pages.append(page)
        if not page["more"]:
            break
        cursor = page["cursor"]

    assert len(pages) > 1
    assert ["endings" in page for page in pages] == [False] * (len(pages) - 1) + [True]


def test_what_was_escalated_since_is_told_beside_what_became_of_it(phone, worker, handler, app):
    sent_back = factories.a_hazard(worker, item="H03", action="refer")
    moved(sent_back, Action.RETURN, handler, reason="不归我们")
    with transaction():
        db.session.get_one(Finding, sent_back.id).due_on = today() - timedelta(days=5)

    app.test_cli_runner().invoke(args=["referrals", "overdue"])

    [row] = phone(worker).pack()["endings"]
    assert (row["status"], row["reason"]) == ("returned", "不归我们")
    assert row["pressed"] == {
        "at": row["pressed"]["at"],
        "by_itself": True,
        "cause": "still_open",
        "days": 5,
    }


def test_what_a_lead_pressed_for_is_told_in_the_leads_words(phone, worker, handler, lead):
    sent_back = factories.a_hazard(worker, item="H03", action="refer")
    moved(sent_back, Action.RETURN, handler, reason="不归我们")
    with transaction():
        held = queries.for_change(sent_back.id, Actor.of(lead).scope)
        late = held.due_on + timedelta(days=1)
        life.escalate(held, "本周内必须处理", Actor.of(lead), utcnow(), late)

    [row] = phone(worker).pack()["endings"]

    assert row["reason"] == "不归我们"
    assert row["pressed"]["reason"] == "本周内必须处理"
    assert row["pressed"]["by_itself"] is False


def test_what_is_only_said_about_it_later_does_not_take_the_place_of_the_reason(phone, worker, handler, lead):
    sent_back = factories.a_hazard(worker, item="H03", action="refer")
    moved(sent_back, Action.RETURN, handler, reason="不归我们")
    moved(sent_back, Action.RESCHEDULE, lead, reason="延期", due_on=today() + timedelta(days=9))

    [row] = phone(worker).pack()["endings"]

    assert row["reason"] == "不归我们"
    assert "pressed" not in row
