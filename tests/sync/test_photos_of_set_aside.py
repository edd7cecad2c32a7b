"""A photo whose visit is set aside waits with it, however long that takes."""

from uuid import UUID

import orjson
import pytest
from flask_migrate import downgrade, upgrade

from field.accounts.models import UserArea
from field.core.db import db, transaction
from field.photos.models import Photo
from field.sync import service
from field.sync.models import InboxEvent
from field.visits.models import Visit
from tests import factories
from tests.photos.pictures import noise, saved

PICTURE = saved(noise(320, 240), "JPEG")


@pytest.fixture
def expire(app, clock):
    """expire(): thirty-one days pass; answers the state of the only photo."""

    def expire():
        clock.forward(days=31)
        assert app.test_cli_runner().invoke(args=["photos", "expire"]).exit_code == 0
        db.session.expire_all()
        return db.session.query(Photo).one().state

    return expire


def _with_photo(sender, dwelling, **facts):
    """An event that says a photo, which has come."""
    part = sender.photo_part(PICTURE)
    body = sender.visit_body(dwelling, photos=[part], **facts)
    sender.upload_photo(body["visit"], part, PICTURE)
    return sender.event(body)


def test_a_photo_of_a_visit_that_is_set_aside_is_there_when_the_visit_is_applied(
    phone, worker, client_of, lead, expire
):
    sender = phone(worker)
    event = _with_photo(sender, factories.a_dwelling(grid=factories.ELSEWHERE))
    sender.send(event)

    state = expire()
    with transaction() as session:
        session.add(UserArea(user_id=worker.id, area_code=factories.ELSEWHERE))
    client_of(lead).post(f"/set-aside/{event['id']}/judgement")

    assert state == "stored"
    assert db.session.query(Visit).one().photos == 1


def test_a_photo_of_a_closed_record_is_kept_with_it(phone, worker, client_of, lead, expire):
    sender = phone(worker)
    event = _with_photo(sender, factories.a_dwelling(grid=factories.ELSEWHERE))
    sender.send(event)
    client_of(lead).post(f"/set-aside/{event['id']}/closure", data={"reason": "走错楼了"})

    assert expire() == "stored"


def test_a_photo_that_only_a_waiting_correction_names_is_kept(phone, worker, expire):
    sender = phone(worker)
    visit = _with_photo(sender, factories.a_dwelling())
    sender.send(sender.event(sender.correction_of(visit)))

    assert expire() == "stored"


def test_a_photo_of_a_phone_with_a_record_that_nobody_here_can_read_yet_is_kept(phone, worker, expire):
    sender = phone(worker)
    event = _with_photo(sender, factories.a_dwelling())
    sender.send(sender.event("c2VhbGVk", enc="of a later release"))

    assert (orjson.loads(event["body"])["visit"], expire()) == (
        str(db.session.query(Photo).one().visit_id),
        "stored",
    )


def test_a_photo_of_other_content_under_a_known_id_is_kept(phone, worker, expire):
    sender = phone(worker)
    first = sender.record(factories.a_dwelling())
    sender.send(_with_photo(sender, factories.a_dwelling()) | {"id": first["id"]})

    assert expire() == "stored"


def test_a_photo_goes_when_what_named_it_was_erased(phone, worker, expire):
    sender = phone(worker)
    event = _with_photo(sender, factories.a_dwelling(grid=factories.ELSEWHERE))
    sender.send(event)
    with transaction():
        service.erase([UUID(event["id"])], None)

    assert expire() == "expired"


def test_a_record_of_another_phone_that_nobody_can_read_keeps_no_photo(phone, worker, second_worker, expire):
    _with_photo(phone(worker), factories.a_dwelling())
    other = phone(second_worker)
    other.send(other.event("{not json"))

    assert expire() == "expired"


def test_records_that_were_set_aside_by_an_earlier_release_name_their_visit_too(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling(grid=factories.ELSEWHERE)))
    sender.send(event, sender.event("{not json"))
    db.session.remove()

    downgrade(revision="0027")
    upgrade()

    named = {row.visit_id for row in db.session.query(InboxEvent)}
    assert named == {UUID(orjson.loads(event["body"])["visit"]), None}
