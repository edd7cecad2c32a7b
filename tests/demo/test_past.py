"""The demo with three weeks of work behind it: no desk looks empty, nothing is written past the program."""

from collections import Counter
from datetime import timedelta

import pytest

from field.audit.models import AuditEntry
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.demo import service, story
from field.demo.cast import CAST, PASSWORD
from field.demo.past import Past
from field.hazards.models import Action, Finding, FindingStatus, FindingStep
from field.photos.models import Photo, PhotoState
from field.places.models import Dwelling, Proposal
from field.reviews.models import Review
from field.visits.models import ReviewState, Visit, VisitRevision
from tests.browser import browser_of
from tests.clock import today

ZONE = "Asia/Shanghai"
SAYS_SYNTHETIC = "演示"


@pytest.fixture
def past(app):
    """The demo as `make run` loads it; says how many visits there were."""
    now = utcnow()
    with transaction():
        service.load(today())
        told = Past(today(), ZONE, app.extensions["photo_store"]).tell(now)
    db.session.expire_all()
    return told


@pytest.fixture
def desk(app, past):
    """What somebody of the cast sees at an address, in English."""

    def seen(username, path):
        browser = browser_of(app)
        browser.post("/sign-in", data={"username": username, "password": PASSWORD})
        answer = browser.get(path, query_string={"lang": "en"})
        assert answer.status_code == 200, (username, path, answer.status_code)
        return answer.get_data(as_text=True)

    return seen


def test_the_phase_that_runs_began_before_the_first_call_and_not_years_ago(past, desk):
    began = today() - timedelta(days=service.SURVEYED)

    assert max(call.days for call in story.calls()) < service.SURVEYED
    assert f"since {began.day}\u00a0{began:%b}" in desk("office", "/coverage")


def test_visits_wait_are_approved_and_returned(past):
    states = Counter(visit.state for visit in db.session.query(Visit))

    assert states.total() == past == len(story.calls())
    assert states[ReviewState.RETURNED] == 2
    assert states[ReviewState.APPROVED] > states[ReviewState.WAITING] >= 10


def test_hazards_stand_in_every_state_that_somebody_has_to_act_on(past):
    states = {finding.status for finding in db.session.query(Finding)}

    assert states == set(FindingStatus) - {"found", "receipted", "fed_back"}


def test_every_step_was_allowed_by_the_life_of_hazards_and_lies_in_the_past(past):
    steps = db.session.query(FindingStep).all()

    assert {Action.REFER, Action.RETURN, Action.PROGRESS, Action.FEED_BACK, Action.ESCALATE} <= {
        step.action for step in steps
    }
    assert all(step.at <= utcnow() for step in steps)
    assert db.session.query(AuditEntry).filter(AuditEntry.action.startswith("hazard.")).count() >= len(steps)


def test_everything_that_somebody_wrote_says_that_it_is_invented(past):
    written = [review.reason for review in db.session.query(Review) if review.reason]
    written += [row.body["note"] for row in db.session.query(VisitRevision) if row.body.get("note")]
    written += [step.reason for step in db.session.query(FindingStep) if step.reason and step.actor_id]

    assert len(written) > 8
    assert all(text.startswith(SAYS_SYNTHETIC) for text in written)


def test_its_photos_are_there_but_for_one_that_is_late(past):
    photos = db.session.query(Photo).all()
    waiting = db.session.query(Finding).filter_by(status=FindingStatus.AWAITING_PHOTO).one()

    assert {photo.state for photo in photos} == {PhotoState.STORED}
    assert waiting.steps[-1].photo_ids or waiting.steps[-2].photo_ids


def test_no_desk_looks_empty(desk):
    assert "No visit" not in desk("lead", "/reviews")
    for username, path, told in (
        ("lead", "/hazards/board", "escalated"),
        ("lead", "/merges", "人民路 16号"),
        ("lead", "/proposals", "人民路 14号"),
        ("handler", "/referrals", "人民路"),
        ("office", "/referrals", "人民路"),
        ("officer", "/audit", "hazard"),
    ):
        assert told in desk(username, path), (username, path)


def test_there_is_still_plenty_to_do_for_a_worker_who_begins(past):
    untouched = db.session.query(Dwelling).filter(Dwelling.visit_id.is_(None)).count()

    assert untouched > 200
    assert not any(call.plate == "人民路 12号" for call in story.calls())  # where a round begins


def test_the_door_that_was_not_known_waits_for_the_lead(past):
    [door] = db.session.query(Dwelling).filter(Dwelling.proposal.isnot(None))

    assert door.proposal == Proposal.WAITING


def test_the_story_is_the_same_on_every_day_of_the_year(app):
    with transaction():
        service.load(today())
        Past(today() - timedelta(days=200), ZONE, app.extensions["photo_store"]).tell(
            utcnow() - timedelta(days=200)
        )

    assert db.session.query(Visit).count() == len(story.calls())


@pytest.mark.parametrize("command", [("demo", "load"), ("prepare", "--demo")])
def test_only_who_asks_for_it_gets_it(app, command):
    app.test_cli_runner().invoke(args=command)
    db.session.rollback()
    bare = db.session.query(Visit).count()

    assert bare == 0


def test_the_first_start_gets_it(app):
    done = app.test_cli_runner().invoke(args=["prepare", "--demo", "--past"])
    db.session.rollback()

    assert done.exit_code == 0, done.output
    assert db.session.query(Visit).count() == len(story.calls())
    assert all(member.username in done.output for member in CAST)
