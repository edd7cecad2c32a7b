"""A form that is sent twice is one step; one that says anything else is told what happened, and keeps nothing."""

from datetime import timedelta

import pytest

from field.core.db import db
from field.hazards.models import Action, FindingStatus
from field.photos.models import Photo
from tests import factories
from tests.clock import today
from tests.hazards.looking import now
from tests.photos.pictures import noise, saved
from tests.referrals.department import moved

ONE, OTHER = saved(noise(101), "JPEG"), saved(noise(102), "JPEG")


def test_another_day_with_the_same_reason_is_no_double_click(send):
    finding = factories.a_hazard()
    first, second = today() + timedelta(days=20), today() + timedelta(days=30)

    answers = [
        send(finding, "deadline", due_on=day, reason="房东外出").status_code for day in (first, first, second)
    ]

    assert answers == [303, 303, 409]
    assert now(finding).due_on == first


@pytest.mark.parametrize("passed", ["true", "false"])
def test_a_recheck_that_is_sent_twice_keeps_one_photo(passed, send):
    finding = factories.a_hazard()

    answers = [
        send(finding, "recheck", passed=passed, reason="看过", photo=ONE).status_code for _ in range(2)
    ]

    assert answers == [303, 303]
    assert db.session.query(Photo).count() == 1
    assert len(now(finding).steps) == 3


def test_a_recheck_with_another_picture_is_no_double_click_and_its_picture_is_not_kept(send):
    finding = factories.a_hazard()

    answers = [
        send(finding, "recheck", passed="false", reason="看过", photo=one).status_code for one in (ONE, OTHER)
    ]

    assert answers == [303, 409]
    assert db.session.query(Photo).count() == 1


@pytest.fixture
def in_work(handler):
    """A hazard on which the department works."""
    finding = factories.a_hazard(item="H03", action="refer")
    moved(finding, Action.ACCEPT, handler)
    moved(finding, Action.START, handler)
    return now(finding)


def test_put_right_that_a_department_sends_twice_is_one_word(send, in_work, handler):
    seen, said = (
        in_work.version,
        {"user": handler, "base": "referrals", "fixed": "true", "reason": "已拆除", "photo": ONE},
    )

    answers = [send(in_work, "feedback", seen, **said).status_code for _ in range(2)]

    assert answers == [303, 303]
    assert db.session.query(Photo).count() == 1
    assert [step.action for step in now(in_work).steps][-2:] == [Action.FEED_BACK, Action.ASK_RECHECK]


def test_put_right_after_not_put_right_in_the_same_words_is_told_what_happened(send, in_work, handler):
    seen, said = in_work.version, {"user": handler, "base": "referrals", "reason": "已到场", "photo": ONE}

    answers = [
        send(in_work, "feedback", seen, fixed=fixed, **said).status_code for fixed in ("false", "true")
    ]

    assert answers == [303, 409]
    assert now(in_work).status == FindingStatus.FED_BACK


def test_another_worker_of_the_same_name_is_no_double_click(send):
    finding = factories.a_hazard()
    one, two = (
        factories.a_user(name, name="测试·张伟", role="worker", areas=(factories.GRID,))
        for name in ("zw1", "zw2")
    )

    answers = [send(finding, "assignment", assignee=str(worker.id)).status_code for worker in (one, one, two)]

    assert answers == [303, 303, 409]
    assert now(finding).assignee_id == one.id
