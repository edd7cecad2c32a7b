"""A return may point at what the visit said nothing of; each part takes a ready-made reason, without the script too."""

import pytest

from field.core.db import db
from field.reviews.models import Review
from tests import factories

TEMPLATE = "请核对居住人数。"


@pytest.fixture
def door(worker):
    """A home with somebody, a shop, and a hazard of an earlier visit."""
    return factories.a_dwelling(rooms=2)


@pytest.fixture
def known(worker, door):
    """What is known behind the door, by the part that names it."""
    resident = factories.an_occupancy(door, name="测试·老住户")
    shop = factories.a_workplace(door, name="测试·小卖部")
    hazard = factories.a_hazard(worker, dwelling=door)
    return {
        f"occupants.{resident.id}": "测试·老住户",
        f"workplaces.{shop.id}": "测试·小卖部",
        f"rechecks.{hazard.id}": hazard.name_zh,
    }


@pytest.fixture
def visit(worker, door, known):
    """A visit that says nothing of them."""
    return factories.a_visit(worker, door, unchanged=None, note="门铃坏了")


@pytest.fixture
def send_back(client_of, lead, visit):
    """send_back(**form): without the script."""

    def post(**form):
        return client_of(lead).post(f"/visits/{visit.id}/return", data={"revision": 1, **form})

    return post


def test_somebody_a_place_of_work_and_a_hazard_that_the_visit_did_not_name_can_be_pointed_at(
    client_of, lead, worker, visit, known, send_back, phone
):
    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)
    assert all(f'name="part" value="{key}"' in page for key in known)

    about = {f"about.{key}": f"核对{name}" for key, name in known.items()}
    answer = send_back(reason="", part=list(known), **about)

    assert answer.status_code == 303
    [returned] = phone(worker).pack()["returned"]
    assert [one["part"] for one in returned["fields"]] == list(known)
    because = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True).split('id="because"')[1]
    assert all(name in because.split("</div>")[0] for name in known.values())


@pytest.mark.parametrize(
    "part",
    [
        *("findings", "photos", "occupants", "workplaces", "requests", "hazard_notice"),
        *("dwelling_changes.rooms", "dwelling_changes.lessor_phone"),
    ],
)
def test_a_section_or_a_fact_that_the_visit_left_out_can_be_pointed_at(send_back, worker, phone, part):
    answer = send_back(reason="请核对", part=[part], **{f"about.{part}": "没有填"})

    assert answer.status_code == 303
    [returned] = phone(worker).pack()["returned"]
    assert returned["fields"] == [{"part": part, "reason": "没有填"}]


@pytest.mark.parametrize("kind", ["occupants", "workplaces", "rechecks"])
def test_what_is_behind_another_door_cannot_be_pointed_at(worker, send_back, kind):
    other = factories.a_dwelling()
    rows = {
        "occupants": factories.an_occupancy(other),
        "workplaces": factories.a_workplace(other),
        "rechecks": factories.a_hazard(worker, dwelling=other),
    }

    answer = send_back(reason="请核对", part=[f"{kind}.{rows[kind].id}"])

    assert answer.status_code == 400
    assert db.session.query(Review).count() == 0


def test_every_part_offers_the_ready_made_reasons(client_of, lead, visit):
    page = client_of(lead).get(f"/visits/{visit.id}").get_data(as_text=True)

    choices = page.split('<datalist id="ready-made">')[1].split("</datalist>")[0]
    assert f'<option value="{TEMPLATE}">' in choices
    assert page.count('list="ready-made"') == page.count('name="about.') > 10


def test_a_ready_made_reason_of_one_part_is_reason_enough(send_back, worker, phone):
    answer = send_back(reason="", part=["occupants"], **{"about.occupants": TEMPLATE})

    assert answer.status_code == 303
    [returned] = phone(worker).pack()["returned"]
    assert returned["fields"] == [{"part": "occupants", "reason": TEMPLATE}]
    assert TEMPLATE in returned["reason"]


def test_what_was_pointed_at_beyond_the_visit_is_open_when_the_form_comes_back(send_back):
    page = send_back(reason="长" * 501, part=["requests"]).get_data(as_text=True)

    assert 'name="part" value="requests" checked' in page
    assert "<details open>" in " ".join(page.split('class="pointing"')[1].split())


def test_a_ready_made_reason_of_a_part_reaches_the_worker_in_the_workers_language(
    client_of, lead, worker, visit, phone
):
    form = {"revision": 1, "reason": "", "part": ["occupants"]}
    about = {"about.occupants": "Please check how many people live here."}

    client_of(lead).post(f"/visits/{visit.id}/return?lang=en", data=form | about)

    [returned] = phone(worker).pack()["returned"]
    assert returned["fields"] == [{"part": "occupants", "reason": TEMPLATE}]
