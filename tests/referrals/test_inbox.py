"""A department's inbox: what waits, what is in work, what is late; its own and within its areas alone."""

from datetime import timedelta

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.hazards import life, queries
from field.hazards.models import Action, Finding
from field.referrals import queries as inboxes
from tests import factories
from tests.clock import today
from tests.factories.places import DISTRICT
from tests.referrals.department import actor_of, moved


@pytest.fixture
def listed(client_of, handler):
    """The text of the inbox in English."""
    factories.codes()

    def read(state="waiting", user=handler, more=""):
        return client_of(user).get(f"/referrals?lang=en&state={state}{more}").get_data(as_text=True)

    return read


def test_what_was_referred_waits_to_be_accepted_with_its_day(listed):
    finding = factories.a_hazard(item="H05", action="refer", spot="一层北门")

    text = listed()

    assert f"/referrals/{finding.id}" in text
    assert "一层北门" in text
    assert "3 days left" in text


def test_each_state_lists_what_is_in_it(listed, handler):
    finding = factories.a_hazard(item="H03", action="refer")
    shown = {}
    for state, step in [
        ("waiting", None),
        ("working", Action.ACCEPT),
        ("returned", Action.RETURN),
    ]:
        if step:
            moved(finding, step, handler, reason="材料不全")
        shown[state] = [one for one in ("waiting", "working", "returned") if str(finding.id) in listed(one)]

    assert shown == {"waiting": ["waiting"], "working": ["working"], "returned": ["returned"]}


def test_what_was_not_accepted_in_time_is_overdue(listed):
    finding = factories.a_hazard(item="H04", action="refer")
    with transaction():
        row = db.session.get_one(Finding, finding.id)
        row.department, row.accept_by, row.due_on = "fire_rescue", today() - timedelta(days=2), today()
    text = listed("overdue")

    assert str(finding.id) in text
    assert "2 days late" in text


def test_what_was_reported_back_is_among_the_answered_also_after_it_was_closed(listed, handler, lead, office):
    finding = factories.a_hazard(item="H03", action="refer")
    moved(finding, Action.ACCEPT, handler)
    moved(finding, Action.START, handler)
    with transaction():
        held = queries.for_change(finding.id, actor_of(office).scope)
        life.feed_back(held, True, "已拆除", actor_of(handler), utcnow())
    fed_back = listed("answered")
    with transaction():
        held = queries.for_change(finding.id, actor_of(office).scope)
        life.recheck(held, True, [finding.id], "好了", actor_of(lead), utcnow())

    assert str(finding.id) in fed_back
    assert str(finding.id) in listed("answered")
    assert str(finding.id) not in listed("working")


def test_what_another_department_answered_is_not_among_the_answered_of_whoever_has_it_now(
    listed, handler, lead, office
):
    finding = factories.a_hazard(item="H04", action="refer")  # the subdistrict's
    subdistrict = factories.a_user(
        "subdistrict", role="handler", areas=(f"{DISTRICT}000000",), department="subdistrict"
    )
    moved(finding, Action.ACCEPT, subdistrict)
    moved(finding, Action.START, subdistrict)
    moved(finding, Action.FEED_BACK, subdistrict, reason="没有这个条件")
    with transaction():
        held = queries.for_change(finding.id, actor_of(office).scope)
        life.refer(held, "fire_rescue", actor_of(lead), utcnow())
    moved(finding, Action.RETURN, handler, reason="不归我们")
    with transaction():
        held = queries.for_change(finding.id, actor_of(office).scope)
        life.recheck(held, True, [finding.id], "好了", actor_of(lead), utcnow())

    assert str(finding.id) not in listed("answered")
    assert str(finding.id) not in listed("answered", user=office)


def test_a_department_sees_what_is_its_own_now_and_nothing_else(listed, handler, lead, office):
    passed_on = factories.a_hazard(item="H03", action="refer")
    others = factories.a_hazard(item="H04", action="refer")
    moved(passed_on, Action.RETURN, handler, reason="不归我们")
    with transaction():
        held = queries.for_change(passed_on.id, actor_of(office).scope)
        life.refer(held, "transport", actor_of(lead), utcnow())

    texts = [listed(state) for state in ("waiting", "working", "overdue", "returned", "answered")]

    assert not [text for text in texts if str(passed_on.id) in text or str(others.id) in text]


def test_a_handler_of_one_community_does_not_see_the_next(listed):
    near = factories.a_user("near", role="handler", areas=(factories.COMMUNITY,), department="fire_rescue")
    here = factories.a_hazard(item="H03", action="refer")
    there = factories.a_hazard(
        factories.a_user("there", role="worker", areas=(factories.ELSEWHERE,)),
        item="H03",
        action="refer",
        dwelling=factories.a_dwelling(grid=factories.ELSEWHERE),
    )

    text = listed(user=near)

    assert str(here.id) in text
    assert str(there.id) not in text


def test_leads_and_the_office_see_every_department_with_its_numbers(listed, lead, office):
    factories.a_hazard(item="H03", action="refer")
    factories.a_hazard(item="H04", action="refer")

    for user in (lead, office):
        text = listed(user=user)
        assert "Fire and Rescue" in text
        assert "Township or Subdistrict" in text
        assert "By department" in text


def test_the_list_is_narrowed_by_department_and_words(listed, office):
    fire = factories.a_hazard(item="H03", action="refer", spot="西门")
    town = factories.a_hazard(item="H04", action="refer")

    of_one = listed(user=office, more="&department=subdistrict")
    by_word = listed(user=office, more="&search=出口")

    assert str(town.id) in of_one
    assert str(fire.id) not in of_one
    assert str(fire.id) in by_word
    assert str(town.id) not in by_word


def test_pages_follow_each_other_without_gap_or_repetition(monkeypatch, client_of, handler):
    monkeypatch.setattr("field.referrals.queries.inbox.__defaults__", (None, 2))
    made = {str(factories.a_hazard(item="H03", action="refer").id) for _unused in range(5)}
    desk, seen, address = client_of(handler), [], "/referrals/rows"

    while address:
        text = desk.get(address).get_data(as_text=True)
        seen += [one for one in made if f'/referrals/{one}"' in text]
        after = text.partition("after=")[2].partition('"')[0]
        address = f"/referrals/rows?after={after}" if after else None

    assert sorted(seen) == sorted(made)


def test_an_odd_address_shows_the_inbox_and_an_odd_mark_is_refused(client_of, handler):
    desk = client_of(handler)

    assert desk.get("/referrals?state=nonsense&department=%00x".replace("%00", "")).status_code == 200
    assert desk.get("/referrals?after=nonsense").status_code == 400


def test_nothing_waits_is_said_in_words(listed):
    assert "No referrals to accept." in listed()
    assert "No referral fits what you chose." in listed(more="&search=nowhere")


def test_a_handler_starts_the_day_at_the_inbox(client_of, handler):
    assert client_of(handler).get("/").headers["Location"] == "/referrals"


def test_what_was_not_accepted_in_time_stands_before_what_is_due_sooner_and_not_late(listed):
    late, soon = (factories.a_hazard(item="H03", action="refer") for _ in range(2))
    with transaction():
        first, second = (db.session.get_one(Finding, one.id) for one in (late, soon))
        first.due_on, first.accept_by = today() + timedelta(days=20), today() - timedelta(days=5)
        second.due_on, second.accept_by = today() + timedelta(days=5), today() + timedelta(days=3)

    text = listed()

    assert text.index(str(late.id)) < text.index(str(soon.id))


def test_pages_of_the_inbox_skip_and_repeat_nothing_whichever_day_runs_out_first(handler):
    found = [factories.a_hazard(item="H03", action="refer") for _ in range(5)]
    with transaction():
        for place, finding in enumerate(found):
            row = db.session.get_one(Finding, finding.id)
            row.due_on = today() + timedelta(days=9 - place)
            row.accept_by = today() + timedelta(days=place)
    scope, seen, after = actor_of(handler).scope, [], None
    while True:
        page = inboxes.inbox(scope, inboxes.Filter(), today(), after, 2)
        seen += [row.id for row in page.findings]
        after = page.after
        if after is None:
            break

    assert sorted(seen) == sorted(one.id for one in found)
    assert seen == [one.id for one in found]
