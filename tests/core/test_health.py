"""The health page tells the truth about the database and the photo store, and nothing else."""

import pytest

from field.core import health


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
