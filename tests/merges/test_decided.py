"""What was decided is listed to its end, pairs and answers together, and says what each decision was about."""

import re
from datetime import timedelta
from html import unescape

from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.merges.models import Kind, MergeDecision
from field.visits.clashes import ClashState, RegisterClash
from tests import factories
from tests.merges.asking import post, text_of


def _many(lead, number, at):
    """So many decisions of one moment, as a long evening leaves them."""
    with transaction() as session:
        for _ in range(number):
            left, right = sorted((new_id(), new_id()))
            facts = {"left_id": left, "right_id": right, "decided_by": lead.id, "decided_at": at}
            where = {"district": factories.DISTRICT, "grid_code": factories.GRID, "kind": Kind.PEOPLE}
            session.add(MergeDecision(**where, **facts))


def _reversals(text):
    return re.findall(r'action="/merges/(?:decisions|clashes)/([0-9a-f-]{36})/reversal"', text)


def test_the_list_goes_on_to_its_end_and_shows_each_once(desk, lead, two_answers):
    clash = db.session.query(RegisterClash).one()
    desk.post(f"/merges/clashes/{clash.id}/choice", data={"answer": "standing"})
    _many(lead, 70, utcnow() - timedelta(hours=1))
    _many(lead, 49, utcnow() + timedelta(hours=1))
    shown, path = [], "/merges/decided"
    pages = 0
    while path:
        text = text_of_page(desk, path)
        shown += _reversals(text)
        onward = re.search(r'href="(/merges/decided\?after=[^"]+)"', text)
        path, pages = unescape(onward[1]) if onward else None, pages + 1

    assert pages == 3
    assert len(shown) == len(set(shown)) == 120
    assert shown.index(str(clash.id)) == 49
    assert clash.state == ClashState.KEPT


def text_of_page(browser, path):
    return browser.get(path).get_data(as_text=True)


def test_the_next_page_comes_as_rows_alone(desk, lead):
    _many(lead, 51, utcnow())
    [onward] = re.findall(r'hx-get="([^"]+)"', text_of(desk, "/merges/decided"))

    rows = text_of_page(desk, unescape(onward))

    assert "<html" not in rows
    assert len(_reversals(rows)) == 1


def test_a_mark_that_is_none_is_refused(desk):
    assert desk.get("/merges/decided?after=yesterday_1").status_code == 400


def test_two_joined_doors_are_both_named_and_which_one_stayed(desk, two_doors):
    left, right = two_doors
    with transaction():
        right.building.address = "试验巷 7号"
    post(desk, "addresses", (left.id, right.id), "joining", kept="right")

    text = text_of(desk, "/merges/decided")

    one, two = text.index("试验巷 7号"), text.index("测试路 9号")
    assert one < text.index("kept</span>") < two


def test_two_joined_people_are_both_named(desk, two_people):
    post(desk, "people", [row.id for row in two_people], "joining", kept="left")

    text = text_of(desk, "/merges/decided")

    assert {row.person.name for row in two_people} == {"测试·王", "测试·汪"}
    assert all(row.person.name in text for row in two_people)
