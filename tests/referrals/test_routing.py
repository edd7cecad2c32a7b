"""Who gets what: the most particular line of the district's table, the checklist where there is none."""

from datetime import date, timedelta

import pytest

from field.accounts.scope import Actor
from field.audit.models import AuditEntry
from field.core.clock import local_day, utcnow
from field.core.db import db, transaction
from field.hazards import routing, terms
from field.hazards.models import Action, CalendarDay, FindingStatus, ReferralRoute
from field.hazards.routing import Routing
from tests import factories

ZONE = "Asia/Shanghai"
LINES = {
    ("", ""): "subdistrict",
    ("", "urban_state"): "housing_construction",
    ("suspected_major", ""): "emergency_management",
    ("H03", ""): "fire_rescue",
    ("H03", "rural_collective"): "civil_affairs",
}


@pytest.fixture
def set_line(office):
    """Add a line to the district's table."""

    def add(subject, land_tenure, department):
        with transaction():
            routing.set_route(subject, land_tenure, department, Actor.of(office), utcnow())

    return add


@pytest.fixture
def desk(client_of, office):
    """The office at its desk; the district has its lists."""
    factories.codes()
    factories.a_checklist()
    return client_of(office)


@pytest.mark.parametrize(
    ("item", "severity", "land", "expected"),
    [
        ("H03", "suspected_major", "rural_collective", "civil_affairs"),
        ("H03", "suspected_major", "urban_state", "fire_rescue"),
        ("H10", "suspected_major", "urban_state", "emergency_management"),
        ("H10", "general", "urban_state", "housing_construction"),
        ("H10", "general", "rural_collective", "subdistrict"),
    ],
)
def test_the_most_particular_line_counts(item, severity, land, expected):
    assert Routing(LINES).department_for(item, severity, land, ["transport"]) == expected


def test_without_a_line_the_first_department_of_the_checklist_gets_it():
    assert Routing().department_for("H03", "general", "unknown", ["transport", "justice"]) == "transport"
    assert Routing().department_for("H03", "general", "unknown", []) is None


def test_what_a_worker_refers_goes_where_the_table_says_with_a_day_to_accept(set_line):
    set_line("H06", "", "subdistrict")

    finding = factories.a_hazard(item="H06", action="refer")

    assert (finding.status, finding.department) == (FindingStatus.REFERRED, "subdistrict")
    assert finding.steps[-1].department == "subdistrict"
    assert finding.accept_by == local_day(finding.found_at, ZONE) + timedelta(days=routing.ACCEPT_DAYS)


def test_the_land_of_the_building_decides_where_a_line_names_it(set_line):
    set_line("H03", "", "subdistrict")
    set_line("H03", "rural_collective", "civil_affairs")
    home = factories.a_dwelling(factories.a_building(land_tenure="rural_collective"))

    assert factories.a_hazard(item="H03", action="refer", dwelling=home).department == "civil_affairs"
    assert factories.a_hazard(item="H03", action="refer").department == "subdistrict"


def test_a_lead_finds_the_department_of_the_table_chosen_and_may_choose_another(set_line, client_of, lead):
    set_line("", "", "justice")
    factories.codes()
    finding = factories.a_hazard()
    desk = client_of(lead)

    page = desk.get(f"/hazards/{finding.id}?lang=en").get_data(as_text=True)
    desk.post(f"/hazards/{finding.id}/referral", data={"version": finding.version, "department": "transport"})

    assert '<option value="justice" selected>' in page
    assert finding.department == "transport"
    assert finding.accept_by == local_day(utcnow(), ZONE) + timedelta(days=routing.ACCEPT_DAYS)


def test_a_correction_that_refers_is_routed_too_and_one_that_does_not_leaves_no_department(
    set_line, phone, client_of, worker, lead
):
    set_line("", "", "justice")
    sender = phone(worker)
    part = {"id": "018f0000-0000-7000-8000-000000000001", "item": "H04", "action": "refer"}
    checklist = {"code": "home-safety", "version": factories.a_checklist().version, "checked": True}
    event = sender.record(factories.a_dwelling(), checklist=checklist, findings=[part])
    finding = db.session.query(terms.Finding).one()
    first = (finding.status, finding.department)
    client_of(lead).post(f"/visits/{finding.visit_id}/return", data={"revision": 1, "reason": "看错了"})
    fixed = part | {"action": "notice_left"}
    sender.send(sender.event(sender.correction_of(event, findings=[fixed])))

    assert first == (FindingStatus.REFERRED, "justice")
    assert (finding.status, finding.department, finding.accept_by) == (FindingStatus.NOTIFIED, None, None)


def test_days_to_accept_can_be_working_days_of_the_district(office):
    friday = date(2026, 11, 6)
    with transaction():
        routing.set_term("fire_rescue", 2, 1, True, Actor.of(office), utcnow())
        routing.set_term("transport", 2, 1, False, Actor.of(office), utcnow())
        db.session.add(
            CalendarDay(district=factories.DISTRICT, day=date(2026, 11, 9), working=False, name="测试假日")
        )

    settings = terms.terms_of(factories.DISTRICT)

    due_on = date(2026, 12, 6)
    assert settings.accept_by("fire_rescue", friday, due_on) == date(2026, 11, 11)
    assert settings.accept_by("transport", friday, due_on) == date(2026, 11, 8)


def test_the_office_edits_lines_and_terms_and_the_audit_tells(desk, office):
    desk.post("/referrals/routing", data={"subject": "H03", "department": "transport"})
    desk.post("/referrals/routing", data={"subject": "H03", "department": "justice"})
    desk.post(
        "/referrals/routing/terms", data={"department": "justice", "accept_days": "5", "escalate_days": "2"}
    )

    text = desk.get("/referrals/routing?lang=en").get_data(as_text=True)
    [line] = db.session.query(ReferralRoute.subject, ReferralRoute.land_tenure, ReferralRoute.department)
    desk.post("/referrals/routing/removal", data={"subject": "H03", "land_tenure": ""})

    told = [
        row.action
        for row in db.session.query(AuditEntry).filter_by(actor_id=office.id).order_by(AuditEntry.number)
    ]
    assert tuple(line) == ("H03", "", "justice")
    assert 'id="justice-accept" name="accept_days" inputmode="numeric" value="5"' in text
    assert not db.session.query(ReferralRoute).all()
    assert told[1:] == ["referral_route.set"] * 2 + ["referral_term.set", "referral_route.dropped"]


@pytest.mark.parametrize(
    ("path", "typed", "said"),
    [
        ("/referrals/routing", {"subject": "H03", "department": "none"}, "Please choose from the list."),
        ("/referrals/routing", {"subject": "no", "department": "justice"}, "Please choose from the list."),
        (
            "/referrals/routing/terms",
            {"department": "justice", "escalate_days": "91"},
            "Between 0 and 90 days.",
        ),
        (
            "/referrals/routing/terms",
            {"department": "justice", "accept_days": "<b>", "escalate_days": "1"},
            "Between 0 and 90 days.",
        ),
    ],
)
def test_what_is_not_on_the_lists_is_refused_beside_its_field(desk, path, typed, said):
    answer = desk.post(f"{path}?lang=en", data=typed)

    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert "<b>" not in answer.get_data(as_text=True)
    assert not db.session.query(ReferralRoute).all()


@pytest.mark.parametrize(("ticked", "saved"), [(True, False), (False, True)])
def test_terms_that_are_refused_stay_as_they_were_typed_with_their_tick(desk, ticked, saved):
    tick, term = {"working_days": "true"}, {"department": "justice", "escalate_days": "2"}
    desk.post("/referrals/routing/terms", data=term | {"accept_days": "5"} | (tick if saved else {}))

    answer = desk.post(
        "/referrals/routing/terms", data=term | {"accept_days": "91"} | (tick if ticked else {})
    )

    form = answer.get_data(as_text=True).split('id="term-justice"')[1].split("</form>")[0]
    assert answer.status_code == 422
    assert 'name="accept_days" inputmode="numeric" value="91"' in form
    assert ('name="working_days" value="true" checked' in form) is ticked


def test_the_office_reads_that_other_days_to_accept_leave_what_is_open_alone(desk):
    page = desk.get("/referrals/routing?lang=en").get_data(as_text=True)

    field = page.split('id="justice-accept"')[1].split(">")[0]
    assert 'aria-describedby="terms-note"' in field
    assert "what waits already keeps its day" in page.split('id="terms-note"')[1].split("</span>")[0]


def test_a_line_counts_in_its_own_district_only(set_line):
    set_line("", "", "justice")
    far = factories.a_dwelling(grid=factories.ABROAD)
    stranger = factories.a_user("abroad", role="worker", areas=(factories.ABROAD,), district=620403)

    finding = factories.a_hazard(stranger, item="H03", action="refer", dwelling=far)

    assert finding.department == finding.departments[0]
    assert finding.steps[-1].action == Action.REFER
