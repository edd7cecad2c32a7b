"""Rescue files meet what also happens: the phone sends the same photo itself, or no backup knows the phone."""

from uuid import UUID

import pytest

from field.accounts.models import Device
from field.audit.models import AuditEntry
from field.core.db import db
from field.core.ids import new_id
from tests import factories
from tests.photos.lines import beside, second_line
from tests.sync.dying import PICTURE, here, numbers


def _racing(app, make_app, dying, monkeypatch, to):
    """The phone itself sends the photo's bytes up to `to` while the file's second piece is written."""
    fast, store = second_line(make_app(), dying.phone), app.extensions["photo_store"]
    append, upload = store.append, {}

    def slowly(photo, offset, piece):
        if offset and not upload:
            upload["at"] = f"/sync/photos/{photo}"
            answer = beside(
                fast.app, lambda: fast.send_piece(upload["at"], offset, PICTURE[offset:to])
            ).result()
            assert answer.status_code == 204
        append(photo, offset, piece)

    monkeypatch.setattr(store, "append", slowly)


@pytest.mark.parametrize("to", [5000, 8192, 9000, len(PICTURE)], ids=["less", "as much", "more", "all"])
def test_a_phone_that_sends_a_photo_at_the_same_moment_stops_no_file(
    app, make_app, dying, give, monkeypatch, to
):
    _racing(app, make_app, dying, monkeypatch, to)

    status, page = give(dying.file(piece=4096))

    assert (status, numbers(page)) == (200, [2, 0, 0, 1] if to == len(PICTURE) else [2, 0, 1, 0])
    assert here() == (2, ["stored"])
    assert not list((app.extensions["photo_store"].root / "parts").iterdir())
    assert db.session.query(AuditEntry).filter_by(action="rescue.imported").count() == 1


def test_a_phone_that_a_restored_backup_does_not_know_is_rescued_and_stays_shut_out(dying, give, worker):
    dying.phone.device = str(new_id())

    status, page = give(dying.file())

    assert (status, numbers(page)) == (200, [2, 0, 1, 0])
    noted = db.session.get_one(Device, UUID(dying.phone.device))
    assert (noted.revoked_at is not None, [one.user_id for one in noted.users]) == (True, [worker.id])
    assert [row.subject_id for row in db.session.query(AuditEntry).filter_by(action="device.noted")] == [
        noted.id
    ]
    assert give(dying.file())[0] == 200
    assert here() == (2, ["stored"])


def test_of_a_cut_file_of_an_unknown_phone_what_is_whole_is_taken(dying, give):
    dying.phone.device = str(new_id())
    dying.events += [dying.phone.event(dying.phone.visit_body(factories.a_dwelling())) for _ in range(50)]
    whole = dying.file()

    status, page = give(whole[: len(whole) - len(PICTURE) - 200])

    assert (status, "damaged or not whole" in page, here()[0]) == (200, True, 52)


@pytest.mark.parametrize("who", ["nobody", "a stranger", "one of ours and a stranger"])
def test_a_file_of_an_unknown_phone_with_somebody_elses_records_is_refused(dying, give, who):
    dying.phone.device = str(new_id())
    stranger = str(factories.a_user("far", role="worker", areas=("620402002001",)).id)
    authors = {"nobody": ["?", "?"], "a stranger": [stranger] * 2}.get(who, [dying.phone.author, stranger])
    for event, author in zip(dying.events, authors, strict=True):
        event["author"] = author

    status, page = give(dying.file())

    assert (status, "nobody in your area uses" in page) == (422, True)
    assert here() == (0, [])
    assert db.session.get(Device, UUID(dying.phone.device)) is None
