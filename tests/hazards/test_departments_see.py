"""What a department's handler sees on the pages of hazards: what is its own now, and nobody of the grid by name."""

from datetime import timedelta

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.hazards import life, queries
from field.hazards.causes import Cause
from field.hazards.models import Action, Finding
from tests import factories
from tests.clock import today
from tests.referrals.department import actor_of, moved


@pytest.fixture
def referred(worker):
    """A hazard that a worker found and fire and rescue has."""
    return factories.a_hazard(worker, item="H03", action="refer")


def _step(finding, who, take):
    with transaction():
        take(queries.for_change(finding.id, actor_of(who).scope))


def test_what_was_referred_elsewhere_is_gone_from_every_page_of_the_first(client_of, handler, lead, referred):
    desk = client_of(handler)
    before = desk.get(f"/hazards/{referred.id}").status_code, str(referred.id) in desk.get("/hazards").text
    moved(referred, Action.RETURN, handler, reason="不归我们")
    _step(referred, lead, lambda held: life.refer(held, "subdistrict", actor_of(lead), utcnow()))

    pages = [f"/hazards/{referred.id}", f"/hazards/{referred.id}/card", f"/referrals/{referred.id}"]

    assert before == (200, True)
    assert [desk.get(page).status_code for page in pages] == [404, 404, 404]
    assert str(referred.id) not in desk.get("/hazards").text


def test_nobody_of_the_grid_is_named_to_a_department_and_its_own_people_are(
    client_of, handler, lead, worker, referred
):
    _step(
        referred,
        lead,
        lambda held: life.step(held, Action.ASSIGN, actor_of(lead), utcnow(), reason=worker.name),
    )
    with transaction():
        db.session.get_one(Finding, referred.id).assignee_id = worker.id
    moved(referred, Action.ACCEPT, handler)

    mine = client_of(handler)
    pages = [mine.get(f"/{room}/{referred.id}/card").text for room in ("hazards", "referrals")]
    leads = client_of(lead).get(f"/hazards/{referred.id}/card").text

    assert all(worker.name not in page and lead.name not in page for page in pages)
    assert all(handler.name in page for page in pages)
    assert worker.name in leads
    assert lead.name in leads


def test_why_a_recheck_does_not_count_is_a_code_said_in_the_readers_language(
    client_of, handler, lead, phone, worker, referred
):
    sender = phone(worker)
    sender.record(
        referred.dwelling_id,
        rechecks=[{"finding": str(referred.id), "passed": False, "note": "还没动", "photos": []}],
    )

    last = db.session.get_one(Finding, referred.id, populate_existing=True).steps[-1]
    page = f"/hazards/{referred.id}/card"

    assert (last.action, last.cause, last.reason) == (Action.NOTE, Cause.MEANWHILE, "还没动")
    assert "This recheck does not count: something else" in client_of(lead).get(f"{page}?lang=en").text
    assert "这次复查不算" in client_of(handler).get(f"{page}?lang=zh").text


def test_a_department_that_comes_too_late_hears_what_happened_and_not_who_of_the_grid_did_it(
    client_of, handler, lead, referred
):
    version, soon = referred.version, today() + timedelta(days=1)
    _step(referred, lead, lambda held: life.reschedule(held, soon, "提前", actor_of(lead), utcnow()))

    answer = client_of(handler).post(
        f"/referrals/{referred.id}/return?lang=en", data={"version": version, "reason": "不归我们"}
    )
    other = factories.a_user("lead2", name="测试·二组长", role="lead", areas=(factories.COMMUNITY,))
    leads = client_of(other).post(
        f"/hazards/{referred.id}/recall?lang=en", data={"version": version, "reason": "移交错了"}
    )

    assert (answer.status_code, leads.status_code) == (409, 409)
    assert "Deadline changed" in answer.text
    assert lead.name not in answer.text
    assert lead.name in leads.text
