"""A number in full: for a reason, one at a time, within one's area, and never without an audit entry."""

import json

import pytest

from field.audit.models import AuditEntry
from field.core.db import db
from tests import factories

PHONE = "15400004321"
REASON = "住户来电，需要回电"


@pytest.fixture
def somebody(app):
    """Somebody with a number and a phone."""
    return factories.an_occupancy(phone=PHONE)


def _ask(browser, subject, kind="occupancies", **form):
    return browser.post(f"/{kind}/{subject.id}/disclosure", data={"fact": "phone", "reason": REASON, **form})


def _entries():
    return db.session.query(AuditEntry).filter_by(action="number.disclosed").all()


def test_the_form_shows_only_what_is_masked(client_of, lead, somebody):
    page = client_of(lead).get(f"/occupancies/{somebody.id}/disclosure").get_data(as_text=True)

    assert "154****4321" in page
    assert PHONE not in page


def test_one_number_is_shown_and_that_is_recorded_with_the_reason(client_of, lead, somebody):
    answer = _ask(client_of(lead), somebody)

    page = answer.get_data(as_text=True)
    assert PHONE in page
    assert somebody.person.document_number not in page
    assert answer.headers["Cache-Control"] == "no-store"
    [entry] = _entries()
    assert (entry.actor_id, entry.subject_id, entry.details) == (
        lead.id,
        somebody.id,
        {"fact": "phone", "reason": REASON},
    )
    assert PHONE not in json.dumps(entry.details)


@pytest.mark.parametrize("reason", ["", "  ", "看", "长" * 201, f"回电 {PHONE}"])
def test_without_a_fit_reason_nothing_is_shown_and_nothing_recorded(client_of, lead, somebody, reason):
    answer = _ask(client_of(lead), somebody, reason=reason)

    assert answer.status_code == 422
    assert _entries() == []
    assert 'aria-invalid="true"' in answer.get_data(as_text=True)


def test_a_fact_that_is_none_is_refused(client_of, lead, somebody):
    assert _ask(client_of(lead), somebody, fact="name").status_code == 400
    assert _entries() == []


def test_a_landlords_phone_is_shown_the_same_way(client_of, lead):
    door = factories.a_dwelling(lessor_phone="13912345678", lessor_name="测试·房东")

    answer = _ask(client_of(lead), door, "dwellings", fact="lessor_phone")

    assert "13912345678" in answer.get_data(as_text=True)
    assert _entries()[0].subject_kind == "dwelling"


def test_somebody_of_another_area_is_not_found(client_of, somebody):
    stranger = factories.a_user("far-lead", role="lead", areas=("620402002001",))

    assert _ask(client_of(stranger), somebody).status_code == 404
    assert _entries() == []


def test_what_is_typed_about_one_person_is_kept_for_that_person_alone(client_of, lead, somebody):
    """The browser keeps a form that was left under this name, and fills it again."""
    other = factories.an_occupancy()
    browser = client_of(lead)

    pages = [
        browser.get(f"/occupancies/{one.id}/disclosure").get_data(as_text=True) for one in (somebody, other)
    ]

    names = [page.split('data-keeps="')[1].split('"')[0] for page in pages]
    assert names[0] != names[1]
    assert str(somebody.id) in names[0]
