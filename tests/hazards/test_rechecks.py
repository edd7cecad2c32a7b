"""Rechecks that a visit tells of: applied once, said anew by its corrections, never a reason to refuse the visit."""

from uuid import UUID

import pytest

from field.accounts.scope import Actor
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards import life, queries
from field.hazards.models import Action, Finding, FindingStatus, ItemRule
from field.hazards.rechecks import apply_rechecks
from field.visits.models import Visit
from tests import factories


@pytest.fixture
def door(app):
    return factories.a_dwelling()


@pytest.fixture
def tell(worker, second_worker, door):
    """tell(part, …): the second worker's visit says so, its photos are here; said again, it is a correction."""
    visit = factories.a_visit(second_worker, door)
    actor = Actor.of(second_worker)

    def said(*parts):
        with transaction():
            held = db.session.get_one(Visit, visit.id)
            for part in parts:
                factories.photos_of(held, part["photos"])
            apply_rechecks(held, parts, actor, utcnow(), utcnow())
            held.revision += 1
        db.session.expire_all()

    return said


def _part(finding, passed=True, **facts):
    return {"finding": finding.id, "passed": passed, "photos": [new_id()]} | facts


def _now(finding):
    return db.session.get_one(Finding, finding.id)


def _last(finding):
    return _now(finding).steps[-1]


def test_a_hazard_that_is_put_right_is_closed_by_the_visit(door, tell):
    finding = factories.a_hazard(dwelling=door)

    tell(_part(finding, note="已拆除"))

    assert _now(finding).status == FindingStatus.CLOSED
    assert _last(finding).reason == "已拆除"
    assert len(_last(finding).photo_ids) == 1


def test_a_correction_that_says_the_same_changes_words_only(door, tell):
    finding = factories.a_hazard(dwelling=door)
    part = _part(finding, note="已拆除")
    tell(part)
    steps = len(_now(finding).steps)

    tell(part | {"note": "已全部拆除"})

    assert len(_now(finding).steps) == steps
    assert _last(finding).reason == "已全部拆除"


def test_a_correction_that_says_the_opposite_takes_the_first_word_back(door, tell):
    finding = factories.a_hazard(dwelling=door)
    tell(_part(finding))

    tell(_part(finding, passed=False))

    assert _now(finding).status == FindingStatus.RECHECK_FAILED
    assert [step.action for step in _now(finding).steps][-3:] == ["close", "take_back", "fail_recheck"]


def test_a_correction_that_says_nothing_of_it_opens_it_again(door, tell):
    finding = factories.a_hazard(dwelling=door)
    tell(_part(finding))

    tell()

    assert _now(finding).status == FindingStatus.NOTIFIED
    assert not _now(finding).settled


def test_what_somebody_did_since_stands_against_a_correction(door, tell, lead):
    finding = factories.a_hazard(dwelling=door)
    tell(_part(finding, passed=False))
    with transaction():
        held = queries.for_change(finding.id, Actor.of(lead).scope)
        life.refer(held, "fire_rescue", Actor.of(lead), utcnow())

    tell(_part(finding))

    assert _now(finding).status == FindingStatus.REFERRED
    assert _last(finding).action == Action.NOTE


def test_a_closing_without_a_photo_is_noted_and_closes_nothing(door, tell):
    finding = factories.a_hazard(dwelling=door)

    tell(_part(finding, photos=[], note="房东说好了"))

    assert _now(finding).status == FindingStatus.NOTIFIED
    assert _last(finding).action == Action.NOTE
    assert "房东说好了" in _last(finding).reason


def test_whoever_reported_it_fixed_closes_it_only_where_the_district_lets_them(door, tell, second_worker):
    def reported():
        finding = factories.a_hazard(dwelling=door)
        with transaction():
            held = queries.for_change(finding.id, Actor.of(second_worker).scope)
            life.report_fixed(held, Actor.of(second_worker), utcnow())
        return finding

    strict, relaxed = reported(), reported()
    tell(_part(strict))
    with transaction():
        rule = ItemRule(district=strict.district, item_code=strict.item_code, changed_at=utcnow())
        rule.same_person = True
        db.session.add(rule)
    tell(_part(strict, passed=False), _part(relaxed))

    assert Action.NOTE in [step.action for step in _now(strict).steps]
    assert _now(relaxed).status == FindingStatus.CLOSED


def test_a_failed_recheck_that_is_taken_back_leaves_who_reported_it_fixed(door, tell, second_worker):
    finding = factories.a_hazard(dwelling=door)
    with transaction():
        held = queries.for_change(finding.id, Actor.of(second_worker).scope)
        life.report_fixed(held, Actor.of(second_worker), utcnow())
    tell(_part(finding, passed=False))
    after_failing = _now(finding).fixed_by

    tell()

    assert after_failing is None
    assert _now(finding).status == FindingStatus.RECHECK_DUE
    assert _now(finding).fixed_by == second_worker.id


def test_hazards_of_another_door_are_left_alone(tell):
    elsewhere = factories.a_hazard()

    tell(_part(elsewhere))

    assert _now(elsewhere).status == FindingStatus.NOTIFIED


def test_a_correction_may_begin_a_hazard_differently_or_name_it_again(phone, client_of, worker, lead):
    version = factories.a_checklist().version
    sender = phone(worker)
    found = {"id": str(new_id()), "item": "H03", "action": "notice_left"}
    checklist = {"code": "home-safety", "version": version, "checked": True}
    event = sender.record(factories.a_dwelling(), checklist=checklist, findings=[found])
    states = []
    for findings in ([found | {"action": "refer"}], [], [found]):
        visit = db.session.get_one(Finding, UUID(found["id"])).visit
        client_of(lead).post(
            f"/visits/{visit.id}/return", data={"revision": visit.revision, "reason": "请更正"}
        )
        event = sender.event(sender.correction_of(event, findings=findings))
        sender.send(event)
        row = db.session.get_one(Finding, UUID(found["id"]))
        states.append((row.status, row.department, row.withdrawn))

    assert states == [
        ("referred", "fire_rescue", False),
        ("closed", "fire_rescue", True),
        ("notified", None, False),
    ]


def test_what_is_found_and_looked_at_again_in_one_batch_is_applied_in_order(phone, worker, door, capsys):
    version = factories.a_checklist().version
    checklist = {"code": "home-safety", "version": version, "checked": True}
    sender = phone(worker)
    found = {"id": str(new_id()), "item": "H03", "action": "refer"}
    noticed = {"id": str(new_id()), "item": "H04", "action": "notice_left"}
    first = sender.visit_body(door, unchanged=None, checklist=checklist, findings=[found, noticed])
    looks = [
        sender.visit_body(door, rechecks=[{"finding": row["id"], "passed": False, "note": "还在"}])
        for row in (noticed, found, noticed)
    ]

    results = sender.send(*(sender.event(body) for body in [first, *looks]))

    assert {result["result"] for result in results} == {"accepted"}
    referred, failed = (db.session.get_one(Finding, UUID(row["id"])) for row in (found, noticed))
    assert [step.action for step in failed.steps] == ["found", "notify", "fail_recheck", "fail_recheck"]
    assert [step.action for step in referred.steps] == ["found", "refer", "note"]
    assert "batch_taken_one_by_one" not in capsys.readouterr().out
