"""Steps at the desk: each form takes what it needs, is refused beside its field, and overrules nobody unseen."""

import re
from datetime import timedelta
from io import BytesIO

import pytest

from field.accounts.models import Role
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.hazards.listing import COLUMN
from field.hazards.models import Action, Finding, FindingStatus
from field.photos.models import Photo
from tests import factories
from tests.clock import today
from tests.hazards.looking import ticked
from tests.photos import pictures
from tests.photos.pictures import noise, saved

FIRST = "2"  # the version of a hazard of which only a notice was left


@pytest.fixture
def send(client_of, lead):
    """send(finding, "recheck", passed="true"): as the lead does it without scripts, in English."""

    def post(finding, name, *, user=lead, photo=None, version=FIRST, **fields):
        data = {"version": version, **fields}
        if photo is not None:
            data["photos"] = (BytesIO(photo), "photo.jpg")
        return client_of(user).post(f"/hazards/{finding.id}/{name}?lang=en", data=data)

    return post


def _now(finding):
    return db.session.get_one(Finding, finding.id)


def a_picture(seed=7):
    return saved(noise(100 + seed), "JPEG")


def test_a_recheck_with_a_new_photo_closes_and_the_photo_is_seen_beside_the_old(send, client_of, lead):
    finding = factories.a_hazard()

    answer = send(finding, "recheck", passed="true", photo=a_picture(), reason="已拆除")

    closed = _now(finding)
    photo = closed.steps[-1].photo_ids[0]
    assert answer.status_code == 303
    assert closed.status == FindingStatus.CLOSED
    assert client_of(lead).get(f"/hazards/{finding.id}/photos/{photo}/thumb").status_code == 200
    assert photo in client_of(lead).get(f"/hazards/{finding.id}").get_data(as_text=True)


def test_what_came_with_a_photo_besides_the_picture_is_not_kept(send, client_of, lead):
    finding = factories.a_hazard()

    send(finding, "recheck", passed="true", photo=pictures.talkative("JPEG"))

    photo = _now(finding).steps[-1].photo_ids[0]
    shown = client_of(lead).get(f"/hazards/{finding.id}/photos/{photo}/screen").get_data()
    pictures.assert_tells_nothing(shown)


@pytest.mark.parametrize(
    ("name", "fields", "said"),
    [
        ("recheck", {}, "whether it is put right"),
        ("recheck", {"passed": "true"}, "A new photo is needed"),
        ("recheck", {"passed": "false"}, "Please say why"),
        ("recheck", {"passed": "true", "photo": b"no picture"}, "cannot be opened"),
        ("recheck", {"passed": "true", "photo": saved(noise(), "JPEG")[:-900]}, "cannot be opened"),
        ("referral", {"department": ""}, "choose a department"),
        ("referral", {"department": "no_such_office"}, "choose a department"),
        ("deadline", {"due_on": "2020-01-01", "reason": "早"}, "from today on"),
        ("deadline", {"due_on": "soon", "reason": "早"}, "choose a day"),
        ("deadline", {"due_on": str(today() + timedelta(days=90))}, "Please say why"),
        ("assignment", {"assignee": ""}, "works in that grid"),
        ("report", {"reason": "长" * 501}, "under 500"),
    ],
)
def test_what_is_wrong_with_a_form_stands_beside_its_field_and_what_was_typed_stays(send, name, fields, said):
    finding = factories.a_hazard()
    typed = {"reason": "记下的话"} if name in {"recheck", "referral"} and said != "Please say why" else {}

    answer = send(finding, name, **(typed | fields))

    text = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in text
    assert 'class="error"' in text
    assert all(word in text for word in typed.values())
    assert _now(finding).version == int(FIRST)


def test_a_form_that_was_open_while_a_colleague_acted_says_what_happened(send, lead):
    other = factories.a_user("second_lead", role=Role.LEAD, areas=(factories.COMMUNITY,))
    finding = factories.a_hazard()
    send(finding, "referral", department="fire_rescue", user=other)

    answer = send(finding, "report", reason="房东来电")

    assert answer.status_code == 409
    assert other.name in answer.get_data(as_text=True)
    assert _now(finding).status == FindingStatus.REFERRED


def test_a_form_sent_twice_is_one_step(send):
    finding = factories.a_hazard()

    answers = [send(finding, "referral", department="fire_rescue").status_code for _ in range(2)]

    assert answers == [303, 303]
    assert [step.action for step in _now(finding).steps].count(Action.REFER) == 1


def test_a_wrong_step_by_hand_is_refused_with_the_state(send):
    finding = factories.a_hazard(action="fixed_on_site")

    answer = send(finding, "referral", department="fire_rescue")

    assert answer.status_code == 409


def test_text_is_shown_as_text(send, client_of, lead):
    finding = factories.a_hazard()

    send(finding, "report", reason="<script>alert(1)</script> =1+1")

    text = client_of(lead).get(f"/hazards/{finding.id}").get_data(as_text=True)
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_lead_who_was_told_that_it_is_fixed_does_not_close_it(send):
    finding = factories.a_hazard()
    send(finding, "report", reason="房东来电")

    answer = send(finding, "recheck", passed="true", photo=a_picture(), version="3")

    assert answer.status_code == 422
    assert "reported it fixed yourself" in answer.get_data(as_text=True)
    assert db.session.query(Photo).count() == 0


def test_a_failed_recheck_lets_the_lead_leave_a_notice_again_with_a_new_deadline(send, clock):
    finding = factories.a_hazard()
    send(finding, "recheck", passed="false", reason="还在")
    before = _now(finding).due_on
    clock.forward(days=2)

    send(finding, "notice", version="3")

    again = _now(finding)
    assert again.status == FindingStatus.NOTIFIED
    assert again.due_on == before + timedelta(days=2)


def test_pressing_for_it_is_offered_once_it_is_late(send, client_of, office):
    finding = factories.a_hazard()
    early = send(finding, "escalation", reason="请尽快", user=office)
    with transaction():
        row = db.session.get_one(Finding, finding.id)
        row.due_on = (utcnow() - timedelta(days=3)).date()

    assert early.status_code == 409
    assert "/escalation" in client_of(office).get(f"/hazards/{finding.id}").get_data(as_text=True)
    assert send(finding, "escalation", reason="请尽快", user=office).status_code == 303
    assert _now(finding).escalated_at is not None


def test_somebody_who_works_in_the_grid_can_be_sent(send, worker, second_worker):
    stranger = factories.a_user("stranger", role=Role.WORKER, areas=(factories.ELSEWHERE,))
    finding = factories.a_hazard()

    refused = send(finding, "assignment", assignee=str(stranger.id))
    send(finding, "assignment", assignee=str(second_worker.id))

    assert refused.status_code == 422
    assert _now(finding).assignee_id == second_worker.id


def test_many_are_referred_together_and_what_does_not_fit_is_left_alone(client_of, lead):
    first, second, done = (
        factories.a_hazard(),
        factories.a_hazard(),
        factories.a_hazard(action="fixed_on_site"),
    )

    answer = client_of(lead).post(
        "/hazards/referrals",
        data={"finding": ticked(first, second, done), "department": "fire_rescue", "reason": "超出能力"},
    )

    assert answer.headers["Location"] == "/hazards?state=open&done=2&left=1&why=decided-already.1"
    assert {_now(row).status for row in (first, second)} == {FindingStatus.REFERRED}
    assert _now(done).status == FindingStatus.FIXED_ON_SITE


def test_many_together_holds_none_of_another_community(client_of, lead):
    elsewhere = factories.a_hazard(
        factories.a_user("far", role=Role.WORKER, areas=(factories.ELSEWHERE,)),
        dwelling=factories.a_dwelling(grid=factories.ELSEWHERE),
    )

    answer = client_of(lead).post(
        "/hazards/referrals", data={"finding": ticked(elsewhere), "department": "fire_rescue"}
    )

    assert answer.status_code == 404


def test_many_together_come_back_to_the_list_as_it_was_with_why_some_were_left(client_of, lead, monkeypatch):
    monkeypatch.setattr("field.hazards.step_routes.MOST", 2)
    found = sorted((factories.a_hazard() for _unused in range(4)), key=lambda row: row.id)
    browser, address = client_of(lead), "/hazards/referrals?state=overdue&turn=household"
    browser.post(address, data={"finding": ticked(found[0]), "department": "fire_rescue"})

    answer = browser.post(address, data={"finding": ticked(*map(_now, found)), "department": "fire_rescue"})

    went = answer.headers["Location"]
    assert went.startswith("/hazards?state=overdue&turn=household&done=1&left=3&")
    text = browser.get(f"{went}&lang=en").get_data(as_text=True)
    assert "1 × Where it stands, that does not fit." in text
    assert "2 × That was more than fit at once." in text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"department": "fire_rescue", "reason": "长" * 501}, "under 500"),
        ({"department": "no_such_office", "reason": "记下的话"}, "choose a department"),
    ],
)
def test_what_is_wrong_with_the_form_for_many_stands_beside_its_field(fields, said, client_of, lead, worker):
    finding = factories.a_hazard()

    answer = client_of(lead).post("/hazards/referrals?lang=en", data={"finding": ticked(finding), **fields})

    assert answer.status_code == 422
    assert said in answer.text.split('id="together"')[1]
    assert fields["reason"] in answer.text
    assert "checked" in answer.text.split(f'value="{ticked(finding)[0]}"')[1].split(">")[0]
    assert _now(finding).version == int(FIRST)


def test_the_board_shows_whose_turn_it_is(send, client_of, lead):
    noticed, failed = factories.a_hazard(), factories.a_hazard(item="H13")
    send(failed, "recheck", passed="false", reason="还在")

    text = client_of(lead).get("/hazards/board?lang=en").get_data(as_text=True)

    decide, household, _look = re.split('id="turn-household"|id="turn-look"', text)
    assert str(failed.id) in decide.split('id="turn-decide"')[1]
    assert str(noticed.id) in household


def test_a_long_column_says_how_many_there_are_and_leads_to_them(client_of, lead):
    door = factories.a_dwelling()
    for _ in range(COLUMN + 2):
        factories.a_hazard(dwelling=door)

    text = client_of(lead).get("/hazards/board?lang=en").get_data(as_text=True)

    assert f"All {COLUMN + 2}" in text
    assert text.count("board-card") == COLUMN


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("turn=household", True),
        ("turn=department", False),
        ("status=notified", True),
        ("status=referred", False),
        ("state=week", True),
        ("state=today", False),
        (f"area={factories.GRID}", True),
        (f"area={factories.SECOND_GRID}", False),
        ("department=fire_rescue", False),
        ("severity=general", True),
    ],
)
def test_the_list_is_narrowed_by_every_filter(query, found, client_of, lead):
    factories.a_grid(factories.SECOND_GRID)
    finding = factories.a_hazard()

    text = client_of(lead).get(f"/hazards?{query}").get_data(as_text=True)

    assert (str(finding.id) in text) is found
