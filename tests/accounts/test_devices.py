"""Phones enrol once, keep their credential, and lose it when revoked; the credential alone reads nothing."""

from uuid import UUID

from field.accounts import service
from field.accounts.models import Device
from field.core.db import db, transaction
from tests import factories

JSON = {"Accept": "application/json"}


def test_a_phone_that_enrols_again_keeps_its_id_and_its_credential(phone, worker):
    mine = phone(worker)
    device, credential = mine.device, mine.browser.cookie("device", "/sync")

    mine.enrol()

    assert (mine.device, mine.browser.cookie("device", "/sync")) == (device, credential)
    assert db.session.query(Device).count() == 1


def test_only_a_hash_of_the_credential_is_stored(phone, worker):
    mine = phone(worker)

    assert (
        mine.browser.cookie("device", "/sync").encode() not in db.session.query(Device).one().credential_hash
    )


def test_a_shared_phone_knows_both_who_enrolled(phone, worker, second_worker):
    shared = phone(worker)

    shared.sign_in(second_worker).enrol()

    members = {member.user_id for member in db.session.query(Device).one().users}
    assert members == {worker.id, second_worker.id}


def test_a_phone_without_a_session_still_sends(phone, worker):
    sender = phone(worker).sign_out()

    [result] = sender.send(sender.event(sender.visit_body(factories.a_dwelling())))

    assert result["result"] == "accepted"


def test_a_phone_without_a_session_reads_no_pack(phone, worker):
    answer = phone(worker).sign_out().browser.get("/sync/pack", headers=JSON)

    assert answer.status_code == 401


def test_the_credential_opens_no_page(phone, lead):
    browser = phone(lead).sign_out().browser

    assert browser.get("/", headers=JSON).status_code == 401


def test_a_session_on_a_phone_that_somebody_else_enrolled_reads_no_pack(phone, worker, second_worker):
    borrowed = phone(worker).sign_in(second_worker)

    answer = borrowed.browser.get("/sync/pack", headers=JSON)

    assert (answer.status_code, answer.json["code"]) == (401, "device-unknown")


def test_a_revoked_phone_is_not_heard(phone, worker, admin):
    lost = phone(worker)
    with transaction():
        service.revoke_device(db.session.query(Device).one(), admin)

    answer = lost.post(lost.batch(lost.event(lost.visit_body(factories.a_dwelling()))))

    assert (answer.status_code, answer.json["code"]) == (401, "device-unknown")


def test_a_revoked_phone_that_enrols_anew_is_a_new_phone(phone, worker, admin):
    lost = phone(worker)
    first = lost.device
    with transaction():
        service.revoke_device(db.session.query(Device).one(), admin)

    assert lost.sign_in(worker).enrol().device != first


def test_a_phone_of_another_district_becomes_a_new_one(phone, worker):
    mine = phone(worker)
    first = mine.device
    stranger = factories.a_user("stranger", role="worker", areas=(factories.ABROAD,), district=620403)

    assert mine.sign_in(stranger).enrol().device != first


def test_nobody_sends_in_the_name_of_a_phone_that_is_not_theirs(phone, worker, second_worker):
    mine, theirs = phone(worker), phone(second_worker)
    event = mine.event(mine.visit_body(factories.a_dwelling()))

    answer = mine.post(mine.batch(event, device=theirs.device))

    assert (answer.status_code, answer.json["code"]) == (401, "device-unknown")


def test_revoking_a_phone_signs_its_people_out_so_that_it_cannot_enrol_itself_again(
    phone, worker, second_worker, admin
):
    lost, other = phone(worker), phone(second_worker)
    with transaction():
        service.revoke_device(db.session.get_one(Device, UUID(lost.device)), admin)

    again = lost.browser.post("/sync/enrolment", json={"build": "1"})

    assert again.status_code == 401
    assert other.browser.get("/sync/pack").status_code == 200
