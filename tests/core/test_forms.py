"""Texts of forms are what was typed, and are shown again when nobody is signed in any more."""

import pytest

from field.core.db import db
from field.visits.models import Visit
from tests import factories


@pytest.mark.parametrize("text", ["人数不对", "照片看不清请重拍", "Too few people"])
def test_what_was_written_is_shown_again_also_when_it_is_short_and_chinese(anonymous, worker, text):
    visit = factories.a_visit(worker, factories.a_dwelling())

    answer = anonymous.post(f"/visits/{visit.id}/return?lang=zh", data={"revision": "1", "reason": text})

    assert answer.status_code == 401
    assert text in answer.get_data(as_text=True)


def test_a_line_break_is_one_sign_as_on_the_phone(client_of, lead, worker):
    visit = factories.a_visit(worker, factories.a_dwelling(), note="一\n二")

    answer = client_of(lead).post(
        f"/visits/{visit.id}/return?lang=en", data={"revision": "1", "reason": "一\r\n" + "二" * 498}
    )

    assert answer.status_code == 303
    assert db.session.get_one(Visit, visit.id).state == "returned"
