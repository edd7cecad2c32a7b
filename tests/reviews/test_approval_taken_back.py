"""An approval that is taken back: one visit waits again, and the register is as the district's rule has it."""

import pytest

from field.audit.models import AuditEntry
from field.core.db import db
from field.places.models import Dwelling
from field.reviews.models import Review
from field.visits.models import Visit
from field.visits.rebuilding import rebuild
from tests import factories

HTMX = {"HX-Request": "true"}


@pytest.fixture
def door(app):
    """A door where two people are known to live."""
    return factories.a_dwelling(headcount=2)


@pytest.fixture
def visit(worker, door):
    """A visit that says otherwise."""
    return factories.a_visit(worker, door, unchanged=None, dwelling_changes={"headcount": 4})


def _decide(browser, visit, what, revision=1, target="decision", **form):
    headers = HTMX | {"HX-Target": target}
    return browser.post(f"/visits/{visit.id}/{what}", data={"revision": revision, **form}, headers=headers)


def _state(visit):
    return db.session.get_one(Visit, visit.id, populate_existing=True).state


def _headcount(door):
    return db.session.get_one(Dwelling, door.id, populate_existing=True).headcount


def test_the_answer_to_an_approval_says_what_was_done_and_how_to_undo_it(client_of, lead, visit):
    said = _decide(client_of(lead), visit, "approval").get_data(as_text=True)

    assert '<div id="messages" hx-swap-oob="innerHTML">' in said
    assert said.count(f'hx-post="/visits/{visit.id}/approval/reversal"') == 2


def test_the_page_of_an_approved_visit_offers_it_and_the_visit_waits_again(client_of, lead, visit, door):
    browser = client_of(lead)
    _decide(browser, visit, "approval")
    assert f"/visits/{visit.id}/approval/reversal" in browser.get(f"/visits/{visit.id}").get_data(
        as_text=True
    )

    answer = browser.post(f"/visits/{visit.id}/approval/reversal", data={"revision": 1})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/visits/{visit.id}")
    assert (_state(visit), db.session.query(Review).count(), _headcount(door)) == ("waiting", 0, 4)
    assert _decide(browser, visit, "approval").status_code == 200


def test_from_the_line_of_messages_the_page_hears_which_visit_waits_again(client_of, lead, visit):
    browser = client_of(lead)
    _decide(browser, visit, "approval")

    answer = _decide(browser, visit, "approval/reversal", target="messages")

    assert (answer.status_code, str(visit.id) in answer.headers["HX-Trigger"]) == (204, True)


def test_a_second_click_finds_it_done_and_the_audit_chain_tells_it_once(client_of, lead, visit):
    browser = client_of(lead)
    _decide(browser, visit, "approval")

    answers = [_decide(browser, visit, "approval/reversal").status_code for _ in range(2)]

    assert answers == [200, 200]
    assert db.session.query(AuditEntry).filter_by(action="visit.reopened").count() == 1


def test_what_was_corrected_since_is_not_reopened(client_of, lead, visit):
    browser = client_of(lead)
    _decide(browser, visit, "approval")
    _decide(browser, visit, "correction", reason="打过电话", headcount="5")

    answers = [_decide(browser, visit, "approval/reversal", number) for number in (1, 2)]
    page = browser.get(f"/visits/{visit.id}").get_data(as_text=True)

    assert [answer.status_code for answer in answers] == [409, 409]
    assert (_state(visit), "/approval/reversal" in page) == ("approved", False)


def test_a_return_is_not_reopened_as_an_approval(client_of, lead, visit):
    _decide(client_of(lead), visit, "return", reason="请核对")

    assert _decide(client_of(lead), visit, "approval/reversal").status_code == 409
    assert _state(visit) == "returned"


def test_another_areas_lead_finds_nothing(client_of, lead, visit):
    _decide(client_of(lead), visit, "approval")
    stranger = factories.a_user("far-lead", role="lead", areas=("620402002001",))

    assert _decide(client_of(stranger), visit, "approval/reversal").status_code == 404
    assert _state(visit) == "approved"


class TestWhereTheRegisterFollowsApprovals:
    """FIELD_REGISTER_AT=approval."""

    @pytest.fixture
    def app(self, make_app):
        """Such a district."""
        built = make_app(FIELD_REGISTER_AT="approval")
        with built.app_context():
            yield built

    def test_the_register_is_as_before_and_can_be_rebuilt(self, client_of, lead, visit, door):
        browser = client_of(lead)
        _decide(browser, visit, "approval")
        assert _headcount(door) == 4

        _decide(browser, visit, "approval/reversal")

        assert _headcount(door) == 2
        assert rebuild(db.session.get_one(Dwelling, door.id), repair=False) == []
        _decide(browser, visit, "approval")
        assert _headcount(door) == 4

    def test_what_the_register_had_followed_before_that_was_the_rule_stays(
        self, make_app, client_of, lead, worker, door
    ):
        make_app(FIELD_REGISTER_AT="acceptance")
        early = factories.a_visit(worker, door, unchanged=None, dwelling_changes={"headcount": 6})
        make_app(FIELD_REGISTER_AT="approval")
        browser = client_of(lead)
        _decide(browser, early, "approval")

        _decide(browser, early, "approval/reversal")

        assert (_state(early), _headcount(door)) == ("waiting", 6)
