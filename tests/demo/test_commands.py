"""`prepare` and `demo load`: the first run makes everything, the second keeps it, production refuses."""

import socket

import pytest

from app import create_app
from field.accounts.models import User
from field.core.db import db, transaction
from field.demo.cast import CAST, PASSWORD
from field.places.models import Dwelling
from tests import factories


def _free_port():
    with socket.create_server(("localhost", 0)) as nobody:
        return nobody.getsockname()[1]


ADDRESS = f"http://localhost:{_free_port()}"


def _run(app, *arguments):
    done = app.test_cli_runner().invoke(args=arguments)
    db.session.rollback()
    db.session.expire_all()
    return done


def _doors():
    return db.session.query(Dwelling).count()


def test_prepare_says_in_both_languages_where_to_go_and_as_whom(app):
    done = _run(app, "prepare", "--demo", "--address", ADDRESS)

    assert done.exit_code == 0, done.output
    for text in (ADDRESS, PASSWORD, "演示账号", "Demo accounts"):
        assert text in done.output
    for member in CAST:
        assert f"{member.username} " in done.output
        assert member.what_zh in done.output
        assert member.what_en in done.output


def test_prepare_says_that_a_port_is_taken_before_it_sends_anybody_there(app):
    with socket.create_server(("localhost", 0)) as other:
        done = _run(app, "prepare", "--demo", "--address", f"http://localhost:{other.getsockname()[1]}")

    assert done.exit_code == 1
    assert "PORT=" in done.output
    assert "Cannot serve there: Address already in use. " in done.output
    assert "Errno" not in done.output
    assert PASSWORD not in done.output


@pytest.mark.parametrize("port", ["80a", "99999", "abc", "0", "-1", "", "80 00"])
def test_prepare_refuses_what_is_no_port_in_plain_words(app, port):
    done = _run(app, "prepare", "--demo", "--address", f"http://localhost:{port}")

    assert done.exit_code == 1
    assert done.output == (
        f"Error: PORT 要填 1 到 65535 之间的数字，现在是“{port}”。 "
        f"PORT must be a number from 1 to 65535, not “{port}”.\n"
    )


def test_a_database_that_cannot_be_reached_is_one_line(tmp_path):
    address = f"sqlite:///{tmp_path / 'nowhere' / 'doorstep.sqlite3'}"
    app = create_app({"FIELD_ENV": "test", "FIELD_DATA": str(tmp_path), "FIELD_DATABASE_URL": address})

    done = app.test_cli_runner().invoke(args=["prepare"])

    assert done.exit_code == 1
    assert "FIELD_DATABASE_URL" in done.output
    assert len(done.output.splitlines()) == 1


def test_a_second_prepare_keeps_what_there_is(app):
    _run(app, "prepare", "--demo")
    with transaction():
        changed = db.session.query(Dwelling).first()
        changed.headcount = 77
    before = _doors(), changed.id

    done = _run(app, "prepare", "--demo")

    assert done.exit_code == 0
    assert (_doors(), db.session.query(Dwelling).filter_by(headcount=77).one().id) == before
    assert "演示账号" in done.output


def test_prepare_does_not_mix_the_demo_into_a_real_database(app):
    factories.a_user("worker", name="一位真的网格员")

    done = _run(app, "prepare", "--demo")

    assert done.exit_code == 0
    assert _doors() == 0
    assert PASSWORD not in done.output


def test_prepare_without_the_demo_makes_no_accounts(app):
    done = _run(app, "prepare", "--address", ADDRESS)

    assert done.exit_code == 0
    assert db.session.query(User).count() == 0
    assert "accounts create" in done.output


def test_loading_twice_says_so_and_changes_nothing(app):
    _run(app, "demo", "load")
    before = _doors()

    again, if_empty = _run(app, "demo", "load"), _run(app, "demo", "load", "--if-empty")

    assert again.exit_code != 0
    assert "nothing was changed" in again.output
    assert if_empty.exit_code == 0
    assert _doors() == before > 0


@pytest.mark.parametrize("command", [("demo", "load"), ("demo", "load", "--if-empty"), ("prepare", "--demo")])
def test_production_refuses_the_demo(make_app, command):
    app = make_app(FIELD_ENV="production", FIELD_TLS="true")

    with app.app_context():
        done = _run(app, *command)
        accounts = db.session.query(User).count()

    assert done.exit_code != 0
    assert "production" in done.output
    assert accounts == 0
