"""A database that Litestream or WAL archiving has brought back to an earlier moment: phones fill the hole."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from field.core.changes import DistrictHead
from field.core.db import db, transaction
from field.core.installation import installation
from field.places.models import Dwelling
from tests import factories
from tests.backups.commands import other_app


def _path():
    return Path(db.engine.url.database)


def _copy():
    """The database as it is now, as something outside the program keeps it."""
    kept = _path().with_name("moment.sqlite3")
    db.session.remove()
    with closing(sqlite3.connect(_path())) as live, closing(sqlite3.connect(kept)) as copy:
        live.backup(copy)
    return kept


def _bring_back(kept):
    db.session.remove()
    db.engine.dispose()
    with closing(sqlite3.connect(kept)) as copy, closing(sqlite3.connect(_path())) as live:
        copy.backup(live)


def _new_epoch(app):
    with app.app_context():
        done = app.test_cli_runner().invoke(args=["backup", "new-epoch"])
        db.session.remove()
    return done


def _change(sender, door_id, rooms):
    door = db.session.get(Dwelling, door_id)
    return sender.record(door, unchanged=None, dwelling_changes={"rooms": rooms})


@pytest.mark.only_on("sqlite")
def test_after_a_new_epoch_phones_offer_what_was_lost_and_packs_miss_nothing(
    app, phone, worker, second_worker, database_url, tmp_path
):
    lost, later = (factories.a_dwelling().id for _ in range(2))
    reader, sender = phone(worker), phone(second_worker)
    kept = _copy()
    event = _change(sender, lost, 7)
    cursor, epoch = reader.pack()["cursor"], installation().epoch

    _bring_back(kept)
    done = _new_epoch(other_app(tmp_path, database_url))  # no server runs on its data folder
    _change(sender, later, 9)

    assert done.exit_code == 0, done.output
    db.session.expire_all()
    assert installation().epoch != epoch
    assert sender.reconcile(event)["missing"] == [event["id"]]
    pack = reader.pack(cursor)
    assert pack["reset"]
    assert {door["id"]: door["rooms"] for door in pack["doors"]} == {str(lost): 2, str(later): 9}


def test_a_cursor_ahead_of_all_changes_is_begun_anew(phone, worker):
    reader = phone(worker)
    factories.a_dwelling()
    cursor = reader.pack()["cursor"]
    with transaction():
        db.session.get_one(DistrictHead, factories.DISTRICT).change_no -= 1

    page = reader.pack_page(cursor)

    assert page["reset"]


def test_a_new_epoch_is_refused_while_a_server_runs(app, phone, worker):
    epoch = phone(worker).epoch

    done = app.test_cli_runner().invoke(args=["backup", "new-epoch"])

    assert (done.exit_code, "stop it first" in done.output) == (1, True)
    db.session.expire_all()
    assert str(installation().epoch) == epoch
