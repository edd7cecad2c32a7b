"""Pictures that no photo names go after a week, and never those that one names; what a killed process began to
write goes after a day."""

import io
import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.photos import forgetting
from field.photos.models import Photo
from tests import factories


def _store(app):
    return app.extensions["photo_store"]


def _files(app, folder):
    return [path for path in (_store(app).root / folder).rglob("*") if path.is_file()]


def _sweep(app):
    told = app.test_cli_runner().invoke(args=["photos", "sweep"])
    assert told.exit_code == 0, told.output
    return int(told.output.split()[0])


def _refused(client_of, lead, picture):
    """A recheck whose form lacks something: its photo was proved and kept before that was seen."""
    hazard = factories.a_hazard()
    form = {"version": "2", "reason": "长" * 10, "photos": (io.BytesIO(picture), "photo.jpg")}
    answer = client_of(lead).post(f"/hazards/{hazard.id}/recheck", data=form)
    assert answer.status_code == 422


def test_the_photo_of_a_step_that_was_refused_goes_after_a_week_and_not_before(
    app, client_of, lead, content, clock
):
    _refused(client_of, lead, content)
    [kept] = _files(app, "whole")

    early = _sweep(app)
    clock.forward(days=8)

    assert (early, kept.exists()) == (0, True)
    assert _sweep(app) == 1
    assert _files(app, "whole") == []


def test_what_a_photo_names_stays_however_old_and_however_often_it_came(
    app, client_of, lead, sender, visit, content, clock
):
    sender.upload_photo(visit, sender.photo_part(content), content)
    _refused(client_of, lead, content)
    clock.forward(days=400)

    assert _sweep(app) == 0
    assert len(_files(app, "whole")) == 1


def test_what_is_named_between_looking_and_deleting_stays(
    app, client_of, lead, sender, visit, content, clock
):
    _refused(client_of, lead, content)
    clock.forward(days=8)
    store = _store(app)
    left = forgetting.unnamed(store, utcnow())
    sender.upload_photo(visit, sender.photo_part(content), content)

    with transaction():
        gone = forgetting.forget_unnamed(left, store)

    assert (len(left), gone) == (1, 0)
    assert len(_files(app, "whole")) == 1


def test_a_form_whose_photo_has_just_gone_is_asked_to_come_again(app, client_of, lead, content, monkeypatch):
    hazard = factories.a_hazard()
    monkeypatch.setattr("field.photos.store.FolderStore.holds", lambda *_: False)
    form = {"version": "2", "passed": "true", "photos": (io.BytesIO(content), "photo.jpg")}

    answer = client_of(lead).post(f"/hazards/{hazard.id}/recheck", data=form)

    assert answer.status_code == 503
    assert db.session.query(Photo).count() == 0


_KILLED_WHILE_WRITING = """
import os, signal, sys
from pathlib import Path
from field.photos.store import FolderStore

os.fsync, store = lambda *_: None, FolderStore(Path(sys.argv[1]))
os.fsync = lambda *_: os.kill(os.getpid(), signal.SIGKILL) if any((store.root / "fresh").iterdir()) else None
store.put(b"a picture that never became whole")
"""


@pytest.fixture
def unwritten(app):
    """The temporary file of a process that was killed while it wrote a picture."""
    command = [sys.executable, "-c", _KILLED_WHILE_WRITING, str(_store(app).root)]
    ended = subprocess.run(command, cwd=Path(__file__).parents[2], check=False, timeout=60)
    assert ended.returncode == -signal.SIGKILL
    [path] = _files(app, "fresh")
    return path


def test_what_a_killed_process_was_writing_goes_after_a_day_and_not_before(app, unwritten, clock):
    _sweep(app)
    early = unwritten.exists()

    clock.forward(days=1, hours=1)
    _sweep(app)

    assert early
    assert not unwritten.exists()


def test_it_goes_with_the_hourly_look_too(app, unwritten, clock, sender, visit, content):
    clock.forward(days=1, hours=1)

    answer = sender.upload_photo(visit, sender.photo_part(content), content)

    assert answer.status_code == 204
    assert not unwritten.exists()
    assert len(_files(app, "whole")) == 1


@pytest.mark.parametrize("place", ["whole/ab/cd/.abcd-0123456789ab", "copies/ab/.abcd.thumb-0-0123456789ab"])
def test_what_an_earlier_version_left_beside_the_content_goes_too(app, place, clock):
    path = _store(app).root / place
    path.parent.mkdir(parents=True)
    path.write_bytes(b"half")
    recent = path.with_name(".recent-0123456789ab")
    recent.write_bytes(b"half")
    written = (utcnow() + timedelta(days=2)).timestamp()
    os.utime(recent, (written, written))

    clock.forward(days=2)
    _sweep(app)

    assert (path.exists(), recent.exists()) == (False, True)
