"""Visits at one door by two people, and their answers: asked about, chosen, taken back."""

import re

import pytest

from field.audit.models import AuditEntry
from field.core.db import db
from field.core.ids import new_id
from field.merges.models import Kind
from field.places.models import Dwelling, Workplace
from field.visits.clashes import RegisterClash
from field.visits.models import Visit
from tests import factories
from tests.merges.asking import fresh, pairs_of, post, text_of


def test_nothing_to_decide_is_said(desk):
    assert "No contradictions" in text_of(desk)


def test_two_authors_at_one_door_within_days_are_asked_about(desk, two_answers):
    [pair] = pairs_of(Kind.VISITS)

    assert two_answers.address in text_of(desk)
    assert "They were two visits" in text_of(desk, f"/merges/visits/{pair[0]}/{pair[1]}")


@pytest.mark.parametrize("outcome", ["no_answer", "rescheduled"])
def test_a_second_try_after_nobody_opened_is_no_double_visit(phone, worker, second_worker, outcome):
    door = factories.a_dwelling()
    phone(worker).record(door, outcome=outcome, consent=None, notice=None, unchanged=None)
    phone(second_worker).record(door)

    assert pairs_of(Kind.VISITS) == []


def test_one_author_twice_is_not_asked_about(phone, worker):
    door, sender = factories.a_dwelling(), phone(worker)
    sender.record(door)
    sender.record(door)

    assert pairs_of(Kind.VISITS) == []


def test_visits_of_different_weeks_are_not_asked_about(phone, worker, second_worker, clock):
    door = factories.a_dwelling()
    phone(worker).record(door)
    clock.forward(days=7)
    phone(second_worker).record(door)

    assert pairs_of(Kind.VISITS) == []


def test_of_two_visits_the_chosen_answers_stand_and_both_visits_stay(desk, two_answers):
    [pair] = pairs_of(Kind.VISITS)

    post(desk, "visits", pair, "joining", **{"fact-rooms": "right"})

    assert fresh(Dwelling, two_answers.id).rooms == 4
    assert db.session.query(Visit).count() == 2
    assert pairs_of(Kind.VISITS) == []


def test_two_answers_about_a_place_of_work_are_told_with_its_name_and_one_is_taken(
    desk, phone, worker, second_worker
):
    door = factories.a_dwelling()
    place = factories.a_workplace(door, name="测试·面馆")
    for user, number in ((worker, 5), (second_worker, 6)):
        change = {"action": "change", "workplace": str(place.id), "headcount": number}
        phone(user).record(door, base_revision=1, unchanged=None, workplaces=[change])
    clash = db.session.query(RegisterClash).one()
    told = text_of(desk)

    desk.post(f"/merges/clashes/{clash.id}/choice", data={"answer": "offered"})

    assert "测试·面馆 · People working here" in told
    assert fresh(Workplace, place.id).headcount == 6


def test_an_answer_of_two_is_taken_and_that_taken_back(desk, two_answers, lead):
    clash = db.session.query(RegisterClash).one()
    assert "Take this" in text_of(desk)

    desk.post(f"/merges/clashes/{clash.id}/choice", data={"answer": "offered"})
    taken = fresh(Dwelling, two_answers.id).rooms, fresh(Visit, clash.visit_id).clashes
    desk.post(f"/merges/clashes/{clash.id}/reversal")

    assert taken == (4, 0)
    assert (fresh(Dwelling, two_answers.id).rooms, fresh(Visit, clash.visit_id).clashes) == (3, 1)
    actions = [
        row.action
        for row in db.session.query(AuditEntry).filter_by(actor_id=lead.id).order_by(AuditEntry.number)
    ]
    assert actions[-2:] == ["clash.decided", "clash.reopened"]


def test_what_stands_is_kept_when_the_lead_says_so(desk, two_answers):
    clash = db.session.query(RegisterClash).one()

    desk.post(f"/merges/clashes/{clash.id}/choice", data={"answer": "standing"})

    assert fresh(Dwelling, two_answers.id).rooms == 3
    assert "Two answers" not in text_of(desk)
    assert two_answers.address in text_of(desk, "/merges/decided")


def test_two_leads_who_choose_at_once_decide_once(desk, two_answers):
    clash = db.session.query(RegisterClash).one()

    answers = [
        desk.post(f"/merges/clashes/{clash.id}/choice", data={"answer": answer}).status_code
        for answer in ("standing", "offered")
    ]

    assert answers == [303, 409]
    assert fresh(Dwelling, two_answers.id).rooms == 3


def test_the_visits_page_says_that_an_answer_contradicts(desk, two_answers):
    clash = db.session.query(RegisterClash).one()

    assert "contradicts what a colleague said" in text_of(desk, f"/visits/{clash.visit_id}")


def test_the_visits_page_shows_what_stands_beside_what_was_said(desk, two_answers):
    clash = db.session.query(RegisterClash).one()

    text = text_of(desk, f"/visits/{clash.visit_id}")

    assert '<span class="before">3</span>' in text
    assert re.search(r'class="after"[^>]*>4</td>', text)


def test_a_choice_is_part_of_the_register_that_is_rebuilt(app, desk, two_answers):
    clash = db.session.query(RegisterClash).one()
    desk.post(f"/merges/clashes/{clash.id}/choice", data={"answer": "offered"})

    answer = app.test_cli_runner().invoke(args=["register", "rebuild"])

    assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize("kind", ["visits", "people", "addresses", "wishes"])
def test_a_pair_that_is_none_is_not_found(desk, kind):
    assert desk.get(f"/merges/{kind}/{new_id()}/{new_id()}").status_code == 404
    assert post(desk, kind, (new_id(), new_id()), "joining").status_code == 404


def _seen(desk):
    return re.search(r'name="seen" value="([^"]*)"', text_of(desk)).group(1)


def test_a_newer_answer_is_shown_beside_the_two_and_never_overridden_unseen(desk, phone, worker, two_answers):
    clash = db.session.query(RegisterClash).one()
    before = _seen(desk)
    phone(worker).record(fresh(Dwelling, two_answers.id), unchanged=None, dwelling_changes={"rooms": 7})

    unseen = desk.post(f"/merges/clashes/{clash.id}/choice", data={"answer": "offered", "seen": before})
    told = text_of(desk)
    held = fresh(Dwelling, two_answers.id).rooms
    knowing = desk.post(f"/merges/clashes/{clash.id}/choice", data={"answer": "offered", "seen": _seen(desk)})

    assert (unseen.status_code, held) == (409, 7)
    assert "<strong>7</strong>" in told
    assert (knowing.status_code, fresh(Dwelling, two_answers.id).rooms) == (303, 4)
