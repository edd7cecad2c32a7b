"""The tests' phone says what the contract says, so that tests built on it mean something."""

from field.core.db import db
from field.visits.models import Visit
from tests import factories
from tests.photos.pictures import noise, saved


def test_a_visit_from_the_phone_is_accepted_and_stored(phone, worker):
    sender = phone(worker)
    door = factories.a_dwelling()

    event = sender.event(sender.visit_body(door))
    [result] = sender.send(event)

    assert result["result"] == "accepted"
    assert db.session.query(Visit).one().dwelling_id == door.id


def test_a_digest_that_does_not_fit_is_noticed(phone, worker):
    sender = phone(worker)

    spoiled = sender.event(sender.visit_body(factories.a_dwelling()), digest="sha-256:" + "0" * 64)
    [result] = sender.send(spoiled)

    assert result["result"] == "quarantined"
    assert [problem["code"] for problem in result["problems"]] == ["digest"]


def test_a_packed_batch_reads_the_same(phone, worker):
    sender = phone(worker)
    event = sender.event(sender.visit_body(factories.a_dwelling()))

    answer = sender.post(sender.batch(event), packed=True)

    assert answer.json["results"][0]["result"] == "accepted"


def test_the_pack_brings_the_doors_of_the_round(phone, worker):
    door = factories.a_dwelling()
    factories.a_round(worker)

    pack = phone(worker).pack()

    assert [row["id"] for row in pack["doors"]] == [str(door.id)]
    assert pack["user"]["id"] == str(worker.id)


def test_a_photo_sent_in_pieces_gets_its_receipt(phone, worker):
    sender = phone(worker)
    content = saved(noise(400, 300), "JPEG")
    photo = sender.photo_part(content)
    body = sender.visit_body(factories.a_dwelling(), photos=[photo])
    sender.send(sender.event(body))

    last = sender.upload_photo(body["visit"], photo, content, piece=len(content) // 3)

    assert last.status_code == 204
    assert len(last.headers["Photo-Receipt"]) == 8


def test_what_is_held_here_is_in_no_list_of_the_reconciliation(phone, worker):
    sender = phone(worker)
    sent = sender.record(factories.a_dwelling())
    kept = sender.event(sender.visit_body(factories.a_dwelling()))

    answer = sender.reconcile(sent, kept)

    assert answer["missing"] == [kept["id"]]


def test_a_visit_of_the_factory_is_a_visit_of_its_worker(app, worker):
    visit = factories.a_visit(worker, outcome="no_answer", consent=None)

    assert visit.author_id == worker.id
    assert visit.outcome == "no_answer"
