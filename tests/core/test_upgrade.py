"""A database that is in use is upgraded with everything in it, from the first release of each table on."""

import sqlite3
from contextlib import closing
from uuid import uuid4

import pytest
from flask_migrate import upgrade

from app import create_app
from field.core.db import db

DISTRICT, GRID = 620402, "620402001005-01"
KINDS = {
    "INT": 0,
    "BOOL": 0,
    "FLOAT": 0,
    "NUMERIC": 0,
    "DATETIME": "2026-01-01 00:00:00",
    "DATE": "2026-01-01",
}


def _insert(connection, table, **given):
    """A row with what was given, and something fitting in every other column that wants it."""
    row = {"id": uuid4().hex, "district": DISTRICT, "grid_code": GRID} | given
    columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
    for _position, name, kind, needed, default, _key in columns:
        if needed and default is None and name not in row:
            row[name] = next((value for key, value in KINDS.items() if key in kind), "")
    row = {name: value for name, value in row.items() if name in {column[1] for column in columns}}
    names = ", ".join(f'"{name}"' for name in row)
    places = ", ".join("?" * len(row))
    connection.execute(f"INSERT INTO {table} ({names}) VALUES ({places})", list(row.values()))
    return row.get("id")


def _fill(file):
    """A visit with a revision, a review, a photo and a hazard with two steps, as the first release kept them."""
    with closing(sqlite3.connect(file)) as connection, connection:
        _insert(connection, "areas", code=GRID)
        user = _insert(connection, "users", username="worker")
        building = _insert(connection, "buildings")
        door = _insert(connection, "dwellings", building_id=building)
        visit = _insert(connection, "visits", dwelling_id=door, author_id=user)
        _insert(connection, "visit_revisions", visit_id=visit, author_id=user, number=1)
        _insert(connection, "reviews", visit_id=visit, reviewer_id=user, revision=1)
        _insert(connection, "photos", visit_id=visit, photo_id=uuid4().hex, device_id=uuid4().hex)
        finding = _insert(
            connection,
            "findings",
            dwelling_id=door,
            visit_id=visit,
            found_by=user,
            status="referred",
            departments='["fire_rescue"]',
            photo_ids="[]",
        )
        for status, at in (("found", "2026-01-01 00:00:00.000"), ("referred", "2026-01-01 00:00:00.001")):
            _insert(connection, "finding_steps", finding_id=finding, status=status, at=at, actor_id=user)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


@pytest.mark.only_on("sqlite")
def test_a_database_with_rows_is_upgraded_and_nothing_of_it_is_lost(database_kind, tmp_path):
    app = create_app({"FIELD_ENV": "test", "FIELD_DATA": str(tmp_path)})
    with app.app_context():
        upgrade(revision="0001")
        _fill(tmp_path / "doorstep.sqlite3")

        upgrade()

        with db.engine.connect() as connection:
            steps = connection.exec_driver_sql(
                "SELECT number, action, came_from, department FROM finding_steps ORDER BY number"
            ).all()
            kept = {
                table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar()
                for table in ("visits", "visit_revisions", "reviews", "photos", "findings")
            }
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        db.engine.dispose()
    assert [tuple(row) for row in steps] == [(1, "found", None, None), (2, "refer", "found", "fire_rescue")]
    assert set(kept.values()) == {1}
    assert broken == []


@pytest.mark.only_on("sqlite")
def test_of_doors_with_the_same_code_the_first_keeps_it_and_phones_hear_of_the_other(database_kind, tmp_path):
    app = create_app({"FIELD_ENV": "test", "FIELD_DATA": str(tmp_path)})
    with app.app_context():
        upgrade(revision="0024")
        with closing(sqlite3.connect(tmp_path / "doorstep.sqlite3")) as connection, connection:
            _insert(connection, "areas", code=GRID)
            _insert(connection, "district_heads", change_no=7, audit_no=0, audit_hash=b"")
            building = _insert(connection, "buildings")
            doors = {
                "gone": ("0" * 32, "A"),
                "first": ("1" * 32, "A"),
                "later": ("2" * 32, "A"),
                "own": ("3" * 32, "B"),
            }
            for name, (key, plate) in doors.items():
                closed = {"merged_into": "1" * 32} if name == "gone" else {}
                facts = {"id": key, "plate": plate, "door": name, "change_no": 1, **closed}
                _insert(connection, "dwellings", building_id=building, **facts)

        upgrade()

        with db.engine.connect() as connection:
            kept = connection.exec_driver_sql(
                "SELECT door, plate, change_no FROM dwellings ORDER BY id"
            ).all()
        assert kept == [("gone", None, 8), ("first", "A", 1), ("later", None, 9), ("own", "B", 1)]
        db.engine.dispose()
