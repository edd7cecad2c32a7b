"""Backups: verified before phones hear of them, costing only what is new, and taken while everything goes on."""

import shutil
import sqlite3
from contextlib import closing
from threading import Event
from uuid import UUID

import pytest

from field.audit.queries import verify
from field.backups import databases
from field.core import tallies
from field.core.db import db
from field.core.installation import installation
from field.photos.models import Photo
from field.sync.models import InboxEvent
from field.visits.models import Visit, VisitRevision
from tests import factories
from tests.backups.commands import only, other_app, restore, take, visit_of, visit_with_photo
from tests.waiting import Side, until


def _durable_through():
    db.session.rollback()
    db.session.expire_all()
    return installation().durable_through


def test_a_backup_moves_the_moment_up_to_which_phones_may_let_go(app, phone, worker, folder, clock):
    event, _part, _picture = visit_with_photo(phone(worker), 1)
    clock.forward(minutes=6)

    done = take(app, folder)

    assert done.exit_code == 0, done.output
    received = db.session.get(VisitRevision, UUID(event["id"])).received_at
    assert _durable_through() >= received
    assert "1 photos, 1 new" in done.output


def test_what_came_while_the_copy_was_made_is_not_called_safe(app, phone, worker, folder):
    event, _part, _picture = visit_with_photo(phone(worker), 1)

    take(app, folder)

    received = db.session.get(VisitRevision, UUID(event["id"])).received_at
    assert _durable_through() < received


def test_the_second_backup_copies_only_new_photos(app, phone, worker, folder, clock):
    sender = phone(worker)
    visit_with_photo(sender, 1)
    take(app, folder)
    visit_with_photo(sender, 2)
    clock.forward(seconds=2)

    done = take(app, folder)

    assert "2 photos, 1 new" in done.output


def test_only_the_newest_backups_and_their_photos_are_kept(app, phone, worker, folder, clock):
    visit_with_photo(phone(worker), 1)
    for _ in range(3):
        assert take(app, folder, "--keep", "2").exit_code == 0
        clock.forward(seconds=2)

    assert len(list(folder.glob("*/manifest.json"))) == 2
    assert len([path for path in folder.glob("photos/*/*") if path.is_file()]) == 1


def _photos_in(place):
    return [path for path in place.rglob("*") if path.is_file() and len(path.name) == 64]


def _damage(path):
    path.write_bytes(path.read_bytes()[:-1])


def test_a_photo_that_has_rotted_in_the_backup_is_copied_anew(app, phone, worker, folder, clock):
    visit_with_photo(phone(worker), 1)
    take(app, folder)
    [photo] = _photos_in(folder / "photos")
    whole = photo.read_bytes()
    _damage(photo)
    clock.forward(minutes=10)

    done = take(app, folder)

    assert done.exit_code == 0, done.output
    assert "1 photos, 1 new" in done.output
    assert photo.read_bytes() == whole


def test_a_photo_that_is_damaged_in_the_backup_and_in_the_store_is_noticed_and_nothing_moves(
    app, phone, worker, folder, clock
):
    visit_with_photo(phone(worker), 1)
    take(app, folder)
    before = _durable_through()
    for place in (folder / "photos", app.extensions["photo_store"].root / "whole"):
        [photo] = _photos_in(place)
        _damage(photo)
    clock.forward(minutes=10)

    done = take(app, folder)

    assert done.exit_code == 1
    assert "damaged" in done.output
    assert _durable_through() == before


def test_a_backup_that_fails_leaves_no_copy_of_the_database(app, phone, worker, folder, clock):
    visit_with_photo(phone(worker), 1)
    take(app, folder)
    visit_with_photo(phone(worker), 2)
    shutil.rmtree(app.extensions["photo_store"].root / "whole")
    clock.forward(minutes=10)

    assert take(app, folder).exit_code == 1

    assert {path.name for path in folder.iterdir()} == {"photos", only(folder).name}


def test_a_copy_of_the_database_that_cannot_be_read_whole_is_no_backup(
    app, phone, worker, folder, monkeypatch
):
    phone(worker).record(factories.a_dwelling())
    real = databases.copy

    def copy_on_a_bad_disk(url, target):
        real(url, target)
        content = target.read_bytes()
        target.write_bytes(content[: len(content) // 2])

    monkeypatch.setattr(databases, "copy", copy_on_a_bad_disk)

    assert take(app, folder).exit_code == 1

    assert _durable_through() is None
    assert list(folder.iterdir()) == []


def test_what_a_killed_run_left_behind_goes_when_a_later_backup_is_whole(app, phone, worker, folder, clock):
    visit_with_photo(phone(worker), 1)
    (folder / "20200101T000000Z").mkdir(parents=True)
    (folder / "20200101T000000Z" / "database.sqlite3").write_bytes(b"half")
    (folder / "notes of ours").mkdir()

    done = take(app, folder, "--keep", "2")

    assert done.exit_code == 0, done.output
    assert {path.name for path in folder.iterdir()} == {"photos", "notes of ours", only(folder).name}


def test_a_photo_that_the_store_has_lost_is_noticed_and_nothing_moves(app, phone, worker, folder):
    visit_with_photo(phone(worker), 1)
    shutil.rmtree(app.extensions["photo_store"].root / "whole")

    done = take(app, folder)

    assert done.exit_code == 1
    assert _durable_through() is None
    assert not list(folder.glob("*/manifest.json"))


def _lose(app, key):
    app.extensions["photo_store"].forget(key)


def _newest(folder):
    return max(path.parent for path in folder.glob("*/manifest.json"))


def test_a_backup_names_the_photos_that_are_lost_and_keeps_all_the_rest(app, phone, worker, folder, clock):
    sender = phone(worker)
    take(app, folder)
    before = _durable_through()
    _event, part, _picture = visit_with_photo(sender, 1)
    visit_with_photo(sender, 2)
    lost = db.session.query(Photo).filter_by(photo_id=UUID(part["id"])).one()
    visit, key = lost.visit_id, lost.stored_digest
    _lose(app, key)
    clock.forward(minutes=10)

    done = take(app, folder, "--keep", "1")

    assert done.exit_code == 1
    assert f"{key} (gone): full photo {part['id']} of visit {visit}" in done.output
    assert "photos give-up" in done.output
    assert _durable_through() == before
    assert len(list(folder.glob("*/manifest.json"))) == 2
    assert len((_newest(folder) / "photos.txt").read_text().split()) == 1
    assert databases.check(_newest(folder) / databases.name_for(app.config["DATABASE_URL"])) is None


def test_a_lost_photo_that_its_phone_sends_again_is_in_the_next_backup(app, phone, worker, folder, clock):
    sender = phone(worker)
    event, part, picture = visit_with_photo(sender, 1)
    _lose(app, db.session.query(Photo).one().stored_digest)
    assert take(app, folder).exit_code == 1
    clock.forward(minutes=10)

    sender.reconcile(event, photos=[{"id": part["id"], "kind": "full", "digest": part["digest"]}])
    sender.upload_photo(visit_of(event), part, picture)
    done = take(app, folder)

    assert done.exit_code == 0, done.output
    assert "1 photos, 1 new" in done.output


def test_a_photo_that_nobody_has_any_more_is_given_up_and_backups_count_again(
    app, phone, worker, folder, clock
):
    sender = phone(worker)
    event, part, picture = visit_with_photo(sender, 1)
    visit_with_photo(sender, 2)
    lost = db.session.query(Photo).filter_by(photo_id=UUID(part["id"])).one()
    here = db.session.query(Photo).filter(Photo.id != lost.id).one().stored_digest
    _lose(app, lost.stored_digest)

    told = app.test_cli_runner().invoke(args=["photos", "give-up", lost.stored_digest, here])
    done = take(app, folder)

    assert told.output.startswith("1 photos are given up")
    assert done.exit_code == 0, done.output
    assert "Photo-Receipt" not in sender.start_photo(visit_of(event), part).headers
    assert "Photo-Receipt" in sender.upload_photo(visit_of(event), part, picture).headers


def test_a_backup_taken_while_visits_come_holds_a_consistent_state(
    app, phone, worker, folder, tmp_path, empty_database, monkeypatch
):
    sender, real = phone(worker), databases.copy
    doors = [factories.a_dwelling().id for _ in range(12)]
    come = []

    def send():
        with app.app_context():
            for door in doors:
                come.append(sender.record(door)["id"])

    def copy_amid(url, target):
        until(lambda: come)
        before = len(come)
        real(url, target)
        counted.update(before=before, after=until(lambda: len(come) > before and len(come)))

    counted = {}
    monkeypatch.setattr(databases, "copy", copy_amid)
    side = Side(send)
    done = take(app, folder)
    side.result()
    assert done.exit_code == 0, done.output

    other = other_app(tmp_path, empty_database)
    assert restore(other, only(folder)).exit_code == 0

    with other.app_context():
        here = {str(row.id) for row in db.session.query(VisitRevision)}
        assert here == {str(row.id) for row in db.session.query(InboxEvent)} == set(come[: len(here)])
        assert counted["before"] <= len(here) == db.session.query(Visit).count()
        assert not list(tallies.recount(db.session()))
        assert verify(factories.DISTRICT).broken_at is None
        db.session.remove()
        db.engine.dispose()


@pytest.mark.only_on("sqlite")
def test_a_backup_ends_while_others_write_without_a_pause(app, phone, worker, folder):
    visit_with_photo(phone(worker), 1)
    db.session.rollback()
    most, ended, path = 1_000_000, Event(), db.engine.url.database
    with closing(sqlite3.connect(path, isolation_level=None)) as large:
        large.execute("CREATE TABLE padding (content BLOB)")
        large.execute("INSERT INTO padding VALUES (zeroblob(40000000))")
        [pages] = large.execute("PRAGMA page_count").fetchone()

    def write():
        with closing(sqlite3.connect(path, isolation_level=None, timeout=30)) as foreign:
            foreign.execute("PRAGMA synchronous=OFF")
            for number in range(most):
                foreign.execute("INSERT INTO padding VALUES (x'00')")
                if ended.is_set():
                    return number
        return most

    side = Side(write)
    done = take(app, folder)
    ended.set()

    assert done.exit_code == 0, done.output
    assert pages > 9_000
    assert side.result(120) < most, "the backup has waited for the writer to stop"
