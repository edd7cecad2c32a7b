"""Copies of a notice: counted, marked, in the household's language, with somebody to call."""

import pytest

from field.audit.models import AuditEntry
from field.core.db import db, transaction
from field.hazards import notices
from field.hazards.models import HazardNotice
from tests import factories
from tests.hazards.papers import answered, in_english, on_paper, printed


def test_every_copy_after_the_first_is_marked_and_audited_and_names_the_law_in_its_language(client_of, lead):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one()
    browser = client_of(lead)

    pages = []
    for paper in ("a4", "roll"):
        answer = browser.post(f"/hazards/notices/{notice.id}/copies", data={"paper": paper})
        pages.append(browser.get(in_english(answer)).get_data(as_text=True))

    written = [row.action for row in db.session.query(AuditEntry).order_by(AuditEntry.number)]
    assert "Copy" not in pages[0].split('class="paper"')[1]
    assert "Copy 2" in pages[1]
    assert "paper-roll.css" in pages[1]
    assert notices.spoken_code(notice) in pages[0]
    assert "<svg" in pages[0].split('class="paper"')[1]
    assert 'Basis (in Chinese): <span lang="zh-CN">' in pages[0]
    assert written[-2:] == ["hazard_notice.printed", "hazard_notice.reprinted"]


def test_a_copy_that_was_never_counted_is_not_there(client_of, lead):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one()

    assert client_of(lead).get(f"/hazards/notices/{notice.id}/copies/1").status_code == 404


@pytest.mark.parametrize("later", ["after a while", "by somebody else", "after the next copy"])
def test_a_copy_that_is_looked_at_later_says_that_it_is_printed_again(client_of, lead, office, clock, later):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one()
    browser = client_of(lead)
    made = browser.post(f"/hazards/notices/{notice.id}/copies", data={"paper": "a4"})
    at_once = [on_paper(browser.get(in_english(made)).get_data(as_text=True)) for _choosing in range(2)]
    if later == "after a while":
        clock.forward(minutes=11)
    if later == "by somebody else":
        browser = client_of(office)
    if later == "after the next copy":
        clock.forward(minutes=1)
        browser.post(f"/hazards/notices/{notice.id}/copies", data={"paper": "a4"})

    text = on_paper(browser.get(in_english(made)).get_data(as_text=True))

    assert all("printed again" not in page for page in at_once)
    assert "Copy 1 · printed again" in text


@pytest.mark.parametrize(("said", "language"), [({}, "zh"), ({"language": "en"}, "en")])
def test_a_notice_speaks_the_language_in_which_it_was_answered_or_chinese(
    client_of, lead, worker, said, language
):
    notice = answered(worker, response="left", **said)
    browser = client_of(lead)
    with transaction():
        db.session.get_one(type(lead), lead.id).language = "en"

    answer = browser.post(f"/hazards/notices/{notice.id}/copies", data={"paper": "a4"})

    assert f"lang={language}" in answer.headers["Location"]
    text = on_paper(browser.get(answer.headers["Location"]).get_data(as_text=True))
    assert ("隐患告知单" in text) is (language == "zh")


def test_the_language_of_the_paper_can_be_chosen_before_it_is_printed(client_of, lead):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one()
    browser = client_of(lead)
    made = browser.post(f"/hazards/notices/{notice.id}/copies", data={"paper": "roll"})

    page = browser.get(made.headers["Location"]).get_data(as_text=True)

    assert 'href="?paper=roll&amp;lang=en"' in page


def test_whoever_prints_is_told_that_a_notice_names_nobody_to_call(client_of, lead, office):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one()

    before = printed(client_of(lead), notice)
    contact = {"area_code": factories.COMMUNITY, "name": "演示·社区办公室", "telephone": "0943-0000000"}
    client_of(office).post("/hazards/rules/contacts", data=contact)
    after = printed(client_of(lead), notice)

    assert "It names nobody to call" in before
    assert "It names nobody to call" not in on_paper(before)
    assert "It names nobody to call" not in after
    assert "0943-0000000" in on_paper(after)
