"""The same step on many hazards, clicked twice: the second answer says what the first did."""

import pytest

from tests import factories
from tests.hazards.looking import ticked


def test_the_second_click_on_many_hazards_says_what_the_first_did(client_of, lead):
    found = [factories.a_hazard() for _three in range(3)]
    settled = factories.a_hazard(action="fixed_on_site")
    said = {"finding": ticked(*found, settled), "department": "transport"}
    desk = client_of(lead)

    answers = [desk.post("/hazards/referrals", data=said).location for _click in range(2)]

    assert "done=3&left=1" in answers[0]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("said", [{"department": "justice"}, {"department": "transport", "reason": "快"}])
def test_another_form_for_the_same_hazards_is_no_second_click(client_of, lead, said):
    found = {"finding": ticked(factories.a_hazard())}
    desk = client_of(lead)
    desk.post("/hazards/referrals", data=found | {"department": "transport"})

    answer = desk.post("/hazards/referrals", data=found | said)

    assert "done=0" in answer.location
