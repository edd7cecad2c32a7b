"""More than fit on a page: the first are shown, all are counted, and a link goes on to the end."""

import re
from itertools import pairwise

import pytest

from field.merges.models import Kind
from field.visits.models import Visit
from tests import factories
from tests.merges.asking import fresh, pairs_of, post, text_of


@pytest.fixture
def few(monkeypatch):
    """A page is two of each sort."""
    monkeypatch.setattr("field.merges.queries.PAGE", 2)


def _next(page):
    [link] = re.findall(r'href="(/merges\?[^"#]+)#', page)
    return link.replace("&amp;", "&")


def test_pairs_beyond_the_first_page_are_counted_and_shown_further_on(few, client_of, lead):
    building = factories.a_building()
    for _ in range(4):
        factories.a_dwelling(building, door="101")
    browser = client_of(lead)

    pages = [text_of(browser)]
    pages += [browser.get(_next(pages[0]) + "&lang=en").get_data(as_text=True)]
    pages += [browser.get(_next(pages[1]) + "&lang=en").get_data(as_text=True)]

    listed = [re.findall(r'href="/merges/addresses/([^"]+)"', page) for page in pages]
    assert listed[2] == [f"{left}/{right}" for left, right in pairs_of(Kind.ADDRESSES)]
    assert [len(rows) for rows in listed] == [2, 4, 6]
    assert all(longer[: len(shorter)] == shorter for shorter, longer in pairwise(listed))
    assert all('<span class="count">6</span>' in page for page in pages)
    assert "2 of 6 are shown" in pages[0]
    assert "are shown" not in pages[2]


@pytest.fixture
def two_at_most(monkeypatch):
    """No more than two pairs of a sort are read at once."""
    monkeypatch.setattr("field.merges.queries.CANDIDATES", 2)


@pytest.fixture
def doubly(phone, worker, second_worker, clock):
    """A door where two workers called, the second so many days after the first."""

    def call(days):
        door = factories.a_dwelling()
        phone(worker).record(door)
        clock.forward(days=days)
        phone(second_worker).record(door)
        return door

    return call


def test_calls_of_other_weeks_hide_no_double_visit(two_at_most, doubly):
    near = doubly(days=1)
    for _ in range(3):
        doubly(days=4)

    [pair] = pairs_of(Kind.VISITS)

    assert [fresh(Visit, key).dwelling_id for key in pair] == [near.id, near.id]


def test_double_visits_that_are_decided_hide_no_others(two_at_most, desk, doubly):
    waiting = doubly(days=0)
    for _ in range(3):
        doubly(days=0)
        newest = pairs_of(Kind.VISITS)[0]
        assert post(desk, "visits", newest, "refusal").status_code == 303

    assert len(pairs_of(Kind.VISITS)) == 1
    assert waiting.address in text_of(desk)


def test_double_visits_beyond_those_that_are_read_are_counted(two_at_most, desk, doubly):
    for _ in range(4):
        doubly(days=0)

    page = text_of(desk)

    assert '<span class="count">4</span>' in page
    assert "2 of 4 are shown" in page
    assert 'href="/merges?' not in page


@pytest.mark.parametrize("kind", [Kind.ADDRESSES, Kind.PEOPLE])
def test_entries_that_are_kept_apart_hide_no_others(two_at_most, desk, kind):
    for number in range(5):
        building, facts = (
            factories.a_building(address=f"测试路 {number}号"),
            {"phone": f"1540000{number:04d}"},
        )
        for _ in range(2):
            if kind == Kind.ADDRESSES:
                factories.a_dwelling(building, door="101")
            else:
                factories.an_occupancy(name="测试·李", document_number=None, **facts)
    decided = 0
    while pairs := pairs_of(kind):
        assert post(desk, kind, pairs[0], "refusal").status_code == 303
        decided += 1

    assert decided == 5
