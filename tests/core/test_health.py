"""The health page tells the truth about the database and the photo store, and nothing else."""

import errno
import os
import threading

import pytest

from field.core import health
from tests.browser import browser_of
from tests.locks import held
from tests.photos.disks import failing


@pytest.fixture(autouse=True)
def no_memory(monkeypatch):
    """Every question is tried anew."""
    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)


def test_a_server_that_can_write_is_healthy(anonymous):
    answer = anonymous.get("/healthz")

    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "photos": "ok"}


def test_a_photo_store_that_is_gone_is_told(app, anonymous, tmp_path):
    app.extensions["photo_store"].root = tmp_path / "not" / "there"
    (tmp_path / "not").write_text("a file stands where the folder should be")

    answer = anonymous.get("/healthz")

    assert (answer.status_code, answer.json["photos"], answer.json["database"]) == (503, "failing", "ok")


def test_a_lost_database_is_told(anonymous, monkeypatch):
    def refuse():
        raise OSError("the database is somewhere else")

    monkeypatch.setitem(anonymous.application.extensions["health"], "database", refuse)

    answer = anonymous.get("/healthz")

    assert (answer.status_code, answer.json["status"], answer.json["database"]) == (503, "failing", "failing")


def test_the_answer_names_no_cause(anonymous, monkeypatch):
    def refuse():
        raise OSError("/secret/place")

    monkeypatch.setitem(anonymous.application.extensions["health"], "photos", refuse)

    assert "secret" not in anonymous.get("/healthz").get_data(as_text=True)


def test_asking_often_does_not_mean_trying_often(anonymous, monkeypatch):
    monkeypatch.setattr(health, "KEPT_SECONDS", 60.0)
    anonymous.application.extensions.pop("health_answer", None)
    tries = []
    monkeypatch.setitem(anonymous.application.extensions["health"], "database", lambda: tries.append(1))

    for _ in range(5):
        anonymous.get("/healthz")

    assert len(tries) == 1


def test_a_part_that_hangs_is_told_in_bounded_time_and_tried_once(anonymous, monkeypatch):
    go_on, tries = threading.Event(), []

    def hang():
        tries.append(1)
        go_on.wait(30)

    monkeypatch.setattr(health, "LONGEST_SECONDS", 0.05)
    monkeypatch.setitem(anonymous.application.extensions["health"], "photos", hang)

    answers = [anonymous.get("/healthz").json for _ in range(3)]
    monkeypatch.setattr(health, "LONGEST_SECONDS", 10)
    go_on.set()
    healed = anonymous.get("/healthz")

    assert [answer["photos"] for answer in answers] == ["failing"] * 3
    assert [answer["database"] for answer in answers] == ["ok"] * 3
    assert (healed.status_code, len(tries)) == (200, 1)


def test_a_database_that_takes_no_write_is_told(make_app, database_url):
    app = make_app(FIELD_LOCK_WAIT_SECONDS="0.05")

    with app.app_context(), held(database_url, "installation"):
        answer = browser_of(app).get("/healthz")

    assert (answer.status_code, answer.json["database"], answer.json["photos"]) == (503, "failing", "ok")


def test_a_photo_store_that_is_full_is_told(anonymous, monkeypatch):
    monkeypatch.setattr(os, "pwrite", failing(errno.ENOSPC))

    assert anonymous.get("/healthz").json["photos"] == "failing"
