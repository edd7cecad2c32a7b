"""Notices: numbered by community and year without a gap, printed and reprinted in sight of the audit."""

from uuid import UUID

import pytest

from field.accounts.models import Role
from field.audit.models import AuditEntry
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards import notices
from field.hazards.models import Finding, HazardNotice
from tests import factories
from tests.waiting import Side

ZONE = "Asia/Shanghai"


def _numbers(area=factories.COMMUNITY):
    db.session.rollback()
    rows = db.session.query(HazardNotice).filter_by(area_code=area)
    return sorted(row.number for row in rows)


def test_a_visit_that_leaves_notices_has_one_with_all_its_hazards(worker):
    version = factories.a_checklist().version
    found = [{"id": str(new_id()), "item": item, "action": "notice_left"} for item in ("H04", "H13")]
    referred = {"id": str(new_id()), "item": "H03", "action": "refer"}
    factories.a_visit(
        worker,
        unchanged=None,
        checklist={"code": "home-safety", "version": version, "checked": True},
        findings=[*found, referred],
    )

    [notice] = db.session.query(HazardNotice)

    assert {row.id for row in notice.findings} == {UUID(part["id"]) for part in found}
    assert notice.number == 1


def test_numbers_run_by_community_and_year(app, clock):
    far = factories.a_user("far", role=Role.WORKER, areas=(factories.ELSEWHERE,))
    for _ in range(2):
        factories.a_hazard()
    factories.a_hazard(far, dwelling=factories.a_dwelling(grid=factories.ELSEWHERE))
    clock.forward(days=366)
    factories.a_hazard()

    assert _numbers() == [1, 1, 2]
    assert _numbers(factories.ELSEWHERE.split("-")[0]) == [1]


def _issue(finding, actor, *, fails=False):
    held = db.session.get_one(Finding, finding.id)
    notices.issue([held], actor.id, utcnow(), ZONE)
    if fails:
        raise ZeroDivisionError


def _issue_in_a_savepoint_that_fails(finding, actor):
    with db.session.begin_nested():
        _issue(finding, actor, fails=True)


def _issue_and_fail(finding, actor):
    with transaction():
        _issue(finding, actor, fails=True)


def test_a_rollback_gives_its_number_back(worker):
    finding = factories.a_hazard()
    with pytest.raises(ZeroDivisionError):
        _issue_and_fail(finding, worker)
    with transaction():
        with pytest.raises(ZeroDivisionError):
            _issue_in_a_savepoint_that_fails(finding, worker)
        _issue(finding, worker)

    assert _numbers() == [1, 2]


def test_whoever_issues_at_the_same_time_waits_for_the_number(app, worker):
    finding = factories.a_hazard()

    def issue(fails=False):
        with app.app_context(), transaction():
            _issue(finding, worker, fails=fails)

    sides = [Side(lambda number=number: issue(fails=number % 3 == 0)) for number in range(9)]
    for number, side in enumerate(sides):
        if number % 3 == 0:
            with pytest.raises(ZeroDivisionError):
                side.result()
        else:
            side.result()

    assert _numbers() == list(range(1, 8))


def test_every_copy_after_the_first_is_marked_and_audited(client_of, lead):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one()
    browser = client_of(lead)

    pages = []
    for paper in ("a4", "roll"):
        answer = browser.post(f"/hazards/notices/{notice.id}/copies", data={"paper": paper})
        pages.append(browser.get(answer.headers["Location"] + "&lang=en").get_data(as_text=True))

    written = [row.action for row in db.session.query(AuditEntry).order_by(AuditEntry.number)]
    assert "Copy" not in pages[0].split('class="paper"')[1]
    assert "Copy 2" in pages[1]
    assert "paper-roll.css" in pages[1]
    assert notices.spoken_code(notice) in pages[0]
    assert "<svg" in pages[0].split('class="paper"')[1]
    assert written[-2:] == ["hazard_notice.printed", "hazard_notice.reprinted"]


def test_a_copy_that_was_never_counted_is_not_there(client_of, lead):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one()

    assert client_of(lead).get(f"/hazards/notices/{notice.id}/copies/1").status_code == 404


def test_codes_cannot_be_guessed():
    assert len(set(notices.ALPHABET)) ** notices.LENGTH > 2**50
