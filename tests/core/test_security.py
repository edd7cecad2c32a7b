"""Headers, cookies, origins and form tokens: what keeps pages to themselves."""

import pytest

from field.core.errors import CATALOGUE, Problem
from field.core.security import HEADERS
from tests import factories
from tests.browser import browser_of

JSON = {"Accept": "application/json"}
PAGES = ("/sign-in", "/phone/", "/sw.js", "/phone/precache.js", "/manifest.webmanifest", "/openapi.json")
REFUSALS = ("/nowhere", "/sync/pack", "/sync/nowhere")


@pytest.mark.parametrize("path", [*PAGES, *REFUSALS, "/static/css/tokens.css", "/sync/probe"])
def test_every_answer_carries_the_protecting_headers(anonymous, path):
    headers = anonymous.get(path, headers=JSON).headers

    assert {name: headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_allows_nothing_inline_and_no_other_host():
    policy = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))

    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    assert all("http" not in sources and "*" not in sources for sources in policy.values())


@pytest.mark.parametrize("path", ["/sign-in", "/csrf", "/sync/probe", "/nowhere"])
def test_pages_with_personal_data_or_tokens_are_never_stored(anonymous, path):
    assert anonymous.get(path, headers=JSON).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/phone/", "/sw.js", "/phone/precache.js"])
def test_the_phones_shell_may_be_kept_but_is_asked_for_anew(anonymous, path):
    assert anonymous.get(path).headers["Cache-Control"] == "no-cache"


def test_a_form_without_its_token_is_not_carried_out(anonymous):
    anonymous.carries_token = False

    answer = anonymous.post("/language", data={"language": "en"}, headers=JSON)

    assert (answer.status_code, answer.json["code"]) == (403, "form-expired")


def test_the_token_of_another_session_does_not_count(app, anonymous):
    token = browser_of(app).token()
    anonymous.token()
    anonymous.carries_token = False

    answer = anonymous.post("/language", data={"language": "en"}, headers=JSON | {"X-CSRFToken": token})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/sign-in", "/language", "/sync/batches", "/sync/enrolment", "/sync/photos"]
)
def test_a_request_from_another_site_is_not_carried_out(client_of, worker, path, headers):
    answer = client_of(worker).post(path, data={}, headers=JSON | headers)

    assert (answer.status_code, answer.json["code"]) == (403, "foreign-origin")


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_request_of_our_own_pages_is_carried_out(anonymous, site):
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": site}

    assert anonymous.post("/language", data={"language": "en"}, headers=headers).status_code == 303


def _set_cookies(answer):
    return {line.split("=", 1)[0]: line for line in answer.headers.getlist("Set-Cookie")}


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(anonymous):
    cookie = _set_cookies(anonymous.get("/csrf"))["session"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie


def test_under_tls_cookies_are_secure_and_bound_to_the_host(make_app):
    app = make_app(FIELD_TLS="true")
    with app.app_context():
        answer = browser_of(app).get("/csrf", base_url="https://localhost")

    cookie = _set_cookies(answer)["__Host-session"]
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_the_phones_credential_goes_to_sync_alone(make_app):
    app = make_app(FIELD_TLS="true")
    with app.app_context():
        browser = browser_of(app)
        factories.a_user("worker")
        form = {"username": "worker", "password": factories.PASSWORD, "csrf_token": ""}
        secure = {"base_url": "https://localhost", "headers": {"Accept": "application/json"}}
        browser.carries_token = False
        token = browser.get("/csrf", base_url="https://localhost").get_data(as_text=True)
        browser.post("/sign-in", data=form | {"csrf_token": token}, **secure)
        answer = browser.post("/sync/enrolment", json={"build": "1"}, **secure)

    cookie = _set_cookies(answer)["device"]
    for part in ("Path=/sync", "HttpOnly", "Secure", "SameSite=Strict"):
        assert part in cookie


def test_without_tls_nothing_promises_it(anonymous):
    assert "Strict-Transport-Security" not in anonymous.get("/sign-in").headers


def test_a_problem_says_its_code_in_the_form_of_rfc_9457(anonymous):
    answer = anonymous.get("/sync/nowhere", headers={"Accept-Language": "en"})

    assert answer.content_type == "application/problem+json"
    assert answer.json == {
        "type": "urn:doorstep:problem:not-found",
        "code": "not-found",
        "title": "There is nothing here, or it is outside your area.",
        "status": 404,
    }


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_problem_of_the_catalogue_can_be_told(app, code):
    with app.test_request_context():
        told = Problem(code).as_dict()

    assert told["status"] == CATALOGUE[code][0]
    assert told["title"]


def test_a_zero_byte_in_an_address_or_a_form_is_refused_on_both_databases(client_of, lead, anonymous):
    assert client_of(lead).get("/reviews?grid=%00").status_code == 400
    assert client_of(lead).get("/coverage?area=620402001%00").status_code == 400
    assert anonymous.post("/sign-in", data={"username": "a\0b", "password": "x"}).status_code == 400
