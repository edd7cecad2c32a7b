"""Who comes after somebody else has the forms of the hazard as it stands now, what happened, and what was typed."""

import re
from datetime import timedelta

import pytest

from field.accounts.models import Role
from field.core.db import db
from field.hazards.models import Action, Finding
from tests import factories
from tests.clock import today
from tests.referrals.department import moved

SAID = "房东来电说已换插线板"


@pytest.fixture
def colleague():
    """Another lead of the same area."""
    return factories.a_user("second_lead", role=Role.LEAD, areas=(factories.COMMUNITY,))


@pytest.fixture
def sent(client_of, lead):
    """Send a form of a hazard's page, by script or without."""

    def post(path, htmx, user=lead, **typed):
        headers = {"HX-Request": "true"} if htmx else {}
        return client_of(user).post(f"{path}?lang=en", data=typed, headers=headers)

    return post


def _soon():
    return (today() + timedelta(days=30)).isoformat()


def _form(page, address):
    return re.search(rf'<form[^>]*action="{address}".*?</form>', page, re.S).group()


@pytest.mark.parametrize("htmx", [True, False])
def test_the_form_comes_back_about_the_newest_version_with_what_was_typed(sent, hazard, colleague, htmx):
    path = f"/hazards/{hazard.id}/report"
    sent(f"/hazards/{hazard.id}/deadline", False, colleague, version=2, due_on=_soon(), reason="房东出差")

    answer = sent(path, htmx, version=2, reason=SAID)

    page = answer.get_data(as_text=True)
    form = _form(page, path)
    assert answer.status_code == 409
    assert ("<html" in page) is not htmx
    assert colleague.name in page
    assert SAID in form
    assert 'name="version" value="3"' in form
    assert '<details class="unfold" open>' in page
    assert sent(path, htmx, version=3, reason=SAID).status_code in {200, 303}


def test_what_was_typed_for_a_step_that_is_gone_can_still_be_read(sent, hazard, colleague):
    sent(f"/hazards/{hazard.id}/referral", False, colleague, version=2, department="fire_rescue")

    page = sent(f"/hazards/{hazard.id}/report", True, version=2, reason=SAID).get_data(as_text=True)

    assert colleague.name in page
    assert SAID in page
    assert "that step is not possible any more" in page


@pytest.mark.parametrize("htmx", [True, False])
def test_a_department_has_its_form_again_too(sent, worker, handler, htmx):
    finding = factories.a_hazard(worker, item="H03", action="refer")
    colleague = factories.a_user(
        "colleague", role="handler", areas=("620402000000",), department="fire_rescue"
    )
    moved(finding, Action.ACCEPT, colleague)
    version = db.session.get_one(Finding, finding.id).version

    path = f"/referrals/{finding.id}/return"
    answer = sent(path, htmx, handler, version=version - 1, reason=SAID)

    form = _form(answer.get_data(as_text=True), path)
    assert answer.status_code == 409
    assert SAID in form
    assert f'name="version" value="{version}"' in form


@pytest.mark.parametrize("who", ["lead", "handler"])
def test_what_is_typed_outlives_the_page(client_of, request, worker, who):
    finding = factories.a_hazard(worker, item="H03", action="refer")
    base = "referrals" if who == "handler" else "hazards"

    page = client_of(request.getfixturevalue(who)).get(f"/{base}/{finding.id}").get_data(as_text=True)

    typing = [form for form in re.findall(r"<form.*?</form>", page, re.S) if "<textarea" in form]
    assert typing
    assert all("data-keeps=" in form for form in typing)
