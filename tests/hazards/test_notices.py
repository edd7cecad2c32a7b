"""Notices: numbered by community and year without a gap, printed and reprinted in sight of the audit."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from field.accounts.models import Role
from field.core.clock import utcnow
from field.core.db import db, transaction
from field.core.ids import new_id
from field.hazards import notices
from field.hazards.models import Finding, HazardNotice
from tests import factories
from tests.clock import today
from tests.hazards.papers import answered, printed
from tests.waiting import Side

ZONE = "Asia/Shanghai"


def _numbers(area=factories.COMMUNITY):
    db.session.rollback()
    rows = db.session.query(HazardNotice).filter_by(area_code=area)
    return sorted(row.number for row in rows)


def test_a_visit_that_leaves_notices_has_one_with_all_its_hazards(worker):
    version = factories.a_checklist().version
    found = [{"id": str(new_id()), "item": item, "action": "notice_left"} for item in ("H04", "H13")]
    referred = {"id": str(new_id()), "item": "H03", "action": "refer"}
    factories.a_visit(
        worker,
        unchanged=None,
        checklist={"code": "home-safety", "version": version, "checked": True},
        findings=[*found, referred],
    )

    [notice] = db.session.query(HazardNotice)

    assert {row.id for row in notice.findings} == {UUID(part["id"]) for part in found}
    assert notice.number == 1


def test_numbers_run_by_community_and_year(app, clock):
    far = factories.a_user("far", role=Role.WORKER, areas=(factories.ELSEWHERE,))
    for _ in range(2):
        factories.a_hazard()
    factories.a_hazard(far, dwelling=factories.a_dwelling(grid=factories.ELSEWHERE))
    clock.forward(days=366)
    factories.a_hazard()

    assert _numbers() == [1, 1, 2]
    assert _numbers(factories.ELSEWHERE.split("-")[0]) == [1]


def _with_a_hazard(sender, version):
    return sender.visit_body(
        factories.a_dwelling(),
        unchanged=None,
        checklist={"code": "home-safety", "version": version, "checked": True},
        findings=[{"id": str(new_id()), "item": "H04", "action": "notice_left"}],
    )


def test_a_notice_of_the_last_day_of_a_year_has_a_number_of_that_year_however_late_it_arrives(
    client_of, lead, phone, worker, second_worker, clock
):
    year, version = clock.now().year, factories.a_checklist().version
    clock.forward(seconds=(datetime(year, 12, 31, 15, 50, tzinfo=UTC) - clock.now()).total_seconds())
    late = phone(worker)
    left = late.event(_with_a_hazard(late, version))
    clock.forward(minutes=20)  # midnight has passed at the door; in London it has not
    soon = phone(second_worker)
    soon.send(soon.event(_with_a_hazard(soon, version)))
    late.send(left)

    issued = {row.issued_by: row for row in db.session.query(HazardNotice)}

    assert {by: notices.number_text(row) for by, row in issued.items()} == {
        worker.id: f"{factories.COMMUNITY}-{year}-0001",
        second_worker.id: f"{factories.COMMUNITY}-{year + 1}-0001",
    }
    assert f"31\u00a0Dec\u00a0{year}" in printed(client_of(lead), issued[worker.id])


def _issue(finding, actor, *, fails=False):
    held = db.session.get_one(Finding, finding.id)
    notices.issue([held], actor.id, utcnow(), ZONE)
    if fails:
        raise ZeroDivisionError


def _issue_in_a_savepoint_that_fails(finding, actor):
    with db.session.begin_nested():
        _issue(finding, actor, fails=True)


def _issue_and_fail(finding, actor):
    with transaction():
        _issue(finding, actor, fails=True)


def test_a_rollback_gives_its_number_back(worker):
    finding = factories.a_hazard()
    with pytest.raises(ZeroDivisionError):
        _issue_and_fail(finding, worker)
    with transaction():
        with pytest.raises(ZeroDivisionError):
            _issue_in_a_savepoint_that_fails(finding, worker)
        _issue(finding, worker)

    assert _numbers() == [1, 2]


def test_whoever_issues_at_the_same_time_waits_for_the_number(app, worker):
    finding = factories.a_hazard()

    def issue(fails=False):
        with app.app_context(), transaction():
            _issue(finding, worker, fails=fails)

    sides = [Side(lambda number=number: issue(fails=number % 3 == 0)) for number in range(9)]
    for number, side in enumerate(sides):
        if number % 3 == 0:
            with pytest.raises(ZeroDivisionError):
                side.result()
        else:
            side.result()

    assert _numbers() == list(range(1, 8))


def test_codes_cannot_be_guessed():
    assert len(set(notices.ALPHABET)) ** notices.LENGTH > 2**50


SIGNATURE = {"wide": 600, "high": 200, "strokes": [[40, 120, 80, 40], [240, 100, 300, 60, 330, 150]]}


@pytest.mark.parametrize("paper", ["a4", "roll"])
def test_the_signature_taken_at_the_door_is_printed(client_of, lead, worker, paper):
    notice = answered(worker, response="signed", signer="occupant", signature=SIGNATURE)

    text = printed(client_of(lead), notice, paper)

    assert '<path d="M40 120L80 40 M240 100L300 60 330 150"/>' in text
    assert "Received by: Occupant" in text


@pytest.mark.parametrize(
    ("response", "words"), [("left", "Notice left, not signed"), ("declined", "Declined to sign")]
)
def test_a_notice_that_was_not_signed_says_how_it_was_answered(client_of, lead, worker, response, words):
    notice = answered(worker, response=response)

    text = printed(client_of(lead), notice)

    assert words in text
    assert "Received by" not in text


def test_a_notice_that_nobody_has_answered_yet_leaves_room_for_a_signature(client_of, lead):
    factories.a_hazard()

    text = printed(client_of(lead), db.session.query(HazardNotice).one())

    assert "Received by:" in text
    assert "paper-signature" not in text


def test_a_correction_that_says_otherwise_is_what_is_printed(client_of, lead, worker, phone):
    version = factories.a_checklist().version
    sender, found = phone(worker), {"id": str(new_id()), "item": "H04", "action": "notice_left"}
    paper = {"code": "ABCDEFGH2345", "response": "left"}
    checklist = {"code": "home-safety", "version": version, "checked": True}
    event = sender.record(factories.a_dwelling(), checklist=checklist, findings=[found], hazard_notice=paper)
    visit = db.session.get_one(Finding, UUID(found["id"])).visit_id
    client_of(lead).post(f"/visits/{visit}/return", data={"revision": 1, "reason": "住户后来签了"})
    signed = paper | {"response": "signed", "signer": "lessor", "signature": SIGNATURE}
    sender.send(sender.event(sender.correction_of(event, hazard_notice=signed)))

    text = printed(client_of(lead), db.session.query(HazardNotice).one())

    assert "Received by: Landlord" in text


def test_the_number_and_the_code_of_a_notice_are_called_by_different_names(
    client_of, lead, worker, anonymous
):
    notice = answered(worker, response="left")

    pages = [
        printed(client_of(lead), notice),
        anonymous.get(f"/n/{notice.code}?lang=en").get_data(as_text=True),
    ]

    for page in [page[page.index("<main") :] for page in pages]:
        assert page.index("Notice number") < page.index(f"{notice.area_code}-{notice.year}-0001")
        assert page.index("Look-up code") < page.index("ABCD-EFGH-2345")


def test_a_notice_that_a_correction_leaves_gives_its_days_from_then_on(client_of, lead, worker, clock):
    finding = factories.a_hazard(worker, action="refer")
    days = finding.due_on - today()
    clock.forward(days=40)

    form = {"revision": 1, "reason": "电话核实", f"finding.{finding.id}.action": "notice_left"}
    client_of(lead).post(f"/visits/{finding.visit_id}/correction", data=form)

    db.session.expire_all()
    row = db.session.get_one(Finding, finding.id)
    assert db.session.query(HazardNotice).count() == 1
    assert row.due_on == today() + days
    assert (row.steps[-1].action, row.steps[-1].due_on) == ("notify", row.due_on)


def test_a_notice_of_which_nothing_is_left_says_so_in_place_of_an_empty_list(client_of, lead, worker):
    finding = factories.a_hazard(worker)
    form = {"revision": 1, "reason": "核实", f"finding.{finding.id}.action": "none"}
    client_of(lead).post(f"/visits/{finding.visit_id}/correction", data=form)

    text = printed(client_of(lead), db.session.query(HazardNotice).one())

    assert "Everything on this notice was withdrawn." in text
    assert "<ol>" not in text
    assert str(finding.id) not in text


def test_the_way_back_from_a_paper_leads_to_a_hazard_that_still_is_one(client_of, lead, worker):
    version = factories.a_checklist().version
    found = [{"id": str(new_id()), "item": item, "action": "notice_left"} for item in ("H04", "H09")]
    checklist = {"code": "home-safety", "version": version, "checked": True}
    visit = factories.a_visit(worker, unchanged=None, checklist=checklist, findings=found)
    first, second = [row.id for row in db.session.query(HazardNotice).one().findings]
    form = {"revision": 1, "reason": "核实", f"finding.{first}.action": "none"}
    client_of(lead).post(f"/visits/{visit.id}/correction", data=form)

    text = printed(client_of(lead), db.session.query(HazardNotice).one())

    assert f'href="/hazards/{second}"' in text
    assert f'href="/hazards/{first}"' not in text


def _printed_day(page):
    return page.split("To be put right by: ")[1].split("</p>")[0]


def test_a_copy_of_what_was_left_at_the_door_shows_its_first_deadline_whatever_was_counted_anew(
    client_of, lead, office, clock
):
    factories.a_hazard()
    notice, browser = db.session.query(HazardNotice).one(), client_of(lead)
    first = _printed_day(printed(browser, notice))
    clock.forward(minutes=5)
    client_of(office).post("/hazards/rules/items/H04", data={"due_days": "90"})

    again = printed(browser, notice)

    assert db.session.query(Finding).one().due_on == today() + timedelta(days=90)
    assert _printed_day(again) == first


def test_a_copy_of_an_older_notice_shows_no_later_deadline_as_its_own(client_of, lead, clock):
    finding = factories.a_hazard()
    finding.steps[1].due_on = None  # as it was kept before the first day was written down
    db.session.commit()
    first = db.session.query(HazardNotice).one()
    browser, address = client_of(lead), f"/hazards/{finding.id}"
    clock.forward(minutes=5)
    browser.post(f"{address}/recheck", data={"version": 2, "passed": "false", "reason": "还在"})
    browser.post(f"{address}/notice", data={"version": 3})
    second = db.session.query(HazardNotice).filter(HazardNotice.id != first.id).one()
    clock.forward(minutes=5)
    later = {"version": 4, "due_on": today() + timedelta(days=90), "reason": "房东外出"}
    browser.post(f"{address}/deadline", data=later)

    older, newer = printed(browser, first), printed(browser, second)

    db.session.expire_all()
    steps = db.session.get_one(Finding, finding.id).steps
    assert "The deadline was changed. Now to be put right by" in older
    assert "The deadline was changed." not in newer
    assert str(steps[3].due_on.day) in newer.split("To be put right by: ")[1].split("</p>")[0].split(",")[0]


def test_the_square_on_a_paper_leads_to_the_site_and_not_to_the_name_by_which_the_desk_was_opened(
    app, client_of, lead
):
    factories.a_hazard()
    notice = db.session.query(HazardNotice).one()
    app.config["ADDRESS"] = "https://doorstep.example.org/"

    page = client_of(lead).post(f"/hazards/notices/{notice.id}/copies", follow_redirects=True)

    assert f"https://doorstep.example.org/n/{notice.code}" in page.get_data(as_text=True)
