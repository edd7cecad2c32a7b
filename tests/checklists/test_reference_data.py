"""The checklist, the answer lists and the notice that come with the program."""

import re

import pytest

from field.checklists import service
from field.checklists.models import Checklist, CodeEntry
from field.core.db import db
from field.core.shipped import shipped_rows
from field.visits.schemas import OUTCOMES
from tests import factories

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def items(app):
    return factories.a_checklist().items


def test_the_home_safety_checklist_has_its_44_items_in_order(items):
    assert [item.code for item in items] == [f"H{number:02d}" for number in range(1, 45)]


def test_every_item_speaks_both_languages(items):
    for item in items:
        assert CHINESE.search(item.name_zh), item.code
        assert CHINESE.search(item.violation_zh), item.code
        for text in (item.name_en, item.violation_en):
            assert text, item.code
            assert not CHINESE.search(text), item.code


def test_every_item_says_how_grave_by_when_whose_and_why(items):
    departments = {row["code"] for row in shipped_rows(service.SHIPPED / "departments.csv")}
    for item in items:
        assert item.severity in {"general", "suspected_major"}, item.code
        assert 0 <= item.due_days <= 90, item.code
        assert set(item.departments) <= departments, item.code
        assert item.departments, item.code
        assert set(item.applies_to) <= {"dwelling", "shared", "workplace", "site"}, item.code
        assert item.applies_to, item.code
        assert item.basis, item.code


def test_what_must_not_be_used_any_more_is_due_at_once_or_soon(items):
    stopped = [item for item in items if item.stop_use]

    assert stopped
    assert all(item.due_days <= 7 for item in stopped)


def test_publishing_again_is_the_next_version_and_the_old_one_stays(items):
    factories.a_checklist()

    assert [row.version for row in db.session.query(Checklist).order_by(Checklist.version)] == [1, 2]
    assert {len(row.items) for row in db.session.query(Checklist)} == {44}


def test_every_answer_is_in_both_languages_and_once(app):
    count = factories.codes()

    entries = db.session.query(CodeEntry).all()
    assert len(entries) == count
    for entry in entries:
        assert CHINESE.search(entry.zh), entry.code
        assert entry.en, entry.code
        assert not CHINESE.search(entry.en), entry.code


def test_loading_the_answers_again_changes_their_words_and_adds_none(app):
    count = factories.codes()
    factories.codes()

    assert db.session.query(CodeEntry).count() == count


def test_the_outcomes_of_the_list_are_those_that_phones_may_send(app):
    factories.codes()

    listed = db.session.query(CodeEntry).filter_by(list="visit_outcome").order_by(CodeEntry.position)
    assert tuple(entry.code for entry in listed) == OUTCOMES


def test_the_notice_says_the_same_in_both_languages(app):
    notice = factories.a_notice()

    assert notice.version == 1
    assert notice.zh["title"]
    assert notice.en["title"]
    assert 5 <= len(notice.zh["paragraphs"]) == len(notice.en["paragraphs"]) <= 7


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        ("选填", "optional"),
        ("拒绝", "[Dd]eclin"),
        ("不拍证件、不拍人脸", "no photos of papers or faces"),
        ("十二个月", "twelve months"),
        ("三年", "three years"),
        ("只有.*能|能看到.*只有", "may see this"),
        ("问我们记了您什么", "ask .* what is held about you"),
        ("网格员", "grid worker"),
    ],
)
def test_the_notice_says_what_people_must_know(app, zh, en):
    notice = factories.a_notice()

    assert re.search(zh, "".join(notice.zh["paragraphs"]))
    assert re.search(en, " ".join(notice.en["paragraphs"]))
