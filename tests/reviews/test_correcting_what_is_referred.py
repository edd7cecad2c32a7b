"""A hazard that was referred at the desk stays with its department when its visit is corrected, whoever corrects it."""

from uuid import UUID

import pytest

from field.core.db import db
from field.core.ids import new_id
from field.hazards.models import Finding, FindingStatus, HazardNotice
from tests import factories


@pytest.fixture(autouse=True)
def district_lists(app):
    factories.codes()


@pytest.fixture
def record(phone):
    """record(user, hazards): a visit that found them and left a notice; answers the phone and the event."""

    def visit(user, count):
        version = factories.a_checklist().version
        parts = [{"id": str(new_id()), "item": "H04", "action": "notice_left"} for _one in range(count)]
        held = phone(user)
        facts = {"checklist": {"code": "home-safety", "version": version, "checked": True}, "findings": parts}
        return held, held.record(factories.a_dwelling(), unchanged=None, **facts), parts

    return visit


@pytest.fixture
def refer(client_of, lead):
    """Refer a hazard as the lead at the desk."""

    def send(part):
        row = _now(part)
        form = {"version": row.version, "department": "fire_rescue"}
        assert client_of(lead).post(f"/hazards/{row.id}/referral", data=form).status_code == 303
        return _now(part).version

    return send


def _now(part):
    db.session.expire_all()
    return db.session.get_one(Finding, UUID(part["id"]))


@pytest.mark.parametrize("worded", [0, 1], ids=["the one that is referred", "another of the same visit"])
def test_a_lead_who_words_a_hazard_anew_takes_none_back_from_its_department(
    worker, lead, client_of, record, refer, worded
):
    _held, _event, parts = record(worker, 2)
    referred = parts[0]
    version = refer(referred)

    answer = client_of(lead).post(
        f"/visits/{_now(referred).visit_id}/correction",
        data={"revision": 1, "reason": "电话核实", f"finding.{parts[worded]['id']}.spot": "阳台"},
    )

    row = _now(referred)
    assert answer.status_code == 303
    assert _now(parts[worded]).spot == "阳台"
    assert (row.status, row.department, row.version) == (FindingStatus.REFERRED, "fire_rescue", version)
    assert db.session.query(HazardNotice).count() == 1


def test_a_lead_who_corrects_an_own_visit_by_phone_takes_nothing_back_either(lead, record, refer):
    held, event, parts = record(lead, 1)
    version = refer(parts[0])

    [result] = held.send(held.event(held.correction_of(event, findings=[parts[0] | {"spot": "阳台"}])))

    row = _now(parts[0])
    assert result["result"] == "accepted"
    assert (row.spot, row.status, row.version) == ("阳台", FindingStatus.REFERRED, version)
