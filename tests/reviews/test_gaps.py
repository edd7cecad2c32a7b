"""What a visit leaves out is said on its page: whoever decides need not guess what was done at the door."""

import pytest

from field.core.ids import new_id
from tests import factories

_LIST = {"code": "home-safety", "version": 1}
_NOT_LISTED = "The checklist was not completed."


def _page(browser, visit):
    answer = browser.get(f"/visits/{visit.id}", query_string={"lang": "en"})
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def _newcomer(**told):
    return {
        "action": "add",
        "occupancy": str(new_id()),
        "person": str(new_id()),
        "name": "测试·新来的",
    } | told


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"checklist": _LIST | {"checked": True}}, "in order with one tap"),
        ({"unchanged": None, "checklist": _LIST | {"checked": True}}, "gone through item by item"),
        ({"unchanged": None, "checklist": _LIST | {"checked": False}}, _NOT_LISTED),
        ({"unchanged": None}, _NOT_LISTED),
        ({"notice": None}, "The privacy notice was not shown."),
        ({"consent": False, "unchanged": None}, "It was not said that the household agreed to the visit."),
    ],
)
def test_how_the_list_the_notice_and_the_consent_went_is_said(client_of, lead, worker, said, line):
    factories.a_checklist()
    visit = factories.a_visit(worker, factories.a_dwelling(), **said)

    assert line in _page(client_of(lead), visit)


def test_a_door_that_nobody_opened_is_not_asked_for_a_list(client_of, lead, worker):
    visit = factories.a_visit(
        worker, factories.a_dwelling(), outcome="no_answer", consent=None, unchanged=None, notice=None
    )

    page = _page(client_of(lead), visit)

    assert _NOT_LISTED not in page
    assert "privacy notice was not shown" not in page


def test_what_was_open_and_not_asked_about_is_named(client_of, lead, worker, second_worker, clock):
    hazard = factories.a_hazard(worker)
    clock.forward(hours=1)
    silent = factories.a_visit(second_worker, hazard.dwelling)
    looked = factories.a_visit(
        second_worker, hazard.dwelling, rechecks=[{"finding": str(hazard.id), "passed": False}]
    )

    assert f"not looked at: {hazard.name_en}" in _page(client_of(lead), silent)
    assert "not looked at" not in _page(client_of(lead), looked)


def test_somebody_with_a_name_only_lacks_a_number_and_there_is_none_to_show(client_of, lead, worker):
    bare = factories.a_visit(worker, factories.a_dwelling(), unchanged=None, occupants=[_newcomer()])
    called = factories.a_visit(
        worker, factories.a_dwelling(), unchanged=None, occupants=[_newcomer(phone="15400004321")]
    )

    page, other = _page(client_of(lead), bare), _page(client_of(lead), called)

    assert "Not given: Document number, Phone, Moved in" in page
    assert "Show a number in full" not in page
    assert "Not given: Document number, Moved in" in other
    assert "Show a number in full" in other


def test_a_number_that_an_earlier_version_told_is_not_missing(client_of, lead, phone, worker):
    sender = phone(worker)
    newcomer = _newcomer(phone="15400004321")
    first = sender.event(sender.visit_body(factories.a_dwelling(), unchanged=None, occupants=[newcomer]))
    sender.send(first)
    told = {name: value for name, value in newcomer.items() if name != "phone"}
    body = sender.correction_of(first, occupants=[told])
    client_of(lead).post(f"/visits/{body['visit']}/return", data={"revision": 1, "reason": "再看看"})
    [result] = sender.send(sender.event(body))

    assert result["result"] == "accepted"
    page = client_of(lead).get(f"/visits/{body['visit']}?lang=en").get_data(as_text=True)
    assert "Not given: Document number, Moved in" in page
    assert "Not given: Document number, Phone" not in page


@pytest.mark.parametrize(
    ("part", "line"),
    [({}, "No photo, and not said where it is."), ({"spot": "厨房"}, "No photo.")],
)
def test_a_hazard_without_a_photo_says_so(client_of, lead, worker, part, line):
    hazard = factories.a_hazard(worker, action="fixed_on_site", **part)

    assert line in _page(client_of(lead), hazard.visit)
