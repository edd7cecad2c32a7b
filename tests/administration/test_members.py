"""Looking after accounts: made with a password shown once, suspended without losing work, and all of it audited."""

import re

import pytest
from sqlalchemy import event

from field.accounts import service
from field.accounts.models import User
from field.audit.models import AuditEntry
from field.core.db import db
from tests import factories
from tests.browser import browser_of
from tests.plain_forms import forms_of

NEW = {"name": "测试·新人", "username": "xinren", "role": "worker", "areas": factories.GRID}


@pytest.fixture(autouse=True)
def areas(app):
    """The areas that the form offers."""
    del app
    factories.a_grid()


def _password(answer):
    return re.search(r'id="password">([^<]+)<', answer.get_data(as_text=True)).group(1)


def test_a_new_worker_signs_in_with_the_password_that_was_shown_once(app, client_of, admin):
    password = _password(client_of(admin).post("/accounts", data=NEW))

    answer = browser_of(app).post("/sign-in", data={"username": "xinren", "password": password})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/phone/")
    assert password not in client_of(admin).get("/accounts").get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "a b"}, "username"),
        ({"username": ""}, "username"),
        ({"name": ""}, "name"),
        ({"role": "king"}, "role"),
        ({"areas": "999999"}, "areas"),
        ({"areas": ""}, "areas"),
        ({"role": "handler"}, "department"),
        ({"role": "handler", "department": "no-such"}, "department"),
        ({"name": "长" * 51}, "name"),
    ],
)
def test_what_is_wrong_with_a_new_account_stands_beside_its_field(client_of, admin, change, field):
    answer = client_of(admin).post("/accounts", data=NEW | change)

    assert answer.status_code == 422
    assert re.search(rf'id="{field}-error">..', answer.get_data(as_text=True)), "a text, not a letter of it"
    assert db.session.query(User).filter_by(username="xinren").count() == 0


def test_a_user_name_that_is_taken_is_told_and_the_form_keeps_what_was_typed(client_of, admin, worker):
    answer = client_of(admin).post("/accounts", data=NEW | {"username": worker.username})

    assert answer.status_code == 422
    assert "测试·新人" in answer.get_data(as_text=True)


def test_somebody_suspended_is_signed_out_at_once_and_cannot_come_back(app, client_of, admin, lead):
    browser = client_of(lead)
    assert browser.get("/reviews").status_code == 200

    client_of(admin).post(f"/accounts/{lead.id}/suspension")

    assert browser.get("/reviews").status_code == 302
    client_of(admin).post(f"/accounts/{lead.id}/readmission")
    assert db.session.get_one(User, lead.id).disabled_at is None


def test_a_worker_with_another_area_fetches_another_round(client_of, admin, phone, worker):
    walker = phone(worker)
    old, new = factories.a_dwelling(), factories.a_dwelling(grid=factories.ELSEWHERE)
    pack = walker.pack()
    assert [row["id"] for row in pack["doors"]] == [str(old.id)]

    answer = client_of(admin).post(f"/accounts/{worker.id}/areas", data={"areas": [factories.ELSEWHERE]})

    assert answer.status_code == 303
    later = walker.pack(pack["cursor"])
    assert later["reset"]
    assert [row["id"] for row in later["doors"]] == [str(new.id)]


def test_areas_are_chosen_from_the_list_and_at_least_one(client_of, admin, worker):
    for chosen in ([], ["620403001001"]):
        answer = client_of(admin).post(f"/accounts/{worker.id}/areas", data={"areas": chosen})
        assert answer.status_code == 422
        assert 'id="areas-error"' in answer.get_data(as_text=True)


def test_several_areas_are_ticked_with_a_finger_alone(client_of, admin):
    for grid in (factories.GRID, factories.SECOND_GRID):
        factories.a_grid(grid)
    member = factories.a_user("xinren", role="worker", areas=(factories.GRID,))
    browser, path = client_of(admin), f"/accounts/{member.id}"
    page = browser.get(f"{path}?lang=en")
    form = forms_of(page)[f"{path}/areas"]
    before = form.fields["areas"]
    form.fields["areas"] = [factories.GRID, factories.SECOND_GRID]

    saved = forms_of(form.send(browser))[f"{path}/areas"]

    assert "Ctrl" not in page.get_data(as_text=True)
    assert before == [factories.GRID]
    assert saved.fields["areas"] == [factories.GRID, factories.SECOND_GRID]


def test_nobody_suspends_themself(client_of, admin):
    assert client_of(admin).post(f"/accounts/{admin.id}/suspension").status_code == 409


def test_what_a_suspended_worker_sends_is_kept_and_not_applied(phone, client_of, admin, worker):
    sender = phone(worker)
    client_of(admin).post(f"/accounts/{worker.id}/suspension")

    [result] = sender.send(sender.event(sender.visit_body(factories.a_dwelling())))

    assert result["result"] == "quarantined"


def test_a_new_password_ends_every_session_and_the_old_password(client_of, admin, lead):
    browser = client_of(lead)

    password = _password(client_of(admin).post(f"/accounts/{lead.id}/password"))

    assert browser.get("/reviews").status_code == 302
    assert service.check_credentials(lead.username, password) is not None


def test_each_step_is_audited_with_who_did_it_and_no_password(client_of, admin):
    password = _password(client_of(admin).post("/accounts", data=NEW))
    user = db.session.query(User).filter_by(username="xinren").one()
    client_of(admin).post(f"/accounts/{user.id}/suspension")

    entries = (
        db.session.query(AuditEntry)
        .filter_by(subject_id=user.id, actor_id=admin.id)
        .order_by(AuditEntry.number)
        .all()
    )

    assert [entry.action for entry in entries] == ["account.created", "account.disabled"]
    assert password not in str([entry.details for entry in entries])


def _listed(browser, query=""):
    page = browser.get(f"/accounts/rows{query}").get_data(as_text=True)
    return re.findall(r'<td class="mono">([^<]+)</td>', page)


def test_accounts_are_found_by_a_part_of_either_name_and_by_role(client_of, admin, lead, worker):
    factories.a_user("zhao", name="测试·赵", role="worker", areas=(factories.GRID,))
    browser = client_of(admin)

    assert _listed(browser) == ["worker", "zhao", "lead", "admin"]
    assert _listed(browser, "?search=ZH") == ["zhao"]
    assert _listed(browser, "?search=赵") == ["zhao"]
    assert _listed(browser, "?role=lead") == ["lead"]
    assert _listed(browser, "?role=lead&search=zh") == []


def test_what_a_search_means_is_never_a_pattern_and_an_odd_filter_shows_all(client_of, admin, worker):
    browser = client_of(admin)

    assert _listed(browser, "?search=%25") == []
    assert _listed(browser, "?search=w_rker") == []
    assert _listed(browser, "?role=king") == ["worker", "admin"]
    assert _listed(browser, f"?search={'x' * 61}") == ["worker", "admin"]


def test_no_account_of_another_district_is_listed(client_of, admin):
    factories.a_user("abroad", role="admin", areas=("620403000000",), district=620403)

    assert _listed(client_of(admin)) == ["admin"]


def test_the_list_says_which_community_a_grid_belongs_to(client_of, admin, worker):
    page = client_of(admin).get("/accounts").get_data(as_text=True)

    assert "测试community001005 测试网格01" in page


def test_the_list_costs_as_many_queries_for_many_accounts_as_for_few(client_of, admin):
    browser, statements = client_of(admin), []
    event.listen(db.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    _listed(browser)
    few = len(statements)
    for number in range(5):
        factories.a_user(f"walker{number}", role="worker", areas=(factories.GRID,))
    statements.clear()

    assert len(_listed(browser)) == 6
    assert len(statements) == few


def test_a_handler_is_shown_with_the_department(client_of, admin, handler):
    factories.codes()
    browser = client_of(admin)

    assert "Fire" in browser.get("/accounts/rows?lang=en").get_data(as_text=True)
    assert "Fire" in browser.get(f"/accounts/{handler.id}?lang=en").get_data(as_text=True)
