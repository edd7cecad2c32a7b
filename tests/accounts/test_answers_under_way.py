"""Answers that were under way bring back the session of their question: forms are good all the same."""

from tests.factories import PASSWORD


def test_a_form_token_outlives_an_answer_that_was_under_way_when_it_was_given(anonymous, worker):
    anonymous.post("/sign-in", data={"username": "worker", "password": PASSWORD})
    under_way = anonymous.cookie("session")
    token = anonymous.token()
    anonymous.set_cookie("session", under_way)
    anonymous.carries_token = False

    assert anonymous.post("/sign-out", data={"csrf_token": token}).status_code == 303


def test_a_sign_in_outlives_an_answer_that_was_under_way_at_the_sign_out_before(anonymous, worker):
    person = {"username": "worker", "password": PASSWORD}
    anonymous.post("/sign-in", data=person)
    under_way = anonymous.cookie("session")
    anonymous.post("/sign-out")
    token = anonymous.token()
    anonymous.set_cookie("session", under_way)
    anonymous.carries_token = False

    assert anonymous.post("/sign-in", data={**person, "csrf_token": token}).status_code == 303
