"""Photos that cannot be used, at the desk: seen by those who answer for them, and judged again with one button."""

import pytest

from field.audit.models import AuditEntry
from field.core.db import db
from field.core.ids import new_id
from field.photos import service as photos
from field.photos.images import Unusable
from field.photos.models import Photo
from field.photos.store import StoreFull
from field.sync import aside_photos
from tests import factories
from tests.photos.pictures import noise, saved

PICTURE = saved(noise(), "JPEG")
PATH = "/set-aside/photos"


def _send(sender, body, content):
    part = body["photos"][0]
    sender.send(sender.event(body))
    sender.upload_photo(body["visit"], part, content)
    return db.session.query(Photo).filter_by(kind="full").one()


@pytest.fixture
def refused(phone, worker, monkeypatch):
    """A good photo of a visit that an earlier release could not open; answers (phone, body, its upload)."""

    def refuse(_content, _most):
        raise Unusable("unsupported")

    sender = phone(worker)
    body = sender.visit_body(factories.a_dwelling(), photos=[sender.photo_part(PICTURE)])
    with monkeypatch.context() as patched:
        patched.setattr(photos, "accept", refuse)
        return sender, body, _send(sender, body, PICTURE)


@pytest.fixture
def no_picture(phone, worker):
    """A photo that is none, of a visit that has not come; answers its upload."""
    sender, content = phone(worker), b"this is no picture"
    part = sender.photo_part(content)
    sender.upload_photo(str(new_id()), part, content)
    return db.session.query(Photo).one()


def _text(browser, path=PATH):
    return browser.get(f"{path}{'&' if '?' in path else '?'}lang=en").get_data(as_text=True)


def _judge(browser, photo, rest=""):
    return browser.post(f"{PATH}/{photo.id}/judgement{rest}")


def _state(photo):
    db.session.expire_all()
    return db.session.get_one(Photo, photo.id).state


def test_a_lead_sees_of_which_visit_it_is_and_why_it_cannot_be_used(client_of, lead, worker, refused):
    text = _text(client_of(lead))

    assert "does not know this kind of picture" in text
    assert worker.name in text
    assert f"/visits/{refused[1]['visit']}" in text
    assert '<span class="count">1</span>' in _text(client_of(lead), "/set-aside")


def test_an_administrator_sees_it_and_no_way_into_the_visit(client_of, admin, refused):
    text = _text(client_of(admin))

    assert "does not know this kind of picture" in text
    assert "/visits/" not in text


@pytest.mark.parametrize("role", ["lead", "admin"])
def test_one_that_is_good_now_is_stored_once_however_often_the_button_is_pressed(
    client_of, refused, request, role
):
    actor, (sender, body, photo) = request.getfixturevalue(role), refused
    browser = client_of(actor)

    answers = [_judge(browser, photo) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [f"{PATH}?told=stored"] * 2
    assert _state(photo) == "stored"
    assert "is good" in _text(browser, f"{PATH}?told=stored")
    assert "No photo is set aside" in _text(browser)
    [entry] = db.session.query(AuditEntry).filter_by(action="photo.judged_again")
    assert (entry.actor_id, entry.subject_id) == (actor.id, photo.photo_id)
    assert "Photo-Receipt" in sender.start_photo(body["visit"], body["photos"][0]).headers


def test_what_is_no_picture_stays_aside_and_that_is_said(client_of, lead, no_picture):
    answer = _judge(client_of(lead), no_picture)

    assert answer.headers["Location"] == f"{PATH}?told=still"
    assert _state(no_picture) == "quarantined"
    text = _text(client_of(lead), f"{PATH}?told=still")
    assert "still cannot be used" in text
    assert "Its visit has not come yet" in text
    assert db.session.query(AuditEntry).filter_by(action="photo.judged_again").count() == 1


def test_a_store_without_room_is_said_and_the_photo_stays_aside(app, client_of, lead, refused, monkeypatch):
    def full(_content):
        raise StoreFull("no room")

    monkeypatch.setattr(app.extensions["photo_store"], "put", full)

    assert _judge(client_of(lead), refused[2]).status_code == 507
    assert _state(refused[2]) == "quarantined"


def test_whoever_does_not_answer_for_it_neither_sees_nor_judges_it(client_of, refused):
    stranger = client_of(factories.a_user("far-lead", role="lead", areas=("620402002001",)))

    assert "No photo is set aside" in _text(stranger)
    assert _judge(stranger, refused[2]).status_code == 404
    assert _state(refused[2]) == "quarantined"


def test_an_empty_photo_and_a_preview_are_no_matter_for_the_desk(client_of, lead, phone, worker):
    sender = phone(worker)
    empty, small = sender.photo_part(b""), sender.photo_part(b"no picture")
    sender.start_photo(str(new_id()), empty)
    sender.upload_photo(str(new_id()), small, b"no picture", kind="preview")

    assert "No photo is set aside" in _text(client_of(lead))


def test_every_one_is_reached_page_by_page_and_judging_leads_back_to_its_page(
    client_of, lead, phone, worker, monkeypatch
):
    monkeypatch.setattr(aside_photos.listed, "__defaults__", (None, 2))
    sender = phone(worker)
    for number in range(3):
        content = b"no picture %d" % number
        sender.upload_photo(str(new_id()), sender.photo_part(content), content)
    browser, uploads = client_of(lead), db.session.query(Photo).order_by(Photo.created_at, Photo.id).all()

    first = _text(browser)
    after = first.split("/set-aside/photos?after=")[1].split('"')[0]
    second = _text(browser, f"{PATH}?after={after}")

    assert [f"photo-{one.id}" in first for one in uploads] == [True, True, False]
    assert [f"photo-{one.id}" in second for one in uploads] == [False, False, True]
    assert f"after={after}" in _judge(browser, uploads[2], f"?after={after}").headers["Location"]
    assert browser.get(f"{PATH}?after=nonsense").status_code == 400


def test_the_visit_leads_there_from_the_photo_that_cannot_be_opened(client_of, lead, phone, worker):
    sender = phone(worker)
    door, content, version = factories.a_dwelling(), b"this is no picture", factories.a_checklist().version
    part = sender.photo_part(content)
    finding = {"id": str(new_id()), "item": "H04", "action": "notice_left", "photos": [part["id"]]}
    checklist = {"code": "home-safety", "version": version, "checked": True}
    body = sender.visit_body(door, unchanged=None, photos=[part], findings=[finding], checklist=checklist)
    photo = _send(sender, body, content)

    assert f"{PATH}#photo-{photo.id}" in _text(client_of(lead), f"/visits/{body['visit']}")
