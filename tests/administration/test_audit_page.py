"""The audit page: entries in words, older ones on request, and an honest verdict on the chain."""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import text

from field.accounts import service
from field.administration.details import LABELS
from field.administration.wording import ACTIONS
from field.core.db import db, transaction
from field.hazards.models import Action
from field.reviews.looks import ACTION
from field.reviews.models import Decision
from field.sync.models import Result
from tests import factories


def _fill(user, times):
    for _ in range(times):
        with transaction():
            service.open_sign_in(user)


def test_entries_say_in_words_who_did_what(client_of, officer, lead):
    _fill(lead, 1)

    page = client_of(officer).get("/audit?lang=en").get_data(as_text=True)

    assert lead.name in page
    assert "signed in" in page


def test_older_entries_follow_without_a_gap(client_of, officer, lead):
    _fill(lead, 60)
    browser = client_of(officer)
    first = browser.get("/audit/entries").get_data(as_text=True)
    older = first.split("before=")[1].split('"')[0]

    second = browser.get(f"/audit/entries?before={older}").get_data(as_text=True)

    assert f">{older}</th>" in first
    assert f">{int(older) - 1}</th>" in second
    assert ">1</th>" in second


def test_a_place_that_is_no_number_is_refused(client_of, officer):
    assert client_of(officer).get("/audit?before=x").status_code == 400


def test_a_whole_chain_is_called_whole(client_of, officer, lead):
    _fill(lead, 3)

    said = client_of(officer).post("/audit/verification", headers={"HX-Request": "true"})

    assert "is-done" in said.get_data(as_text=True)


def test_an_edited_entry_is_named(client_of, officer, lead):
    _fill(lead, 3)
    browser = client_of(officer)
    with transaction() as session:
        session.execute(text("UPDATE audit_entries SET action = 'nothing' WHERE number = 2"))

    said = browser.post("/audit/verification?lang=en").get_data(as_text=True)

    assert "broken at entry 2" in said
    db.session.rollback()


SOURCES = Path(__file__).parents[2] / "field"


def _written():
    """Every call that writes into the trail: what it calls the action, and which details it gives."""
    for file in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"audit.record", "_tell"}:
                first = node.args[0]
                if isinstance(first, ast.Starred) and isinstance(first.value, ast.Tuple):
                    first = first.value.elts[0]
                yield first, {keyword.arg for keyword in node.keywords} - {None}


def _actions():
    """What the trail may hold; families that are put together are told by their lists."""
    named = {first.value for first, _keys in _written() if isinstance(first, ast.Constant)}
    named |= {f"hazard.{action}" for action in Action}
    named |= {f"visit.{decision}" for decision in Decision}
    return named | {"photo.stored", "photo.quarantined", ACTION}


@pytest.mark.parametrize("action", sorted(_actions()))
def test_every_action_that_is_written_is_told_in_words(app, action):
    assert action in ACTIONS


def test_every_detail_that_is_written_is_told_in_words():
    told = {f"visits_{result}" for result in Result} | {"damaged"}
    told |= {f"photos_{state}" for state in ("here", "part", "stored", "unusable")}
    written = set().union(*(keys for _first, keys in _written())) | told

    assert written <= set(LABELS)


def test_a_page_in_chinese_holds_no_codes(client_of, officer, lead, worker):
    factories.codes()
    hazard = factories.a_hazard(worker)
    form = {"version": hazard.version, "department": "fire_rescue", "reason": "超出能力"}
    client_of(lead).post(f"/hazards/{hazard.id}/referral", data=form)

    page = client_of(officer).get("/audit?lang=zh").get_data(as_text=True)

    entries = re.sub(r"<code>.*?</code>|<[^>]*>", " ", page[page.index("<tbody") : page.index("</tbody>")])
    assert "已移交" in entries
    assert re.findall(r"[a-z]+_[a-z_]+|\brevision\b|\bstatus\b", entries) == []
