"""A return that is refused is about the revision that was looked at, and nothing that was typed is lost."""

import pytest

from field.core.db import db
from field.reviews.models import Review
from field.visits.models import Visit
from tests import factories

HTMX = {"HX-Request": "true"}
WORDS = "三楼楼梯口的照片看不清，请补拍"


@pytest.fixture
def overtaken(worker, phone):
    """A visit whose worker has sent a correction since the lead opened it: its note is gone, its rooms are new."""
    sender = phone(worker)
    event = sender.record(factories.a_dwelling(), note="门铃坏了")
    sender.send(
        sender.event(sender.correction_of(event, note=None, unchanged=None, dwelling_changes={"rooms": 3}))
    )
    return db.session.query(Visit).one()


def _return(browser, visit, headers=None, **form):
    return browser.post(f"/visits/{visit.id}/return", data={"revision": 1, **form}, headers=headers)


@pytest.mark.parametrize("headers", [HTMX, None], ids=["htmx", "plain"])
@pytest.mark.parametrize("reason", ["", "长" * 501], ids=["empty", "long"])
def test_a_form_about_an_older_revision_never_comes_back_about_the_newest(
    client_of, lead, overtaken, reason, headers
):
    answer = _return(client_of(lead), overtaken, headers, reason=reason)

    assert answer.status_code == 409
    assert 'name="revision"' not in answer.get_data(as_text=True)


def test_a_refused_form_is_still_about_what_was_seen_when_a_correction_comes_at_that_moment(
    client_of, lead, worker, phone, monkeypatch
):
    sender = phone(worker)
    sender.record(factories.a_dwelling())
    visit = db.session.query(Visit).one()

    def complains(_reason):
        db.session.get_one(Visit, visit.id).revision = 2  # as another process has it by now
        return "too short"

    monkeypatch.setattr("field.reviews.decision_routes.complaint_about", complains)

    page = _return(client_of(lead), visit, HTMX, reason="").get_data(as_text=True)

    assert 'name="revision" value="1"' in page
    assert 'name="revision" value="2"' not in page
    assert f'data-keeps="return-{visit.id}-1"' in page


def test_whoever_forgets_the_reason_hears_that_a_colleague_has_decided(client_of, lead, worker):
    visit = factories.a_visit(worker, factories.a_dwelling(), note="门铃坏了")
    client_of(lead).post(f"/visits/{visit.id}/approval", data={"revision": 1})
    colleague = factories.a_user("lead-two", name="测试·网格长二", role="lead", areas=(factories.COMMUNITY,))

    answer = _return(client_of(colleague), visit, reason="", part=["note"])

    assert answer.status_code == 409
    assert lead.name in answer.get_data(as_text=True)


def test_pointing_at_a_part_that_a_correction_took_away_is_told_as_come_too_late(client_of, lead, overtaken):
    answer = _return(
        client_of(lead), overtaken, reason=WORDS, part=["note"], **{"about.note": "哪一个门铃，写清楚一点"}
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert WORDS in page
    assert "哪一个门铃，写清楚一点" in page
    assert db.session.query(Review).count() == 0


def test_a_request_that_is_not_understood_gives_back_what_was_typed(client_of, lead, worker):
    visit = factories.a_visit(worker, factories.a_dwelling())

    answer = _return(client_of(lead), visit, reason=WORDS, part=["no-such-part"])

    page = answer.get_data(as_text=True)
    assert answer.status_code == 400
    assert WORDS in page
    assert "登录后" not in page  # somebody is signed in
