"""Sessions live on the server: they end from there, by idleness, by age, and a copied cookie ends with them."""

import re

import pytest

from field.accounts import queries, service
from field.accounts.models import SignIn
from field.core.db import db, transaction
from tests import factories
from tests.browser import browser_of

PASSWORD = factories.PASSWORD
JSON = {"Accept": "application/json"}


def _is_in(browser):
    return not browser.get("/").location.startswith("/sign-in")


def test_signing_out_ends_a_copy_of_the_cookie_too(app, client_of, worker):
    browser, thief = client_of(worker), browser_of(app)
    thief.set_cookie("session", browser.cookie("session"))
    assert _is_in(thief)

    browser.post("/sign-out")

    assert not _is_in(thief)


def test_signing_out_on_one_browser_leaves_the_other(client_of, worker):
    here, there = client_of(worker), client_of(worker)

    here.post("/sign-out")

    assert not _is_in(here)
    assert _is_in(there)


def test_signing_out_twice_is_the_same_as_once(client_of, worker):
    browser = client_of(worker)

    assert [browser.post("/sign-out").status_code for _ in range(2)] == [303, 303]


def test_a_session_can_be_ended_from_the_server(client_of, worker):
    browser = client_of(worker)

    with transaction():
        service.close_sign_in(db.session.query(SignIn).one())

    assert not _is_in(browser)


def test_closing_an_account_ends_its_sessions(client_of, clock, worker):
    browser = client_of(worker)

    with transaction():
        worker.disabled_at = clock.now()

    assert not _is_in(browser)


def test_signing_in_makes_a_new_session_so_that_a_planted_one_is_worthless(app, worker):
    victim, attacker = browser_of(app), browser_of(app)
    attacker.get("/csrf")
    planted = attacker.cookie("session")
    victim.set_cookie("session", planted)

    victim.post("/sign-in", data={"username": "worker", "password": PASSWORD})

    assert victim.cookie("session") != planted
    assert _is_in(victim)
    assert not _is_in(attacker)


def test_a_form_token_from_before_signing_in_is_worthless_afterwards(anonymous, worker):
    before = anonymous.token()

    anonymous.post("/sign-in", data={"username": "worker", "password": PASSWORD})
    anonymous.carries_token = False
    answer = anonymous.post("/language", data={"language": "en"}, headers=JSON | {"X-CSRFToken": before})

    assert answer.status_code == 403


def test_each_sign_in_has_a_token_of_its_own(client_of, worker):
    client_of(worker)
    client_of(worker)

    assert len({row.token_hash for row in db.session.query(SignIn)}) == 2


def test_a_session_without_use_ends(app, client_of, clock, worker):
    browser = client_of(worker)

    clock.forward(minutes=app.config["SESSION_IDLE_MINUTES"] + 1)

    assert not _is_in(browser)


def test_use_keeps_a_session_going(app, client_of, clock, worker):
    browser = client_of(worker)

    for _ in range(3):
        clock.forward(minutes=app.config["SESSION_IDLE_MINUTES"] - 1)
        assert _is_in(browser)


def test_a_session_ends_by_age_however_much_it_is_used(app, client_of, clock, worker):
    browser = client_of(worker)
    step = app.config["SESSION_IDLE_MINUTES"] - 1

    for _ in range(int(app.config["SESSION_HOURS"] * 60 / step)):
        clock.forward(minutes=step)
        assert _is_in(browser)
    clock.forward(minutes=step)

    assert not _is_in(browser)


def test_use_within_five_minutes_writes_nothing(client_of, clock, worker):
    browser = client_of(worker)
    first = db.session.query(SignIn).one().seen_at

    clock.forward(minutes=4)
    browser.get("/")

    assert db.session.query(SignIn).one().seen_at == first


def test_a_forged_cookie_opens_nothing(app, worker):
    browser = browser_of(app)
    browser.set_cookie("session", "eyJ0b2tlbiI6ImEifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")

    assert not _is_in(browser)


def test_a_programme_without_a_session_is_told_so_and_not_redirected(anonymous):
    answer = anonymous.get("/", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.json["code"]) == (401, "sign-in-needed")


def test_whoever_is_signed_in_does_not_see_the_form(client_of, lead):
    assert client_of(lead).get("/sign-in").location == "/reviews"


@pytest.mark.parametrize("path", ["/reviews?state=waiting", "/phone/me"])
def test_after_signing_in_the_page_that_was_asked_for_opens(anonymous, lead, path):
    form = {"username": "lead", "password": PASSWORD, "next": path}

    assert anonymous.post("/sign-in", data=form).location == path


def test_the_page_that_was_asked_for_is_remembered(anonymous):
    assert anonymous.get("/?a=1").location == "/sign-in?next=/?a%3D1"


ELSEWHERE = (
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "/\\elsewhere.example/",
    "\\\\elsewhere.example/",
    "/\t/elsewhere.example/",
    "/\n/elsewhere.example/",
    "javascript:alert(1)",
    "elsewhere.example",
    " //elsewhere.example",
)


def _leads_away(location):
    """As browsers read it: tabs and newlines vanish, a backslash is a slash."""
    read = location.strip().replace("\t", "").replace("\n", "").replace("\r", "").replace("\\", "/")
    return not read.startswith("/") or read.startswith("//")


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("form", ["sign-in", "language"])
def test_no_link_leads_elsewhere(anonymous, worker, form, target):
    fields = {"username": "worker", "password": PASSWORD, "language": "en", "next": target}

    answer = anonymous.post(f"/{form}", data=fields)

    assert answer.status_code == 303
    assert not _leads_away(answer.location)


def test_the_language_that_somebody_chose_is_kept_with_the_account(client_of, worker):
    browser = client_of(worker)

    browser.post("/language", data={"language": "en"})

    assert queries.user(worker.id).language == "en"
    assert browser.cookie("language") == "en"


def test_the_language_chosen_on_the_sign_in_page_is_theirs_who_sign_in(anonymous, worker):
    anonymous.post("/language", data={"language": "en"})

    anonymous.post("/sign-in", data={"username": "worker", "password": PASSWORD})

    assert queries.user(worker.id).language == "en"


def _settled(user, language):
    with transaction():
        queries.user(user.id).language = language


def test_whoever_signs_in_for_the_first_time_goes_on_in_the_language_of_that_page(anonymous, worker):
    english = {"Accept-Language": "en-GB,en;q=0.9,zh;q=0.5"}

    anonymous.post("/sign-in", data={"username": "worker", "password": PASSWORD}, headers=english)

    assert queries.user(worker.id).language == "en"


def test_the_language_of_an_earlier_visitor_is_gone_on_with_by_a_new_account(anonymous, worker, lead):
    anonymous.post("/language", data={"language": "en"})
    anonymous.post("/sign-in", data={"username": lead.username, "password": PASSWORD})
    anonymous.post("/sign-out")

    anonymous.post("/sign-in", data={"username": "worker", "password": PASSWORD})

    assert queries.user(worker.id).language == "en"


def test_a_language_pressed_on_the_sign_in_page_wins_over_an_earlier_one_of_the_account(anonymous, worker):
    _settled(worker, "zh")

    anonymous.post("/language", data={"language": "en"})
    anonymous.post("/sign-in", data={"username": "worker", "password": PASSWORD})

    assert queries.user(worker.id).language == "en"


def test_an_english_browser_alone_does_not_change_what_an_account_has_chosen(anonymous, worker):
    _settled(worker, "zh")

    english = {"Accept-Language": "en-GB"}
    anonymous.post("/sign-in?lang=en", data={"username": "worker", "password": PASSWORD}, headers=english)

    assert queries.user(worker.id).language == "zh"


def test_an_earlier_choice_of_somebody_else_changes_nobodys_language(anonymous, worker, lead):
    _settled(worker, "zh")
    anonymous.post("/language", data={"language": "en"})
    anonymous.post("/sign-in", data={"username": lead.username, "password": PASSWORD})
    anonymous.post("/sign-out")

    anonymous.post("/sign-in", data={"username": "worker", "password": PASSWORD})

    assert queries.user(worker.id).language == "zh"


def test_a_language_that_is_not_offered_is_refused(anonymous):
    answer = anonymous.post("/language", data={"language": "fr"}, headers={"Accept": "application/json"})

    assert answer.status_code == 422


def test_the_link_from_a_phone_brings_its_language_and_a_wrong_password_keeps_it(anonymous):
    page = anonymous.get("/sign-in?next=/phone/&lang=en").get_data(as_text=True)
    action = page.split('action="')[1].split('"')[0]

    wrong = anonymous.post(action, data={"username": "nobody", "password": "wrong", "next": "/phone/"})

    assert "User name or password is wrong" in wrong.get_data(as_text=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_sign_in_link_of_a_phone_carries_its_language(anonymous, language):
    shell = anonymous.get(f"/phone/?lang={language}").get_data(as_text=True)

    links = re.findall(r'href="(/sign-in[^"]*)"', shell)

    assert links
    assert all(link.endswith(f"lang={language}") for link in links)
