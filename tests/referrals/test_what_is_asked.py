"""A department reads at each step what is asked of it and by when, what is late first."""

import pytest

from field.core.db import db
from field.hazards.models import Action, Finding
from tests import factories
from tests.clock import today
from tests.referrals.department import moved

PATH = {
    "referred": (),
    "receipted": (Action.ACCEPT,),
    "in_progress": (Action.ACCEPT, Action.START),
    "returned": (Action.RETURN,),
    "reported": (Action.ACCEPT, Action.START, Action.FEED_BACK),
}


@pytest.fixture
def asked(client_of, handler):
    """What the page of a hazard asks once these steps were taken."""
    factories.codes()
    finding = factories.a_hazard(item="H03", action="refer")

    def read(state):
        for action in PATH[state]:
            moved(finding, action, handler, reason="此前")
        page = client_of(handler).get(f"/referrals/{finding.id}?lang=en").get_data(as_text=True)
        return page.split('id="next-title"')[1].split("</p>")[0].replace("\N{WORD JOINER}", "")

    return read


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("referred", ("To be accepted by:", "Accept it, or return it")),
        ("receipted", ("To be put right by:", "Say when work begins")),
        ("in_progress", ("To be put right by:", "Report back when there is a result")),
        ("returned", ("Returned.", "nothing to do now")),
        ("reported", ("Reported back.", "nothing to do now")),
    ],
)
def test_each_step_says_what_is_asked_and_by_when(asked, state, said):
    text = asked(state)

    assert all(words in text for words in said)
    assert "late" not in text


@pytest.mark.parametrize("state", ["referred", "in_progress"])
def test_what_is_late_says_so_beside_what_is_asked(asked, clock, state):
    asked(state)
    finding = db.session.query(Finding).one()
    clock.forward(days=40)

    text = asked("referred")

    until = finding.accept_by if state == "referred" else finding.due_on
    assert "is-hazard" in text
    assert f"{(today() - until).days} days late" in text


def test_the_likeliest_comes_first_and_is_the_only_one_in_colour(client_of, handler, asked):
    asked("in_progress")
    finding = db.session.query(Finding).one()

    page = client_of(handler).get(f"/referrals/{finding.id}?lang=en").get_data(as_text=True)

    offered = [part.split(">")[0] for part in page.split("<summary ")[1:] if "button" in part.split(">")[0]]
    assert ["primary" in one for one in offered] == [True, False, False]


def test_what_is_asked_stands_before_photos_and_history(client_of, handler, asked):
    asked("referred")
    finding = db.session.query(Finding).one()

    page = client_of(handler).get(f"/referrals/{finding.id}?lang=en").get_data(as_text=True)

    assert page.index("What comes next") < page.index("What happened so far")
