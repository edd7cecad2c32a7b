"""Every step of a hazard as a plain form, without a script: as a page offers it, filled in, sent, followed."""

from datetime import timedelta
from io import BytesIO

import pytest

from field.hazards.models import Action, FindingStatus
from tests import factories
from tests.clock import today
from tests.hazards.looking import now, ticked
from tests.photos.pictures import noise, saved
from tests.plain_forms import forms_of
from tests.referrals.department import moved

DEPARTMENT = "fire_rescue"
FAR = str(today() + timedelta(days=40))
S = FindingStatus


def _picture():
    return (BytesIO(saved(noise(210), "JPEG")), "photo.jpg")


@pytest.fixture
def in_state(lead, handler, clock):
    """A hazard that somebody has brought into a state."""

    def bring(state):
        if state == "late":
            finding = factories.a_hazard()
            clock.forward(days=60)
            return finding
        finding = factories.a_hazard(item="H03", action="refer")
        steps = {
            S.NOTIFIED: [(Action.RECALL, lead), (Action.NOTIFY, lead)],
            S.RECHECK_DUE: [(Action.RECALL, lead), (Action.REPORT_FIXED, lead)],
            S.RECHECK_FAILED: [(Action.RECALL, lead), (Action.FAIL_RECHECK, lead)],
            S.RETURNED: [(Action.RETURN, handler)],
            S.REFERRED: [],
            S.RECEIPTED: [(Action.ACCEPT, handler)],
            S.IN_PROGRESS: [(Action.ACCEPT, handler), (Action.START, handler)],
            S.FED_BACK: [(Action.ACCEPT, handler), (Action.START, handler), (Action.FEED_BACK, handler)],
        }
        for action, user in steps[state]:
            moved(finding, action, user, reason="此前")
        return finding

    return bring


# state, whose step, its name, what is typed, where it leads
STEPS = [
    (S.NOTIFIED, "lead", "recheck", {"passed": "true", "photos": True, "reason": "已拆除"}, S.CLOSED),
    (S.RECHECK_DUE, "lead", "recheck", {"passed": "false", "reason": "还在"}, S.RECHECK_FAILED),
    (S.FED_BACK, "lead", "recheck", {"passed": "true", "photos": True}, S.CLOSED),
    (S.NOTIFIED, "lead", "report", {"reason": "房东来电", "photos": True}, S.RECHECK_DUE),
    (S.RETURNED, "lead", "report", {}, S.RECHECK_DUE),
    (S.FED_BACK, "lead", "rechecking", {"reason": "看二楼"}, S.RECHECK_DUE),
    (S.RECHECK_FAILED, "lead", "notice", {"reason": "再次告知"}, S.NOTIFIED),
    (S.RETURNED, "lead", "notice", {}, S.NOTIFIED),
    (S.FED_BACK, "lead", "notice", {}, S.NOTIFIED),
    (S.NOTIFIED, "lead", "referral", {"department": DEPARTMENT, "reason": "请拆锁"}, S.REFERRED),
    (S.RECHECK_FAILED, "lead", "referral", {"department": DEPARTMENT, "photos": True}, S.REFERRED),
    (S.RECHECK_DUE, "lead", "assignment", {}, S.RECHECK_DUE),
    (S.REFERRED, "lead", "recall", {"reason": "弄错了部门"}, S.RETURNED),
    (S.IN_PROGRESS, "office", "recall", {"reason": "弄错了部门"}, S.RETURNED),
    ("late", "lead", "escalation", {"reason": "三天内办结"}, S.NOTIFIED),
    ("late", "office", "escalation", {"reason": "三天内办结"}, S.NOTIFIED),
    (S.REFERRED, "lead", "deadline", {"due_on": FAR, "reason": "工期长"}, S.REFERRED),
    (S.NOTIFIED, "office", "deadline", {"due_on": FAR, "reason": "工期长"}, S.NOTIFIED),
    (S.REFERRED, "handler", "acceptance", {}, S.RECEIPTED),
    (S.RECEIPTED, "handler", "start", {}, S.IN_PROGRESS),
    (S.IN_PROGRESS, "handler", "progress", {"reason": "已联系产权人", "photos": True}, S.IN_PROGRESS),
    (S.IN_PROGRESS, "handler", "feedback", {"fixed": "true", "reason": "好", "photos": True}, S.RECHECK_DUE),
    (S.IN_PROGRESS, "handler", "feedback", {"fixed": "false", "reason": "不归我们管"}, S.FED_BACK),
    (S.RECEIPTED, "handler", "return", {"reason": "不归我们管"}, S.RETURNED),
]


def _page(user, finding):
    return f"/{'referrals' if user.role == 'handler' else 'hazards'}/{finding.id}"


@pytest.mark.parametrize(("state", "who", "name", "typed", "leads_to"), STEPS)
def test_a_step_is_taken_by_its_form_alone(
    request, client_of, in_state, worker, state, who, name, typed, leads_to
):
    user, finding = request.getfixturevalue(who), in_state(state)
    browser, path = client_of(user), _page(user, finding)
    before = now(finding).version

    form = forms_of(browser.get(f"{path}?lang=en"))[f"{path}/{name}"]
    answer = form.send(browser, **(typed | ({"photos": _picture()} if typed.get("photos") else {})))

    moved_on = now(finding)
    said = moved_on.steps[before]
    assert answer.status_code == 200
    assert answer.request.path == path
    assert moved_on.status == leads_to
    assert moved_on.version > before
    assert len(said.photo_ids) == (1 if typed.get("photos") else 0)
    if typed.get("reason"):
        assert said.reason == typed["reason"]
        assert typed["reason"] in answer.get_data(as_text=True)


# state, whose step, its name, what is typed, the field that is wrong
REFUSED = [
    (S.RECHECK_DUE, "lead", "recheck", {"reason": "看过了"}, "passed"),
    (S.RECHECK_DUE, "lead", "recheck", {"passed": "true", "reason": "看过了"}, "photos"),
    (S.RECHECK_DUE, "lead", "recheck", {"passed": "false"}, "reason"),
    (S.RECHECK_DUE, "lead", "recheck", {"passed": "true", "reason": "看过了", "photos": b"x"}, "photos"),
    (S.NOTIFIED, "lead", "report", {"reason": "长" * 501}, "reason"),
    (S.NOTIFIED, "lead", "report", {"reason": "来电", "photos": b"x"}, "photos"),
    (S.FED_BACK, "lead", "rechecking", {"reason": "长" * 501}, "reason"),
    (S.RETURNED, "lead", "notice", {"reason": "长" * 501}, "reason"),
    (S.NOTIFIED, "lead", "referral", {"reason": "长" * 501}, "reason"),
    (S.NOTIFIED, "lead", "referral", {"reason": "请拆锁", "photos": b"x"}, "photos"),
    (S.REFERRED, "lead", "recall", {}, "reason"),
    ("late", "lead", "escalation", {}, "reason"),
    (S.NOTIFIED, "lead", "deadline", {"due_on": "2020-01-01", "reason": "工期长"}, "due_on"),
    (S.NOTIFIED, "lead", "deadline", {"due_on": "", "reason": "工期长"}, "due_on"),
    (S.NOTIFIED, "lead", "deadline", {"due_on": FAR}, "reason"),
    (S.IN_PROGRESS, "handler", "progress", {}, "reason"),
    (S.IN_PROGRESS, "handler", "progress", {"reason": "已联系", "photos": b"x"}, "photos"),
    (S.IN_PROGRESS, "handler", "feedback", {"reason": "已拆锁"}, "fixed"),
    (S.IN_PROGRESS, "handler", "feedback", {"fixed": "true", "reason": "已拆锁"}, "photos"),
    (S.IN_PROGRESS, "handler", "feedback", {"fixed": "false"}, "reason"),
    (S.RECEIPTED, "handler", "return", {}, "reason"),
]


@pytest.mark.parametrize(("state", "who", "name", "typed", "wrong"), REFUSED)
def test_a_refused_form_comes_back_as_a_whole_page_open_with_what_was_typed_and_mended_goes_through(
    request, client_of, in_state, worker, state, who, name, typed, wrong
):
    user, finding = request.getfixturevalue(who), in_state(state)
    browser, path = client_of(user), _page(user, finding)
    before = now(finding).version
    sent = typed | ({"photos": (BytesIO(typed["photos"]), "p.jpg")} if "photos" in typed else {})

    answer = forms_of(browser.get(f"{path}?lang=en"))[f"{path}/{name}"].send(browser, **sent)

    form, text = forms_of(answer)[f"{path}/{name}"], answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert form.open
    assert f'id="{name}-{wrong}-error"' in text
    assert f'aria-describedby="{name}-{wrong}-error"' in text
    assert all(form.fields[key] == [said] for key, said in typed.items() if key != "photos")
    assert now(finding).version == before

    mended = {"reason": "写清楚了"}
    mended |= {"due_on": FAR} if "due_on" in form.fields else {}
    mended |= {key: "false" for key in ("passed", "fixed") if key in form.fields}
    assert form.send(browser, **mended).status_code == 200
    assert now(finding).version > before


@pytest.mark.parametrize(
    ("name", "missing"), [("assignments", "assignee"), ("referrals", "department")], ids=["assign", "refer"]
)
def test_the_same_step_on_all_that_are_ticked_is_one_plain_form(client_of, lead, worker, name, missing):
    factories.a_grid()
    findings = [factories.a_hazard(), factories.a_hazard()]
    browser, boxes = client_of(lead), ticked(*findings)
    typed = {"assignee": str(worker.id), "department": DEPARTMENT, "reason": "请拆锁"}
    form = forms_of(browser.get("/hazards"))["together"]
    form.fields["finding"] = boxes
    address = f"/hazards/{name}?state=open"

    refused = form.send(browser, to=address, **(typed | {missing: ""}))
    again = forms_of(refused)["together"]
    done = again.send(browser, to=address, **{missing: typed[missing]})

    kept = {field: again.fields[field] for field in typed}
    assert refused.status_code == 422
    assert f'id="together-{missing}-error"' in refused.get_data(as_text=True)
    assert set(again.fields["finding"]) == set(boxes)
    assert kept == {field: [said] for field, said in (typed | {missing: ""}).items()}
    assert (done.status_code, done.request.path) == (200, "/hazards")
    assert [now(finding).version for finding in findings] == [3, 3]
