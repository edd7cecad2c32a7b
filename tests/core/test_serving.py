"""Servers and a restore keep out of each other's way."""

import subprocess
import sys

import pytest

from field.core.serving import SomebodyServes, alone

_SERVE_UNTIL_KILLED = """
import sys
from app import create_app
app = create_app({"FIELD_ENV": "test", "FIELD_DATA": sys.argv[1]})
app.test_client().get("/sync/probe")
print("serving", flush=True)
sys.stdin.read()
"""


def test_while_somebody_restores_requests_are_told_to_come_again(app, make_app, tmp_path):
    folder = app.config["DATA"]

    with alone(folder):
        refused = app.test_client().get("/sync/probe")

    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert app.test_client().get("/sync/probe").status_code == 200


def test_several_servers_share_a_data_folder_and_one_restore_has_it_alone(app, make_app):
    assert app.test_client().get("/sync/probe").status_code == 200
    assert make_app().test_client().get("/sync/probe").status_code == 200

    with pytest.raises(SomebodyServes), alone(app.config["DATA"]):
        pass


def test_a_server_that_was_killed_stands_in_nobodys_way(tmp_path):
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVE_UNTIL_KILLED, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    while server.stdout.readline() not in {"serving\n", ""}:
        pass
    with pytest.raises(SomebodyServes), alone(tmp_path):
        pass

    server.kill()
    server.communicate()

    with alone(tmp_path):
        pass


def test_two_restores_at_once_are_one_too_many(tmp_path):
    with alone(tmp_path), pytest.raises(SomebodyServes), alone(tmp_path):
        pass


def test_a_disk_without_locks_is_no_reason_not_to_serve(app, monkeypatch):
    def no_locks(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr("field.core.serving.fcntl.flock", no_locks)

    assert app.test_client().get("/sync/probe").status_code == 200
