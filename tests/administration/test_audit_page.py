"""The audit page: entries in words, older ones on request, and an honest verdict on the chain."""

from sqlalchemy import text

from field.accounts import service
from field.core.db import db, transaction


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
