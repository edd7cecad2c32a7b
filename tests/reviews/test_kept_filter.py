"""What was chosen in the queue goes along: to the visit, over its decision, to the next one, and back to the list."""

import pytest

from field.core.ids import new_id
from tests import factories


@pytest.fixture
def visits(worker):
    """Three visits that wait: with a request, without, with."""
    asking = [{"id": str(new_id()), "kind": "permit"}]
    hazards = [factories.a_hazard(worker).visit_id for _ in range(2)]
    plain = factories.a_visit(worker, factories.a_dwelling(), requests=asking).id
    return hazards[0], plain, hazards[1]


def _text(browser, path):
    return browser.get(path).get_data(as_text=True)


def test_a_row_leads_to_its_visit_with_the_filter(client_of, lead, visits):
    browser = client_of(lead)

    assert f'href="/visits/{visits[0]}?state=waiting&amp;hazards=1"' in _text(browser, "/reviews?hazards=1")
    assert f'href="/visits/{visits[0]}"' in _text(browser, "/reviews")


def test_after_a_plain_decision_the_next_one_is_of_the_same_list(client_of, lead, visits):
    browser = client_of(lead)
    kept = "?state=waiting&hazards=1"
    page = _text(browser, f"/visits/{visits[0]}{kept}")
    assert f'action="/visits/{visits[0]}/approval{kept.replace("&", "&amp;")}"' in page

    answer = browser.post(f"/visits/{visits[0]}/approval{kept}", data={"revision": 1})
    page = _text(browser, answer.headers["Location"])

    assert answer.headers["Location"] == f"/visits/{visits[0]}{kept}"
    assert f'href="/visits/{visits[2]}{kept.replace("&", "&amp;")}"' in page
    assert f'href="/reviews{kept.replace("&", "&amp;")}"' in page
    assert str(visits[1]) not in page


def test_at_the_end_of_the_list_there_is_no_next_one(client_of, lead, visits):
    browser = client_of(lead)
    for visit in (visits[0], visits[2]):
        answer = browser.post(f"/visits/{visit}/approval?hazards=1", data={"revision": 1})

    assert str(visits[1]) not in _text(browser, answer.headers["Location"])
