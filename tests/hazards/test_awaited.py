"""Of all that can be done about a hazard one thing is likeliest: it stands first and is the only one in colour."""

import re

import pytest

from field.hazards.models import Action
from tests import factories
from tests.referrals.department import moved

FAILED = [(Action.RECALL, "lead"), (Action.FAIL_RECHECK, "lead")]
WORKED_ON = [(Action.ACCEPT, "handler"), (Action.START, "handler")]


@pytest.fixture
def offered(client_of):
    """The steps of a page in their order, and which are in colour."""

    def read(user, finding):
        page = client_of(user).get(f"/hazards/{finding.id}").get_data(as_text=True)
        parts = page.split('<details class="unfold"')[1:]
        names = [re.search(rf'action="/hazards/{finding.id}/(\w+)"', part)[1] for part in parts]
        return names, [
            name for name, part in zip(names, parts, strict=True) if 'class="button primary"' in part
        ]

    return read


@pytest.mark.parametrize(
    ("item", "steps", "name"),
    [
        ("H03", [], None),
        ("H03", [(Action.RETURN, "handler")], "referral"),
        ("H03", [(Action.RECALL, "lead"), (Action.NOTIFY, "lead")], "recheck"),
        ("H03", [(Action.RECALL, "lead"), (Action.REPORT_FIXED, "lead")], "recheck"),
        ("H03", WORKED_ON, None),
        ("H03", [*WORKED_ON, (Action.FEED_BACK, "handler")], "rechecking"),
        ("H03", FAILED, "notice"),
        ("H03", [*FAILED, FAILED[1]], "referral"),
    ],
)
def test_the_likeliest_step_stands_first_and_alone_is_in_colour(request, offered, lead, item, steps, name):
    finding = factories.a_hazard(item=item, action="refer")
    for action, who in steps:
        moved(finding, action, request.getfixturevalue(who), reason="此前")

    names, coloured = offered(lead, finding)

    assert coloured == ([name] if name else [])
    assert len(names) == len(set(names)) > 1
    assert name is None or names[0] == name


def test_what_a_department_is_late_with_is_pressed_for_once(client_of, offered, lead, office, clock):
    finding = factories.a_hazard(item="H03", action="refer")
    clock.forward(days=60)

    before = [offered(user, finding)[1] for user in (lead, office)]
    said = {"version": finding.version, "reason": "三天内办结"}
    client_of(lead).post(f"/hazards/{finding.id}/escalation", data=said)

    assert before == [["escalation"], ["escalation"]]
    assert offered(lead, finding)[1] == []
    assert "escalation" in offered(lead, finding)[0]
