"""The list of a backup's photos: damaged, it is no list, so nothing is restored, acknowledged or removed by it."""

import orjson
import pytest

from field.backups import contents
from field.core.db import db
from field.core.installation import installation
from field.photos.models import Photo
from tests.backups.commands import only, other_app, restore, take, visit_with_photo

DAMAGE = {
    "cut within a line": lambda text: text[:-20],
    "cut behind a line": lambda text: text[: text.index(b"\n") + 1],
    "empty": lambda _text: b"",
    "another photo": lambda text: text.replace(text[:64], b"0" * 64),
    "no text": lambda text: b"\xff\xfe" + text,
    "missing": None,
}


def _damage(target, how):
    path, spoil = target / "photos.txt", DAMAGE[how]
    if spoil is None:
        path.unlink()
    else:
        path.write_bytes(spoil(path.read_bytes()))


def _forget_digest(target):
    """As backups were before: the manifest knows how many photos there are, and no more."""
    path = target / "manifest.json"
    manifest = orjson.loads(path.read_bytes())
    del manifest["photos_digest"]
    path.write_bytes(orjson.dumps(manifest))


@pytest.fixture
def target(app, phone, worker, folder):
    """A backup of two photos."""
    sender = phone(worker)
    for seed in (1, 2):
        visit_with_photo(sender, seed)
    assert take(app, folder).exit_code == 0
    return only(folder)


@pytest.mark.parametrize("how", DAMAGE)
def test_a_backup_whose_list_is_damaged_is_not_restored_with_fewer_photos(
    target, tmp_path, empty_database, how
):
    _damage(target, how)
    other = other_app(tmp_path, empty_database)

    done = restore(other, target)

    assert (done.exit_code, "photos.txt" in done.output) == (1, True)
    assert not [path for path in other.extensions["photo_store"].root.rglob("*") if len(path.name) == 64]


@pytest.mark.parametrize("how", [None, "cut within a line", "cut behind a line", "empty", "missing"])
def test_a_backup_of_before_is_restored_unless_photos_are_missing_from_its_list(
    target, tmp_path, empty_database, how
):
    _forget_digest(target)
    if how:
        _damage(target, how)
    other = other_app(tmp_path, empty_database)

    done = restore(other, target)

    assert done.exit_code == (1 if how else 0), done.output
    if not how:
        with other.app_context():
            assert db.session.query(Photo).filter_by(state="stored").count() == 2
            db.session.remove()
            db.engine.dispose()


def test_a_list_that_the_disk_has_not_kept_whole_is_no_backup(app, phone, worker, folder, monkeypatch):
    visit_with_photo(phone(worker), 1)
    real = contents.write_last

    def on_a_bad_disk(path, content):
        real(path, content[:-10] if path.name == "photos.txt" else content)

    monkeypatch.setattr(contents, "write_last", on_a_bad_disk)

    done = take(app, folder)

    assert (done.exit_code, "photos.txt" in done.output) == (1, True)
    db.session.expire_all()
    assert installation().durable_through is None
    assert not list(folder.glob("*/manifest.json"))


def _photos_in(folder):
    return {path.name for path in folder.glob("photos/*/*")}


@pytest.mark.parametrize("what", ["photos.txt", "manifest.json"])
def test_no_photo_goes_that_a_backup_may_need_whose_list_is_damaged(app, phone, worker, folder, clock, what):
    """The photo is named by that backup alone: it was lost here afterwards."""
    for _ in range(2):
        take(app, folder)
        clock.forward(seconds=2)
    visit_with_photo(phone(worker), 1)
    take(app, folder)
    clock.forward(seconds=2)
    taken = sorted(path.parent for path in folder.glob("*/manifest.json"))
    key = db.session.query(Photo).one().stored_digest
    app.extensions["photo_store"].forget(key)
    app.test_cli_runner().invoke(args=["photos", "give-up", key])
    (taken[2] / what).write_bytes((taken[2] / what).read_bytes()[:-30])

    done = take(app, folder, "--keep", "2")

    assert done.exit_code == 0, done.output
    assert f"Damaged: {taken[2].name}" in done.output
    assert _photos_in(folder) == {key}
    left = sorted(path.parent for path in folder.glob("*/manifest.json"))
    assert (left[:2], len(left)) == ([taken[1], taken[2]], 3)


def test_a_damaged_backup_that_would_have_gone_anyhow_goes_with_its_photos(app, phone, worker, folder, clock):
    visit_with_photo(phone(worker), 1)
    take(app, folder)
    key = db.session.query(Photo).one().stored_digest
    _damage(only(folder), "empty")
    app.extensions["photo_store"].forget(key)
    app.test_cli_runner().invoke(args=["photos", "give-up", key])
    clock.forward(seconds=2)

    done = take(app, folder, "--keep", "1")

    assert done.exit_code == 0, done.output
    assert "1 old backups removed" in done.output
    assert _photos_in(folder) == set()
