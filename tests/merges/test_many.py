"""More than fit on a page: the first are shown, all are counted, and a link goes on to the end."""

import re
from itertools import pairwise

import pytest

from field.merges.models import Kind
from tests import factories
from tests.merges.asking import pairs_of, text_of


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
