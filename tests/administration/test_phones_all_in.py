"""All in is said of a phone only when the comparison has found everything here, whatever the phone takes for sent."""

import re

import orjson

from field.core.db import db
from field.photos.models import Photo
from tests import factories
from tests.photos.pictures import noise, saved

ALL_IN = {"build": "b1", "unsent": 0, "photos_unsent": 0, "bytes_unsent": 0, "oldest_at": None}


def _page(browser):
    return browser.get("/phones?lang=en").get_data(as_text=True)


def _sent_with_photo(phone, worker):
    """A phone that has sent a visit and its photo; with the photo as it names it in a comparison."""
    sender, content = phone(worker), saved(noise(), "JPEG")
    part = sender.photo_part(content)
    event = sender.record(factories.a_dwelling(), photos=[part])
    sender.upload_photo(orjson.loads(event["body"])["visit"], part, content)
    return sender, event, {"id": part["id"], "kind": "full", "digest": part["digest"]}


def test_a_photo_that_the_store_has_lost_is_not_all_in_until_it_is_there_again(
    app, phone, client_of, worker, lead, clock
):
    sender, event, photo = _sent_with_photo(phone, worker)
    sender.reconcile(event, photos=[photo], state=ALL_IN)
    before = _page(client_of(lead))
    app.extensions["photo_store"].forget(db.session.query(Photo).one().stored_digest)
    sender.reconcile(event, photos=[photo], state=ALL_IN)

    page = _page(client_of(lead))

    assert ("all in" in before, "all in" in page) == (True, False)
    assert 'data-away="0 1"' in page
    assert re.search(r"Sent by the phone, but not here at [^<]*: 1 photo\.", page)


def test_a_visit_that_the_server_does_not_have_is_not_all_in_whatever_the_phone_says(
    phone, client_of, worker, lead
):
    sender = phone(worker)
    sender.reconcile(sender.event(sender.visit_body(factories.a_dwelling())), state=ALL_IN)

    page = _page(client_of(lead))

    assert "all in" not in page
    assert 'data-away="1 0"' in page


def test_a_photo_that_is_too_large_for_the_server_stays_on_the_phone_and_is_not_all_in(
    phone, client_of, worker, lead
):
    sender = phone(worker)
    part = sender.photo_part(saved(noise(), "JPEG"))
    photo = {"id": part["id"], "kind": "full", "digest": part["digest"]}
    sender.reconcile(photos=[photo], state=ALL_IN | {"photos_refused": 1})

    page = _page(client_of(lead))

    assert "all in" not in page
    assert ('data-refused="1"' in page, "data-away" in page) == (True, False)


def test_what_waits_on_the_phone_is_not_called_lost_beside_it(phone, client_of, worker, lead):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))
    sender.reconcile(event, state=ALL_IN | {"unsent": 1})

    page = _page(client_of(lead))

    assert ("<strong>1 visit</strong>" in page, "data-away" in page, "all in" in page) == (True, False, False)
