"""Where a household types the code that it was shown or has noted."""

import pytest

from field.core.db import db
from field.hazards.models import HazardNotice
from field.hazards.public import GUESSES
from tests import factories


def _code():
    return db.session.query(HazardNotice).one().code


def _typed(browser, code):
    return browser.get("/n", query_string={"code": code, "lang": "en"})


@pytest.mark.parametrize(
    "as_typed",
    [
        lambda code: code.lower(),
        lambda code: f" {code[:4]}-{code[4:8]} {code[8:]} ",
        lambda code: "".join(chr(ord(sign) + 0xFEE0) for sign in code),
    ],
)
def test_a_code_leads_to_its_notice_however_it_is_typed(anonymous, worker, as_typed):
    factories.a_hazard(worker)

    answer = _typed(anonymous, as_typed(_code()))

    assert answer.headers["Location"] == f"/n/{_code()}"


def test_without_a_code_there_is_a_field_and_one_that_is_none_is_said_beside_it(anonymous):
    page = anonymous.get("/n?lang=en")
    wrong = _typed(anonymous, "ABC")

    assert 'name="code"' in page.get_data(as_text=True)
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.get_data(as_text=True)


def test_the_field_tells_no_more_than_the_page_of_a_code_does(anonymous):
    answers = [
        anonymous.get("/n", query_string={"code": "A" * 12}, follow_redirects=True)
        for _ in range(GUESSES + 1)
    ]

    assert answers[0].status_code == 404
    assert answers[-1].status_code == 429
