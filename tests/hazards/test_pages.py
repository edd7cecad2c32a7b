"""Hazards for people: by deadline, overdue ones marked, settled ones apart, and only what was referred for handlers."""

import re
from datetime import timedelta
from uuid import UUID

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards.models import Action, Finding
from tests import factories
from tests.clock import today
from tests.photos.pictures import noise, saved
from tests.referrals.department import moved


def _found(worker, item="H09", action="notice_left", **part):
    version = factories.a_checklist().version
    finding = {"id": str(new_id()), "item": item, "action": action, **part}
    factories.a_visit(
        worker,
        factories.a_dwelling(),
        unchanged=None,
        checklist={"code": "home-safety", "version": version, "checked": True},
        findings=[finding],
    )
    return finding["id"]


@pytest.fixture
def listed(client_of, lead):
    """The text of a page as the lead reads it in English."""

    def read(path="/hazards", user=lead):
        address = f"{path}{'&' if '?' in path else '?'}lang=en"
        return client_of(user).get(address).get_data(as_text=True)

    return read


def test_a_hazard_that_a_visit_found_is_open_with_its_deadline(worker, listed):
    finding = _found(worker, item="H04", spot="二楼北窗")

    text = listed()

    assert finding in text
    assert "二楼北窗" in text
    assert "7 days left" in text


def test_a_hazard_past_its_deadline_says_by_how_many_days(worker, listed):
    finding = _found(worker)
    with transaction():
        row = db.session.get_one(Finding, UUID(finding))
        row.due_on = (utcnow() - timedelta(days=10)).date()

    text = listed("/hazards?state=overdue")

    assert "days late" in text


@pytest.fixture
def unaccepted(worker):
    """A referral that should have been accepted two days ago, with a week until its deadline."""
    finding = _found(worker, item="H03", action="refer")
    with transaction():
        row = db.session.get_one(Finding, UUID(finding))
        row.accept_by, row.due_on = today() - timedelta(days=2), today() + timedelta(days=7)
    return finding


@pytest.mark.parametrize("reader", ["lead", "handler"])
def test_what_was_not_accepted_in_its_term_is_overdue_as_in_the_inbox(unaccepted, listed, request, reader):
    page = listed("/hazards?state=overdue", user=request.getfixturevalue(reader))

    assert unaccepted in page
    assert re.search(r"to be accepted by [^<]+</span> <span[^>]+>.*?2 days late", page)
    assert re.search(r'Overdue\s*<span class="count is-hazard">1</span>', page)


def test_what_was_not_accepted_stands_before_what_is_due_sooner(unaccepted, worker, listed):
    sooner = _found(worker, item="H04")
    with transaction():
        db.session.get_one(Finding, UUID(sooner)).due_on = today() + timedelta(days=1)

    for path in ("/hazards", "/hazards/board?department=fire_rescue", "/referrals?state=waiting"):
        assert unaccepted in listed(path)
    assert listed().index(unaccepted) < listed().index(sooner)


def test_once_accepted_only_the_deadline_counts(unaccepted, handler, listed):
    moved(db.session.get_one(Finding, UUID(unaccepted)), Action.ACCEPT, handler)

    assert unaccepted not in listed("/hazards?state=overdue")
    assert unaccepted in listed("/hazards?state=week")


def test_what_was_fixed_on_site_is_settled_and_not_open(worker, listed):
    finding = _found(worker, action="fixed_on_site")

    assert finding not in listed()
    assert finding in listed("/hazards?state=settled")


def test_a_hazard_shows_its_life_so_far(worker, listed):
    finding = _found(worker, note="已提醒房东")

    text = listed(f"/hazards/{finding}")

    assert "已提醒房东" in text
    assert worker.name in text


def test_a_handler_sees_what_was_referred_to_the_department_and_nothing_else(worker, handler, listed):
    referred = _found(worker, item="H03", action="refer")
    noticed = _found(worker, item="H03", action="notice_left")
    others = _found(worker, item="H04", action="refer")

    text = listed(user=handler)

    assert referred in text
    assert noticed not in text
    assert others not in text


def test_hazards_withdrawn_by_a_correction_are_on_no_list(phone, client_of, worker, lead, listed):
    version = factories.a_checklist().version
    sender = phone(worker)
    finding = {"id": str(new_id()), "item": "H09", "action": "notice_left"}
    event = sender.record(
        factories.a_dwelling(),
        checklist={"code": "home-safety", "version": version, "checked": True},
        findings=[finding],
    )
    visit = db.session.query(Finding).one().visit_id
    client_of(lead).post(f"/visits/{visit}/return", data={"revision": 1, "reason": "不是隐患"})
    sender.send(sender.event(sender.correction_of(event, findings=[])))

    assert finding["id"] not in listed()
    assert finding["id"] not in listed("/hazards?state=settled")


def test_a_handler_opens_the_photos_of_what_was_referred_and_of_nothing_else(
    phone, client_of, worker, handler
):
    version = factories.a_checklist().version
    sender, picture = phone(worker), saved(noise(), "JPEG")
    shown, other = sender.photo_part(picture), sender.photo_part(saved(noise(150), "JPEG"))
    referred = {"id": str(new_id()), "item": "H03", "action": "refer", "photos": [shown["id"]]}
    noticed = {"id": str(new_id()), "item": "H03", "action": "notice_left", "photos": [other["id"]]}
    sender.record(
        factories.a_dwelling(),
        checklist={"code": "home-safety", "version": version, "checked": True},
        findings=[referred, noticed],
        photos=[shown, other],
    )
    visit = str(db.session.query(Finding).first().visit_id)
    sender.upload_photo(visit, shown, picture)
    browser = client_of(handler)

    def ask(finding, part):
        return browser.get(f"/hazards/{finding['id']}/photos/{part['id']}/thumb").status_code

    assert ask(referred, shown) == 200
    assert ask(referred, other) == 404
    assert ask(noticed, other) == 404
    assert browser.get(f"/photos/{shown['id']}/thumb").status_code == 403


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("301", True),
        ("防盗窗", True),
        ("301 防盗窗", True),
        ("escape", True),
        ("302", False),
        ("301 电动", False),
        ("nowhere", False),
    ],
)
def test_a_word_is_part_of_the_address_or_of_what_is_wrong(client_of, lead, worker, search, found):
    door = factories.a_dwelling(door="301")
    hazard = factories.a_hazard(worker, item="H04", dwelling=door)
    factories.a_hazard(worker, item="H09", dwelling=factories.a_dwelling(door="999"))

    text = client_of(lead).get(f"/hazards?search={search}").get_data(as_text=True)

    assert (str(hazard.id) in text) is found
