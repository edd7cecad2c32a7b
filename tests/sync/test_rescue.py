"""A rescue file goes through the same inbox and photo store: once or twice, whole or cut, nothing is doubled."""

import json
import subprocess
from uuid import UUID

import orjson
import pytest

from field.accounts.models import Device
from field.administration.queries import missing_numbers
from field.audit.models import AuditEntry
from field.core.db import db, transaction
from field.core.ids import new_id
from field.sync.models import InboxEvent
from field.visits.models import Visit
from tests import factories
from tests.journeys.server import ROOT
from tests.rescue_file import rescue_file, sealed_parts
from tests.sync.dying import PICTURE, here, numbers


def test_everything_that_a_phone_could_not_send_is_at_the_desk_once(dying, give):
    status, page = give(dying.file())

    assert (status, numbers(page)) == (200, [2, 0, 1, 0])
    assert here() == (2, ["stored"])
    [entry] = db.session.query(AuditEntry).filter_by(action="rescue.imported")
    assert entry.details["visits_accepted"] == 2


def test_importing_twice_doubles_nothing(dying, give):
    give(dying.file())
    status, page = give(dying.file())

    assert (status, numbers(page)) == (200, [0, 2, 0, 1])
    assert here() == (2, ["stored"])


def test_what_the_phone_had_sent_itself_is_recognised(dying, give):
    dying.phone.send(dying.events[0])
    start = dying.phone.start_photo(dying.visit, dying.part).headers["Location"]
    dying.phone.send_piece(start, 0, PICTURE[:10_000])

    status, page = give(dying.file(piece=4096))

    assert (status, numbers(page)) == (200, [1, 1, 1, 0])
    assert here() == (2, ["stored"])


def test_a_phone_that_lives_again_gets_the_same_receipts(dying, give):
    give(dying.file())

    results = dying.phone.send(*dying.events)
    photo = dying.phone.upload_photo(dying.visit, dying.part, PICTURE)

    assert [result["result"] for result in results] == ["duplicate", "duplicate"]
    assert all(result["receipt"]["number"] for result in results)
    assert photo.headers["Photo-Receipt"]
    assert here() == (2, ["stored"])


def test_what_waited_in_it_since_the_phone_was_another_device_is_missing_nowhere(dying, give, phone, worker):
    anew, visits = (
        phone(worker),
        [dying.phone.event(dying.phone.visit_body(factories.a_dwelling())), *dying.events],
    )
    dying.phone.send(visits[0])
    before = [{"device": dying.phone.device, "seq": event["seq"]} for event in dying.events]
    waited = [
        event | {"seq": number, "earlier": [had]}
        for number, (event, had) in enumerate(zip(dying.events, before, strict=True), 1)
    ]

    give(rescue_file(dying.key, anew.device, waited))

    assert missing_numbers(factories.DISTRICT, [UUID(one.device) for one in (dying.phone, anew)]) == {}


def test_importing_is_not_hearing_from_the_phone(dying, give):
    before = db.session.query(Device).one().contact_at

    give(dying.file())

    db.session.expire_all()
    device = db.session.query(Device).one()
    assert (device.contact_at, device.build, device.highest_seq) == (before, "test-build", 2)


def test_a_phone_that_was_shut_out_can_be_rescued(dying, give):
    with transaction() as session:
        session.query(Device).one().revoked_at = dying.phone.user.created_at

    assert give(dying.file())[0] == 200
    assert here()[0] == 2


def test_what_does_not_fit_is_set_aside_as_if_the_phone_had_sent_it(dying, give):
    dying.events.append(dying.phone.event(dying.phone.visit_body(new_id())))

    _status, page = give(dying.file())

    assert "Visits set aside" in page
    assert db.session.query(InboxEvent).filter_by(result="quarantined").count() == 1


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.999])
def test_of_a_file_that_is_cut_what_is_whole_is_taken_and_the_rest_later(dying, give, keep):
    whole = dying.file(piece=2048)

    status, page = give(whole[: int(len(whole) * keep)])
    assert status == 200
    assert "damaged or not whole" in page
    give(whole)

    assert here() == (2, ["stored"])


def test_a_flipped_bit_ends_the_reading_there_and_takes_nothing_wrong(dying, give):
    whole = bytearray(dying.file())
    whole[-2000] ^= 1

    _status, page = give(bytes(whole))

    assert "damaged or not whole" in page
    assert db.session.query(Visit).count() == 2
    assert here()[1] != ["stored"]


def test_a_file_that_is_damaged_from_its_beginning_says_so(dying, give):
    whole = bytearray(dying.file())
    whole[250] ^= 1

    status, page = give(bytes(whole))

    assert status == 422
    assert "Nothing in this file can be read" in page


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 something else", b"DOORSTEP-RESCUE-1", PICTURE])
def test_what_is_no_rescue_file_is_told(give, content, worker):
    status, page = give(content)

    assert status == 422
    assert "no rescue file" in page


def test_no_file_at_all_is_told(client_of, lead):
    answer = client_of(lead).post("/rescue?lang=en")

    assert answer.status_code == 422
    assert "Choose the file first" in answer.get_data(as_text=True)


def test_a_file_for_another_server_is_told(dying, give):
    key = dying.key | {"key": "0011223344556677"}
    status, page = give(rescue_file(key, dying.phone.device, dying.events))

    assert status == 422
    assert "written for another server" in page


def test_a_lead_imports_only_for_phones_of_people_in_their_area(dying, give):
    stranger = factories.a_user("far-lead", role="lead", areas=("620402002001",))

    status, page = give(dying.file(), stranger)

    assert status == 422
    assert "nobody in your area uses" in page
    assert here() == (0, [])


@pytest.mark.parametrize(
    "parts",
    [
        [{"part": "event", "event": {}}],
        [b"bytes first"],
        [{"part": "about"}],
        [{"part": "about", "device": 5}],
        [{}],
    ],
)
def test_a_sealed_file_that_begins_with_nonsense_is_told(dying, give, parts):
    status, _page = give(sealed_parts(dying.key, parts))

    assert status == 422


def test_nonsense_within_a_sealed_file_stops_nothing(dying, give):
    about = {"part": "about", "device": dying.phone.device}
    odd = [
        {"part": "event", "event": 5},
        {"part": "event"},
        {"part": "photo"},
        b"loose",
        {"part": "unheard of"},
    ]
    good = {"part": "event", "event": dying.events[1]}

    status, _page = give(sealed_parts(dying.key, [about, *odd, good, {"part": "end"}]))

    assert status == 200
    assert here()[0] == 1


def test_a_photo_that_is_not_what_was_announced_is_not_kept_as_if_it_were(dying, give):
    dying.part["digest"] = "sha-256:" + "0" * 64

    _status, page = give(dying.file())

    assert "Photos of which a part is missing" in page
    assert here()[1] == ["uploading"]


def test_what_the_phones_own_code_writes_is_read_here(dying, give, tmp_path):
    picture, out = tmp_path / "picture.jpg", tmp_path / "phone.doorstep"
    picture.write_bytes(PICTURE)
    asked = {
        "key": dying.key,
        "device": dying.phone.device,
        "record": dying.events[0],
        "photo": dying.part | {"visit": dying.visit},
        "picture": str(picture),
        "out": str(out),
    }
    command = ["node", str(ROOT / "tests" / "js" / "interop" / "rescue.js"), json.dumps(asked)]
    subprocess.run(command, cwd=ROOT, check=True, timeout=60, capture_output=True)

    status, page = give(out.read_bytes())

    assert (status, numbers(page)) == (200, [1, 0, 1, 0])
    assert orjson.loads(dying.events[0]["body"])["visit"] == str(db.session.query(Visit).one().id)
