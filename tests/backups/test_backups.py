"""Backups: verified before phones hear of them, costing only what is new, and restored so that phones fill the hole."""

import shutil
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest

from app import create_app
from field.core.db import db
from field.core.installation import installation
from field.visits.models import Visit, VisitRevision
from tests import factories
from tests.photos.pictures import noise, saved
from tests.waiting import Side


@pytest.fixture
def folder(tmp_path):
    """Where backups go."""
    return tmp_path / "backups"


def _take(app, folder, *options):
    return app.test_cli_runner().invoke(args=["backup", "take", str(folder), *options])


def _restore(other, target):
    """Run by hand in a context of the other application: the test's own would be taken otherwise."""
    with other.app_context():
        done = other.test_cli_runner().invoke(args=["backup", "restore", str(target)])
        db.session.remove()
        db.engine.dispose()
    return done


def _only(folder):
    [manifest] = folder.glob("*/manifest.json")
    return manifest.parent


def _durable_through():
    db.session.rollback()
    db.session.expire_all()
    return installation().durable_through


def _visit_with_photo(phone, seed, door=None):
    """A visit and its photo, both received; answers (event, photo part, bytes)."""
    picture = saved(noise(100 + seed), "JPEG")
    part = phone.photo_part(picture)
    event = phone.record(door or factories.a_dwelling(), photos=[part])
    phone.upload_photo(_visit_of(event), part, picture)
    return event, part, picture


def _visit_of(event):
    return event["body"].split('"visit":"')[1][:36]


def test_a_backup_moves_the_moment_up_to_which_phones_may_let_go(app, phone, worker, folder, clock):
    event, _part, _picture = _visit_with_photo(phone(worker), 1)
    clock.forward(minutes=6)

    done = _take(app, folder)

    assert done.exit_code == 0, done.output
    received = db.session.get(VisitRevision, UUID(event["id"])).received_at
    assert _durable_through() >= received
    assert "1 photos, 1 new" in done.output


def test_what_came_while_the_copy_was_made_is_not_called_safe(app, phone, worker, folder):
    event, _part, _picture = _visit_with_photo(phone(worker), 1)

    _take(app, folder)

    received = db.session.get(VisitRevision, UUID(event["id"])).received_at
    assert _durable_through() < received


def test_the_second_backup_copies_only_new_photos(app, phone, worker, folder, clock):
    sender = phone(worker)
    _visit_with_photo(sender, 1)
    _take(app, folder)
    _visit_with_photo(sender, 2)
    clock.forward(seconds=2)

    done = _take(app, folder)

    assert "2 photos, 1 new" in done.output


def test_only_the_newest_backups_and_their_photos_are_kept(app, phone, worker, folder, clock):
    _visit_with_photo(phone(worker), 1)
    for _ in range(3):
        assert _take(app, folder, "--keep", "2").exit_code == 0
        clock.forward(seconds=2)

    assert len(list(folder.glob("*/manifest.json"))) == 2
    assert len([path for path in folder.glob("photos/*/*") if path.is_file()]) == 1


def test_a_photo_that_is_damaged_in_the_backup_is_noticed_and_nothing_moves(
    app, phone, worker, folder, clock
):
    _visit_with_photo(phone(worker), 1)
    _take(app, folder)
    before = _durable_through()
    [photo] = [path for path in folder.glob("photos/*/*") if path.is_file()]
    photo.write_bytes(photo.read_bytes()[:-1])
    clock.forward(minutes=10)

    done = _take(app, folder)

    assert done.exit_code == 1
    assert "damaged" in done.output
    assert _durable_through() == before


def test_a_photo_that_the_store_has_lost_is_noticed_and_nothing_moves(app, phone, worker, folder):
    _visit_with_photo(phone(worker), 1)
    shutil.rmtree(app.extensions["photo_store"].root / "whole")

    done = _take(app, folder)

    assert done.exit_code == 1
    assert _durable_through() is None
    assert not list(folder.glob("*/manifest.json"))


@pytest.mark.only_on("sqlite")
def test_a_copy_of_the_database_that_is_damaged_is_never_restored(app, phone, worker, folder, tmp_path):
    _visit_with_photo(phone(worker), 1)
    _take(app, folder)
    copied = _only(folder) / "database.sqlite3"
    content = bytearray(copied.read_bytes())
    content[5000:5100] = bytes(255 - byte for byte in content[5000:5100])
    copied.write_bytes(content)

    other = _other_app(tmp_path, f"sqlite:///{tmp_path / 'other' / 'new.sqlite3'}")
    done = _restore(other, _only(folder))

    assert done.exit_code == 1
    assert "is not what was backed up" in done.output
    assert (
        not (tmp_path / "other" / "new.sqlite3").exists()
        or not sqlite3.connect(tmp_path / "other" / "new.sqlite3")
        .execute("SELECT name FROM sqlite_master")
        .fetchall()
    )


def test_a_backup_is_never_restored_over_anything(app, phone, worker, folder):
    _visit_with_photo(phone(worker), 1)
    _take(app, folder)

    done = app.test_cli_runner().invoke(args=["backup", "restore", str(_only(folder))])

    assert done.exit_code == 1
    assert "not empty" in done.output
    assert db.session.query(Visit).count() == 1


def test_a_folder_without_a_manifest_is_no_backup(app, folder, tmp_path, empty_database):
    (folder / "half").mkdir(parents=True)
    other = _other_app(tmp_path, empty_database)

    done = _restore(other, folder / "half")

    assert done.exit_code == 1
    assert "holds no whole backup" in done.output


def test_a_backup_taken_while_visits_come_holds_a_consistent_state(app, phone, worker, folder):
    sender = phone(worker)
    doors = [factories.a_dwelling().id for _ in range(12)]

    def send():
        with app.app_context():
            for door in doors:
                sender.record(door)

    side = Side(send)
    done = _take(app, folder)
    side.result()

    assert done.exit_code == 0, done.output
    assert _only(folder)


@pytest.fixture
def empty_database(database_kind, tmp_path, request):
    """The address of a database in which there is nothing at all."""
    if database_kind == "sqlite":
        return f"sqlite:///{tmp_path / 'other' / 'restored.sqlite3'}"
    server = request.getfixturevalue("cluster")
    return server.create(f"restored_{request.node.name.split('[')[0][-40:]}", "template0")


def _other_app(tmp_path, url) -> object:
    data = Path(tmp_path / "other")
    data.mkdir(exist_ok=True)
    if (tmp_path / "keys.json").exists():
        shutil.copy(tmp_path / "keys.json", data / "keys.json")
    return create_app({"FIELD_ENV": "test", "FIELD_DATA": str(data), "FIELD_DATABASE_URL": url})


def test_after_an_older_backup_was_restored_phones_fill_the_hole_by_themselves(
    app, phone, worker, folder, tmp_path, empty_database
):
    walker, door = phone(worker), factories.a_dwelling()
    kept, kept_part, _bytes = _visit_with_photo(walker, 1)
    _take(app, folder)
    lost, lost_part, picture = _visit_with_photo(walker, 2, door)
    old_epoch = walker.epoch

    other = _other_app(tmp_path, empty_database)
    done = _restore(other, _only(folder))
    assert done.exit_code == 0, done.output
    walker.browser.application = other

    held = [{"id": part["id"], "kind": "full", "digest": part["digest"]} for part in (kept_part, lost_part)]
    told = walker.reconcile(kept, lost, photos=held)
    assert told["epoch"] != old_epoch
    assert told["missing"] == [lost["id"]]
    assert told["photos_missing"] == [lost_part["id"]]

    results = walker.send(kept, lost)
    walker.upload_photo(_visit_of(lost), lost_part, picture)

    assert sorted(result["result"] for result in results) == ["accepted", "duplicate"]
    told = walker.reconcile(kept, lost, photos=held)
    assert (told["missing"], told["photos_missing"], told["photos_partial"]) == ([], [], [])
    with other.app_context():
        assert db.session.query(Visit).count() == 2
        db.session.remove()
        db.engine.dispose()
