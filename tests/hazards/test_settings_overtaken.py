"""Who sends a form of the office that somebody has overtaken is told who was first, and loses nothing."""

import re

import pytest

from field.core.db import db
from field.hazards.models import ReferralRoute
from field.reviews import reasons
from tests import factories

INTERVALS = {"clean_days": "21", "minor_days": "14", "major_days": "7", "crowded_from": ""}
FORMS = {
    "/hazards/rules/items/H09": ({"due_days": "5"}, {"due_days": "9"}),
    "/hazards/rules/rechecks": ({"photo_days": "5"}, {"photo_days": "9"}),
    "/hazards/rules/intervals": (INTERVALS | {"clean_days": "5"}, INTERVALS | {"clean_days": "9"}),
    "/referrals/routing/terms": (
        {"department": "justice", "accept_days": "5", "escalate_days": "3"},
        {"department": "justice", "accept_days": "9", "escalate_days": "3"},
    ),
    "/reviews/rule": ({"register_at": "approval"}, {"register_at": "acceptance"}),
}
PAGES = {"hazards": "/hazards/rules", "referrals": "/referrals/routing", "reviews": "/reviews/rule"}


@pytest.fixture
def colleague():
    """Somebody else of the office, in a district that has its lists."""
    factories.codes()
    factories.a_checklist()
    return factories.a_user("colleague", role="office", areas=("620402000000",))


def _mark(browser, path):
    """What the form with this address carries."""
    page = browser.get(f"{PAGES[path.split('/')[1]]}?lang=en").get_data(as_text=True)
    forms = [one for one in re.findall(r"<form.*?</form>", page, re.S) if f'action="{path}' in one]
    [form] = [one for one in forms if 'name="department"' not in one or 'value="justice"' in one]
    return re.search(r'name="shown" value="(\w+)"', form)[1]


@pytest.mark.parametrize("path", FORMS)
def test_who_comes_second_is_told_who_was_first_and_decides_anew(client_of, office, colleague, path):
    first, second = FORMS[path]
    mark = _mark(client_of(office), path)
    assert client_of(colleague).post(path, data=first | {"shown": mark}).status_code == 303

    late = client_of(office).post(f"{path}?lang=en", data=second | {"shown": mark})

    page = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "测试·colleague changed this on" in page
    again = client_of(office).post(path, data=second | {"shown": _mark(client_of(office), path)})
    assert again.status_code == 303


@pytest.mark.parametrize("path", FORMS)
def test_the_same_form_sent_twice_is_answered_twice_alike(client_of, office, colleague, path):
    sent = FORMS[path][0] | {"shown": _mark(client_of(office), path)}

    assert [client_of(office).post(path, data=sent).status_code for _ in range(2)] == [303, 303]


def test_a_line_of_the_table_that_was_changed_meanwhile_is_not_replaced_unseen(client_of, office, colleague):
    line = {"subject": "H09", "land_tenure": ""}
    page = client_of(office).get("/referrals/routing").get_data(as_text=True)
    mark = re.search(r'name="shown" value="(\w+)"', page.split('id="new"')[1])[1]
    client_of(colleague).post("/referrals/routing", data=line | {"department": "justice"})

    elsewhere = client_of(office).post(
        "/referrals/routing", data=line | {"subject": "", "department": "housing_construction", "shown": mark}
    )
    late = client_of(office).post(
        "/referrals/routing?lang=en", data=line | {"department": "housing_construction", "shown": mark}
    )

    assert (elsewhere.status_code, late.status_code) == (303, 409)
    assert "测试·colleague changed this on" in late.get_data(as_text=True)
    assert db.session.query(ReferralRoute).filter_by(subject="H09").one().department == "justice"


def test_a_reason_that_was_reworded_meanwhile_is_not_replaced_unseen(client_of, office, colleague):
    client_of(office).post("/reviews/reasons", data={"zh": "请补拍。", "en": "Please take one more."})
    row = reasons.reasons_of(office.district)[-1]
    path, page = (
        f"/reviews/reasons/{row.id}",
        client_of(office).get("/reviews/reasons").get_data(as_text=True),
    )
    mark = re.search(r'name="shown" value="(\w+)"', page.split(f'action="{path}"')[1])[1]
    client_of(colleague).post(path, data={"zh": "请再拍一张。", "en": "Please take another."})

    late = client_of(office).post(f"{path}?lang=en", data={"zh": "补拍", "en": "Again", "shown": mark})

    said = late.get_data(as_text=True)
    assert late.status_code == 409
    assert "测试·colleague changed this on" in said
    assert "请再拍一张。 · Please take another." in said
    assert 'value="补拍"' in said
