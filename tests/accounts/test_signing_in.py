"""Signing in and out: who gets in, what strangers learn, and how guessing is slowed."""

import pytest
from argon2 import PasswordHasher

from field.accounts import service
from field.accounts.models import SignIn, User
from field.accounts.routes import HOME
from field.audit import queries as audit
from field.core.db import db, transaction
from tests import factories
from tests.browser import browser_of

PASSWORD = factories.PASSWORD


def _try(browser, username, password=PASSWORD, **more):
    return browser.post("/sign-in", data={"username": username, "password": password, **more})


@pytest.mark.parametrize("role", ["worker", "lead", "handler", "office", "officer", "admin"])
def test_each_role_starts_at_its_own_page(anonymous, role):
    user = factories.a_user(role)

    answer = _try(anonymous, role)

    assert (answer.status_code, answer.location) == (303, HOME[user.role])


def test_the_name_may_be_written_in_capitals_and_with_spaces(anonymous, worker):
    assert _try(anonymous, " Worker ").status_code == 303


def test_after_signing_in_the_browser_is_known(anonymous, worker):
    assert anonymous.get("/").status_code == 302
    assert anonymous.get("/").location.startswith("/sign-in")

    _try(anonymous, "worker")

    assert anonymous.get("/").location == "/phone/"


def test_a_worker_stays_signed_in_when_the_phone_ends_its_browser_and_nobody_else_does(app, worker, lead):
    for user, kept in ((worker, True), (lead, False)):
        answer = browser_of(app).post("/sign-in", data={"username": user.username, "password": PASSWORD})
        (cookie,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("session=")]
        assert ("Expires=" in cookie) is kept


def test_a_wrong_password_is_refused_and_nothing_is_opened(anonymous, worker):
    assert _try(anonymous, "worker", "not this one").status_code == 401
    assert db.session.query(SignIn).count() == 0


def _told(answer, username):
    """The page without what differs by request: the name that was typed, and the form token."""
    lines = answer.get_data(as_text=True).replace(username, "NAME").splitlines()
    return [line for line in lines if "csrf_token" not in line]


def test_a_stranger_gets_the_same_answer_as_a_member(anonymous, worker):
    known, unknown = _try(anonymous, "worker", "wrong"), _try(anonymous, "walker", "wrong")

    assert known.status_code == unknown.status_code == 401
    assert _told(known, "worker") == _told(unknown, "walker")


class CountingHasher(PasswordHasher):
    """Counts how often a password was verified: what takes the time."""

    verified = 0

    def verify(self, *args, **kwargs):
        """See PasswordHasher."""
        self.verified += 1
        return super().verify(*args, **kwargs)


@pytest.mark.parametrize("username", ["worker", "stranger"])
def test_a_stranger_takes_as_long_as_a_member(app, worker, monkeypatch, username):
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(service, "_hasher", hasher)

    assert service.check_credentials(username, "wrong") is None

    assert hasher.verified == 1


def test_the_password_of_nobody_costs_what_a_members_does(worker):
    assert _cost(service._NOBODY) == _cost(worker.password_hash)


def _cost(text):
    return text.split("$")[1:4]


def test_passwords_are_kept_as_argon2id(worker):
    assert worker.password_hash.startswith("$argon2id$")


def test_a_disabled_account_cannot_sign_in_and_is_told_nothing_else(anonymous, clock, worker):
    with transaction():
        worker.disabled_at = clock.now()

    disabled, wrong = _try(anonymous, "worker"), _try(anonymous, "worker", "wrong")

    assert disabled.status_code == 401
    assert _told(disabled, "worker") == _told(wrong, "worker")


def test_only_a_hash_of_the_session_is_stored(anonymous, worker):
    _try(anonymous, "worker")

    with anonymous.session_transaction() as session:
        token = session["token"]
    stored = db.session.query(SignIn).one().token_hash
    assert token.encode() not in stored
    assert len(stored) == 32


def test_signing_in_and_out_is_noted_without_names(anonymous, worker):
    _try(anonymous, "worker")
    anonymous.post("/sign-out")

    entries = audit.newest_entries(worker.district)
    assert [entry.action for entry in entries][:2] == ["signed.out", "signed.in"]
    assert all(entry.details == {} for entry in entries[:2])


class TestGuessing:
    """Five tries by account are free, thirty by address; then each waits longer, a minute at most."""

    def test_the_sixth_try_waits_even_with_the_right_password(self, anonymous, clock, worker):
        for _ in range(service.FREE_TRIES["account"]):
            assert _try(anonymous, "worker", "wrong").status_code == 401

        refused = _try(anonymous, "worker")

        assert refused.status_code == 429
        assert int(refused.headers["Retry-After"]) >= 1
        assert db.session.query(SignIn).count() == 0

    def test_the_wait_is_told_in_seconds_and_one_is_one_second(self, anonymous, clock, worker):
        for _ in range(service.FREE_TRIES["account"]):
            _try(anonymous, "worker", "wrong")

        answer = anonymous.post("/sign-in?lang=en", data={"username": "worker", "password": "wrong"})

        assert answer.headers["Retry-After"] == "1"
        assert "Please try again in 1 second." in answer.get_data(as_text=True)

    def test_after_the_wait_the_right_password_opens(self, anonymous, clock, worker):
        for _ in range(service.FREE_TRIES["account"]):
            _try(anonymous, "worker", "wrong")
        wait = int(_try(anonymous, "worker").headers["Retry-After"])

        clock.forward(seconds=wait + 1)

        assert _try(anonymous, "worker").status_code == 303

    def test_the_wait_grows_but_nobody_is_locked_out_for_longer_than_a_minute(self, anonymous, clock, worker):
        waits = []
        for _ in range(24):
            answer = _try(anonymous, "worker", "wrong")
            if answer.status_code == 429:
                waits.append(int(answer.headers["Retry-After"]))
                clock.forward(seconds=waits[-1] + 1)

        assert waits == sorted(waits)
        assert (waits[0], waits[-1]) == (1, 60)

    def test_a_colleague_is_not_held_up(self, app, anonymous, clock, worker, second_worker):
        for _ in range(service.FREE_TRIES["account"] + 1):
            _try(anonymous, "worker", "wrong")

        assert _try(browser_of(app), "second_worker").status_code == 303

    def test_names_that_do_not_exist_are_slowed_alike(self, anonymous, clock, worker):
        for _ in range(service.FREE_TRIES["account"]):
            _try(anonymous, "stranger", "wrong")

        assert _try(anonymous, "stranger", "wrong").status_code == 429

    def test_one_address_that_tries_many_names_is_slowed(self, anonymous, clock, worker):
        for number in range(service.FREE_TRIES["address"]):
            _try(anonymous, f"name-{number}", "wrong")

        assert _try(anonymous, "worker").status_code == 429
        elsewhere = {"REMOTE_ADDR": "10.9.8.7"}
        form = {"username": "worker", "password": PASSWORD}
        assert anonymous.post("/sign-in", data=form, environ_overrides=elsewhere).status_code == 303

    def test_a_success_forgets_the_failures_of_the_account(self, anonymous, clock, worker):
        for _ in range(service.FREE_TRIES["account"] - 1):
            _try(anonymous, "worker", "wrong")
        _try(anonymous, "worker")

        assert _try(anonymous, "worker", "wrong").status_code == 401
        assert _try(anonymous, "worker").status_code == 303

    def test_after_a_quarter_of_an_hour_counting_starts_anew(self, anonymous, clock, worker):
        for _ in range(service.FREE_TRIES["account"]):
            _try(anonymous, "worker", "wrong")

        clock.forward(minutes=16)

        answers = [_try(anonymous, "worker", "wrong") for _ in range(service.FREE_TRIES["account"])]
        assert {answer.status_code for answer in answers} == {401}


def test_a_short_password_makes_no_account(app):
    with pytest.raises(Exception, match="invalid"):
        factories.a_user("short", role="worker", areas=(factories.GRID,), password="seven77")

    assert db.session.query(User).count() == 0
