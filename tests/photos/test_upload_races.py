"""One photo over several connections and phones: it is taken once, and each phone hears of its own only."""

import threading
from uuid import UUID

from field.accounts.models import Device
from field.core.db import db
from field.photos.models import Photo
from tests import factories
from tests.photos.lines import beside, second_line


def _code(answer):
    return answer.status_code, answer.json["code"]


def test_the_same_piece_over_two_connections_at_once_counts_once(app, sender, visit, content):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    start = threading.Barrier(2)

    def send(line):
        start.wait(10)
        return line.send_piece(location, 0, content)

    lines = (sender, second_line(app, sender))
    sides = [beside(app, lambda line=line: send(line)) for line in lines]
    codes = sorted(side.result().status_code for side in sides)

    assert codes[0] == 204
    assert codes[1] in {409, 503}
    assert sender.ask_photo(location).headers["Photo-Receipt"]
    assert db.session.query(Photo).one().offset == len(content)


def test_a_photo_announced_over_two_connections_at_once_is_one_upload(app, sender, visit, content):
    photos = [sender.photo_part(content) for _ in range(5)]
    start = threading.Barrier(2)

    def announce(line):
        start.wait(10)
        return [line.start_photo(visit, photo) for photo in photos]

    lines = (sender, second_line(app, sender))
    sides = [beside(app, lambda line=line: announce(line)) for line in lines]
    one, other = [side.result() for side in sides]

    assert {answer.status_code for answer in (*one, *other)} == {201}
    assert [answer.headers["Location"] for answer in one] == [answer.headers["Location"] for answer in other]
    assert db.session.query(Photo).count() == len(photos)


def test_a_slow_piece_does_not_set_back_what_a_faster_connection_brought(
    app, sender, visit, content, monkeypatch
):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    store, fast = app.extensions["photo_store"], second_line(app, sender)
    append = store.append

    def slowly(*piece):
        monkeypatch.setattr(store, "append", append)
        faster = beside(app, lambda: fast.send_piece(location, 0, content[:900])).result()
        assert faster.headers["Upload-Offset"] == "900"
        append(*piece)

    monkeypatch.setattr(store, "append", slowly)
    slow = sender.send_piece(location, 0, content[:500])

    assert (_code(slow), slow.headers["Upload-Offset"]) == ((409, "offset-wrong"), "900")
    assert sender.ask_photo(location).headers["Upload-Offset"] == "900"
    assert store.part(UUID(location.rpartition("/")[2])) == content[:900]


def test_a_last_piece_whose_upload_a_faster_connection_ended_need_not_wait(
    app, sender, visit, content, monkeypatch
):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    sender.send_piece(location, 0, content[:900])
    store, fast = app.extensions["photo_store"], second_line(app, sender)
    part = store.part

    def slowly(upload):
        monkeypatch.setattr(store, "part", part)
        faster = beside(app, lambda: fast.send_piece(location, 900, content[900:])).result()
        assert faster.headers["Photo-Receipt"]
        return part(upload)

    monkeypatch.setattr(store, "part", slowly)
    slow = sender.send_piece(location, 900, content[900:])

    assert _code(slow) == (409, "offset-wrong")
    assert sender.ask_photo(location).headers["Photo-Receipt"]


def test_somebody_elses_upload_does_not_exist_for_others(phone, second_worker, sender, visit, content):
    location = sender.start_photo(visit, sender.photo_part(content)).headers["Location"]
    other = phone(second_worker)

    assert other.ask_photo(location).status_code == 404
    assert _code(other.send_piece(location, 0, content)) == (404, "not-found")
    assert sender.ask_photo(location).headers["Upload-Offset"] == "0"


def test_a_phone_that_enrolled_anew_goes_on_with_its_photo(phone, worker, sender, visit, content):
    photo = sender.photo_part(content)
    location = sender.start_photo(visit, photo).headers["Location"]
    sender.send_piece(location, 0, content[:1000])
    renewed = phone(worker)

    again = renewed.start_photo(visit, photo)
    answer = renewed.upload_photo(visit, photo, content)

    assert (again.headers["Location"], again.headers["Upload-Offset"]) == (location, "1000")
    assert answer.headers["Photo-Receipt"]
    assert db.session.query(Device).count() == 2
    assert sender.ask_photo(location).status_code == 404


def test_a_photo_of_another_district_is_not_told(phone, sender, visit, content):
    photo = sender.photo_part(content)
    sender.start_photo(visit, photo)
    abroad = factories.a_user("abroad", role="worker", areas=(factories.ABROAD,), district=620403)

    assert _code(phone(abroad).start_photo(visit, photo)) == (404, "not-found")


def test_without_a_credential_no_photo_is_taken(phone, worker, visit, content):
    stranger = phone(worker, enrolled=False)

    assert _code(stranger.start_photo(visit, stranger.photo_part(content))) == (401, "device-unknown")
