"""The desk's review pages with plain forms alone: whatever htmx does, a form or a link does too, and answers a page."""

from html.parser import HTMLParser

import pytest

from field.core.db import db
from field.reviews.models import Review
from tests import factories

FORM = {
    "script": "<script>alert(1)</script>",
    "formula": '=HYPERLINK("http://evil.example")',
    "plain": "请核对",
}


class Reader(HTMLParser):
    """Collects the forms of a page, and every element that htmx would send something from."""

    def __init__(self):
        super().__init__()
        self.forms, self.sending = [], []

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "form":
            self.forms.append({"facts": facts, "fields": {}})
        elif tag in {"input", "textarea", "select"} and self.forms and facts.get("name"):
            self.forms[-1]["fields"].setdefault(facts["name"], facts.get("value") or "")
        if {"hx-get", "hx-post"} & set(facts):
            self.sending.append((tag, facts))


def _read(page):
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.fixture
def visit(worker):
    """A visit with something to correct, and one that was approved before."""
    return factories.a_visit(
        worker, factories.a_dwelling(), unchanged=None, dwelling_changes={"rooms": 3}, note="房东不在"
    )


@pytest.fixture
def pages(visit):
    """Where a lead goes."""
    return [
        "/reviews",
        "/reviews?state=approved",
        "/reviews/clean",
        f"/visits/{visit.id}",
        f"/visits/{visit.id}/correction",
        f"/visits/{visit.id}/versions",
        f"/dwellings/{visit.dwelling_id}/disclosure",
    ]


def test_everything_that_htmx_sends_can_be_sent_without_it(client_of, lead, pages):
    browser = client_of(lead)
    for path in pages:
        for tag, facts in _read(browser.get(path).get_data(as_text=True)).sending:
            plain = facts.get("action") if tag == "form" else facts.get("href")
            refreshes_itself = "data-fresh" in facts
            assert plain or refreshes_itself, (path, tag, facts)
            if facts.get("hx-post"):
                assert (plain, facts["method"]) == (facts["hx-post"], "post")


def test_every_form_carries_its_token_and_answers_a_page(client_of, lead, pages):
    browser = client_of(lead)
    for path in pages:
        for form in _read(browser.get(path).get_data(as_text=True)).forms:
            facts, fields = form["facts"], form["fields"]
            if facts.get("method", "get").lower() == "get" or facts["action"] in {"/sign-out", "/language"}:
                continue
            assert "csrf_token" in fields, (path, facts)
            answer = browser.post(facts.get("action") or path, data=fields)
            assert answer.status_code in {303, 409, 422}, (path, facts, answer.status_code)
            if answer.status_code == 422:
                assert "<html" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("", "请核对门牌号。"), (" 三楼那户 ", "三楼那户 请核对门牌号。")],
    ids=["alone", "beside words"],
)
def test_a_ready_made_reason_can_be_chosen_without_the_script(client_of, lead, visit, typed, reason):
    browser = client_of(lead)
    page = browser.get(f"/visits/{visit.id}").get_data(as_text=True)
    choices = page.split("<noscript>")[1].split("</noscript>")[0]
    assert 'name="ready"' in choices
    assert "<option>请核对门牌号。</option>" in choices

    form = {"revision": 1, "reason": typed, "ready": "请核对门牌号。"}
    answer = browser.post(f"/visits/{visit.id}/return", data=form)

    assert answer.status_code == 303
    assert db.session.query(Review).one().reason == reason


def test_a_rows_answer_is_never_a_page_and_a_page_is_never_rows(client_of, lead, visit):
    browser = client_of(lead)

    for partial in ("/reviews/rows", f"/visits/{visit.id}/card"):
        assert "<html" not in browser.get(partial).get_data(as_text=True)
    for page in ("/reviews", f"/visits/{visit.id}"):
        assert "<html" in browser.get(page, headers={"HX-Request": "true"}).get_data(as_text=True)


@pytest.mark.parametrize("kind", ["script", "formula"])
def test_what_looks_like_code_is_shown_as_text_in_every_field(client_of, lead, worker, kind):
    text = FORM[kind]
    browser = client_of(lead)
    visit = factories.a_visit(
        worker,
        factories.a_dwelling(),
        unchanged=None,
        note=text,
        dwelling_changes={"lessor_name": text[:50]},
        requests=[{"id": "019ab000-0000-7000-8000-00000000000a", "kind": "permit", "note": text}],
    )
    browser.post(
        f"/visits/{visit.id}/return",
        data={"revision": 1, "reason": text, "part": ["note"], "about.note": text},
    )

    for path in ("/reviews?state=returned", f"/visits/{visit.id}", f"/visits/{visit.id}/versions"):
        page = browser.get(path).get_data(as_text=True)
        assert "<script>alert" not in page
        assert 'href="http://evil' not in page


def test_text_beyond_every_measure_is_refused_with_a_page(client_of, lead, visit):
    answer = client_of(lead).post(
        f"/visits/{visit.id}/return", data={"revision": 1, "reason": "长" * 1_000_000}
    )

    assert answer.status_code == 413
    assert "<html" in answer.get_data(as_text=True)


def test_what_was_typed_before_the_session_ended_is_on_the_page_that_asks_to_sign_in(
    client_of, lead, visit, clock
):
    browser = client_of(lead)
    token = browser.token()
    clock.forward(hours=80)

    answer = browser.post(
        f"/visits/{visit.id}/return",
        data={"revision": 1, "reason": "门牌<b>拍不清", "csrf_token": token},
    )

    page = answer.get_data(as_text=True)
    assert answer.status_code == 401
    assert "门牌&lt;b&gt;拍不清" in page
    assert f'href="/sign-in?next=/visits/{visit.id}"' in page


def test_what_was_typed_is_on_the_page_that_tells_of_an_earlier_decision(client_of, lead, visit):
    colleague = factories.a_user("lead-two", role=lead.role, areas=("620402001005",))
    client_of(colleague).post(f"/visits/{visit.id}/return", data={"revision": 1, "reason": "先退回"})

    answer = client_of(lead).post(
        f"/visits/{visit.id}/return", data={"revision": 1, "reason": "门牌拍不清，请补拍"}
    )

    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert "门牌拍不清，请补拍" in page
    assert "登录后" not in page  # somebody is signed in


@pytest.mark.parametrize(
    "place", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "soon"], ids=["early", "late", "no"]
)
def test_a_forged_place_in_the_queue_is_a_bad_request(client_of, lead, place):
    forged = f"{place}_00000000-0000-0000-0000-000000000000"

    assert client_of(lead).get("/reviews/rows", query_string={"after": forged}).status_code == 400


@pytest.mark.parametrize(
    "rest", ["", "/card", "/versions", "/correction", "/approval", "/return"], ids=lambda rest: rest or "page"
)
def test_a_forged_id_of_another_area_is_not_found(client_of, visit, rest):
    stranger = factories.a_user("far-lead", role="lead", areas=("620402002001",))
    browser = client_of(stranger)
    form = {"revision": 1, "reason": "请核对"}

    posts = rest in {"/approval", "/return", "/correction"}
    path = f"/visits/{visit.id}{rest}"
    answer = browser.post(path, data=form) if posts else browser.get(path)

    assert answer.status_code == 404
