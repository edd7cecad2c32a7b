"""Restoring: all or nothing, under a new epoch, with everything that was kept, and never beside a running server."""

import sqlite3
from uuid import UUID

import pytest

from field.core.db import db
from field.core.installation import installation
from field.photos.models import Photo, PhotoState
from field.visits.models import Visit
from tests import factories
from tests.backups.commands import only, other_app, restore, take, visit_of, visit_with_photo
from tests.steps import Died


def test_after_an_older_backup_was_restored_phones_fill_the_hole_by_themselves(
    app, phone, worker, folder, tmp_path, empty_database
):
    walker, door = phone(worker), factories.a_dwelling()
    kept, kept_part, _bytes = visit_with_photo(walker, 1)
    take(app, folder)
    lost, lost_part, picture = visit_with_photo(walker, 2, door)
    old_epoch = walker.epoch

    other = other_app(tmp_path, empty_database)
    done = restore(other, only(folder))
    assert done.exit_code == 0, done.output
    walker.browser.application = other

    held = [{"id": part["id"], "kind": "full", "digest": part["digest"]} for part in (kept_part, lost_part)]
    told = walker.reconcile(kept, lost, photos=held)
    assert told["epoch"] != old_epoch
    assert told["missing"] == [lost["id"]]
    assert told["photos_missing"] == [lost_part["id"]]

    results = walker.send(kept, lost)
    walker.upload_photo(visit_of(lost), lost_part, picture)

    assert sorted(result["result"] for result in results) == ["accepted", "duplicate"]
    told = walker.reconcile(kept, lost, photos=held)
    assert (told["missing"], told["photos_missing"], told["photos_partial"]) == ([], [], [])
    with other.app_context():
        assert db.session.query(Visit).count() == 2
        db.session.remove()
        db.engine.dispose()


@pytest.mark.only_on("sqlite")
def test_a_copy_of_the_database_that_is_damaged_is_never_restored(app, phone, worker, folder, tmp_path):
    visit_with_photo(phone(worker), 1)
    take(app, folder)
    copied = only(folder) / "database.sqlite3"
    content = bytearray(copied.read_bytes())
    content[5000:5100] = bytes(255 - byte for byte in content[5000:5100])
    copied.write_bytes(content)

    other = other_app(tmp_path, f"sqlite:///{tmp_path / 'other' / 'new.sqlite3'}")
    done = restore(other, only(folder))

    assert done.exit_code == 1
    assert "is not what was backed up" in done.output
    assert (
        not (tmp_path / "other" / "new.sqlite3").exists()
        or not sqlite3.connect(tmp_path / "other" / "new.sqlite3")
        .execute("SELECT name FROM sqlite_master")
        .fetchall()
    )


def test_a_backup_is_never_restored_over_anything(app, phone, worker, folder, tmp_path):
    visit_with_photo(phone(worker), 1)
    take(app, folder)

    done = restore(other_app(tmp_path, app.config["DATABASE_URL"]), only(folder))

    assert done.exit_code == 1
    assert "not empty" in done.output
    assert db.session.query(Visit).count() == 1


def test_a_folder_without_a_manifest_is_no_backup(app, folder, tmp_path, empty_database):
    (folder / "half").mkdir(parents=True)
    other = other_app(tmp_path, empty_database)

    done = restore(other, folder / "half")

    assert done.exit_code == 1
    assert "holds no whole backup" in done.output


def _restore_and_die(other, target, step, monkeypatch):
    def die(*_arguments, **_more):
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(step, die)
        with pytest.raises(Died):
            restore(other, target)


@pytest.mark.parametrize("step", ["databases.bring_back", "cli.upgrade", "service.new_id"])
def test_a_restore_that_dies_at_any_step_is_ended_by_running_it_again(
    step, app, phone, worker, folder, tmp_path, empty_database, monkeypatch
):
    walker, door = phone(worker), factories.a_dwelling()
    kept, _part, _bytes = visit_with_photo(walker, 1)
    take(app, folder)
    lost, _part, _bytes = visit_with_photo(walker, 2, door)
    old_epoch, other = walker.epoch, other_app(tmp_path, empty_database)
    _restore_and_die(other, only(folder), f"field.backups.{step}", monkeypatch)

    done = restore(other, only(folder))

    assert done.exit_code == 0, done.output
    walker.browser.application = other
    told = walker.reconcile(kept, lost)
    assert (told["epoch"] != old_epoch, told["missing"]) == (True, [lost["id"]])
    assert sorted(one["result"] for one in walker.send(kept, lost)) == ["accepted", "duplicate"]


def test_a_restore_that_has_not_come_to_its_end_serves_no_phone_under_the_old_epoch(
    app, phone, worker, folder, tmp_path, empty_database, monkeypatch
):
    walker = phone(worker)
    visit_with_photo(walker, 1)
    take(app, folder)
    other = other_app(tmp_path, empty_database)
    _restore_and_die(other, only(folder), "field.backups.cli.upgrade", monkeypatch)

    other.config["PROPAGATE_EXCEPTIONS"] = False
    walker.browser.application = other
    probe = walker.browser.get("/sync/probe")
    batch = walker.post(walker.batch(walker.event(walker.visit_body(factories.a_dwelling()))))

    assert (probe.status_code, batch.status_code) == (500, 500)
    assert walker.epoch not in probe.get_data(as_text=True)


def test_after_a_restore_that_was_resumed_phones_keep_everything_until_the_next_backup(
    app, phone, worker, folder, tmp_path, empty_database, monkeypatch
):
    visit_with_photo(phone(worker), 1)
    take(app, folder)
    other = other_app(tmp_path, empty_database)
    _restore_and_die(other, only(folder), "field.backups.cli.upgrade", monkeypatch)

    restore(other, only(folder))

    with other.app_context():
        assert installation().durable_through is None
        db.session.remove()
        db.engine.dispose()


def _kept_aside(phone):
    """A picture that could not be used; answers (its visit's event, part, bytes)."""
    rotten = b"\xff\xd8 no picture " * 50
    part = phone.photo_part(rotten)
    event = phone.record(factories.a_dwelling(), photos=[part])
    assert phone.upload_photo(visit_of(event), part, rotten).status_code == 422
    return event, part, rotten


def test_a_picture_that_was_kept_aside_comes_back_with_its_bytes(
    app, phone, worker, folder, tmp_path, empty_database, clock
):
    walker = phone(worker)
    _event, part, rotten = _kept_aside(walker)
    take(app, folder)
    clock.forward(seconds=2)
    assert take(app, folder, "--keep", "1").exit_code == 0

    other = other_app(tmp_path, empty_database)
    assert restore(other, only(folder)).exit_code == 0

    with other.app_context():
        row = db.session.query(Photo).filter_by(photo_id=UUID(part["id"])).one()
        assert row.state == PhotoState.QUARANTINED
        assert other.extensions["photo_store"].part(row.id) == rotten
        db.session.remove()
        db.engine.dispose()


def test_a_picture_that_was_kept_aside_and_is_lost_is_asked_for_again(
    app, phone, worker, folder, tmp_path, empty_database
):
    walker = phone(worker)
    event, part, rotten = _kept_aside(walker)
    app.extensions["photo_store"].discard(db.session.query(Photo).one().id)
    take(app, folder)

    other = other_app(tmp_path, empty_database)
    assert restore(other, only(folder)).exit_code == 0
    walker.browser.application = other
    held = [{"id": part["id"], "kind": "full", "digest": part["digest"]}]

    assert walker.reconcile(event, photos=held)["photos_partial"] == [part["id"]]
    walker.upload_photo(visit_of(event), part, rotten)
    assert walker.reconcile(event, photos=held)["photos_quarantined"] == [part["id"]]


def test_nothing_is_restored_beside_a_running_server(app, phone, worker, folder, tmp_path, empty_database):
    visit_with_photo(phone(worker), 1)
    take(app, folder)
    other = other_app(tmp_path, empty_database)
    other.test_client().get("/static/manifest.webmanifest")

    done = restore(other, only(folder))

    assert done.exit_code == 1
    assert "a server runs on this data folder; stop it first" in done.output
