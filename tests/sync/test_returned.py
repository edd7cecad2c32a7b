"""A visit that came back says on the phone of its author where it was and whom it is about."""

import json
from uuid import UUID

from field.core.db import transaction
from field.core.ids import new_id
from field.hazards.models import Finding
from field.people.models import Occupancy
from field.visits.models import Visit
from tests import factories


def test_a_returned_visit_names_nobody_of_another_door(phone, worker):
    elsewhere = factories.an_occupancy()
    sender = phone(worker)
    sender.record(factories.a_dwelling(), occupants=[{"action": "moved_out", "occupancy": str(elsewhere.id)}])
    with transaction() as session:
        session.get_one(Occupancy, elsewhere.id).ended = True
        session.query(Visit).one().state = "returned"

    assert "gone" not in sender.pack()["returned"][0]


def test_a_returned_visit_names_what_it_is_about_though_the_pack_has_it_no_more(phone, worker):
    door = factories.a_dwelling()
    gone, here = factories.an_occupancy(door), factories.an_occupancy(door)
    shop, sender = factories.a_workplace(door, name="测试·面馆"), phone(worker)
    hazard = {"id": str(new_id()), "item": "H09", "action": "notice_left"}
    checklist = {"code": "home-safety", "version": factories.a_checklist().version, "checked": True}
    sender.record(door, findings=[hazard], checklist=checklist)
    event = sender.record(
        door,
        occupants=[
            {"action": "moved_out", "occupancy": str(gone.id), "moved_out_on": "2026-11-20"},
            {"action": "change", "occupancy": str(here.id), "reason": "101"},
        ],
        workplaces=[{"action": "closed", "workplace": str(shop.id)}],
        rechecks=[{"finding": hazard["id"], "passed": False}],
    )
    with transaction() as session:
        session.get_one(Finding, UUID(hazard["id"])).settled = True
        visit = session.query(Visit).filter_by(id=UUID(json.loads(event["body"])["visit"])).one()
        visit.state = "returned"

    pack = sender.pack()

    [back] = pack["returned"]
    assert back["where"] == door.address
    assert back["gone"] == {
        "occupants": [{"id": str(gone.id), "name": gone.person.name}],
        "workplaces": [{"id": str(shop.id), "name": "测试·面馆"}],
        "rechecks": [{"id": hazard["id"], "item": "H09"}],
    }
    assert [row["id"] for row in pack["occupants"]] == [str(here.id)]
