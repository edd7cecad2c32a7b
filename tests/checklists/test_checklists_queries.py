"""What is in force is the newest; the pack carries the same."""

from field.checklists import queries, service
from field.core.db import transaction
from tests import factories
from tests.factories import DISTRICT


def test_only_the_newest_version_of_each_checklist_is_in_force(app):
    factories.a_checklist()
    factories.a_checklist()
    with transaction():
        service.publish(DISTRICT, "workplace", ("单位检查", "Workplace check"), [])

    current = queries.current_checklists(DISTRICT)

    assert [(row.code, row.version) for row in current] == [("home-safety", 2), ("workplace", 1)]
    assert [item.position for item in current[0].items] == list(range(1, 45))


def test_answers_come_by_list_in_their_order(app):
    factories.codes()

    lists = queries.codes(DISTRICT)

    assert [row.code for row in lists["heating"]] == ["central", "coal_stove", "gas", "electric", "none"]
    assert lists["department"][-1].zh == "消防救援大队"


def test_the_newest_notice_is_in_force(app):
    assert queries.current_notice(DISTRICT) is None
    factories.a_notice()
    factories.a_notice()

    assert queries.current_notice(DISTRICT).version == 2


def test_another_district_has_its_own(app):
    factories.a_checklist()
    factories.codes()
    factories.a_notice()

    assert queries.current_checklists(620403) == []
    assert queries.codes(620403) == {}
    assert queries.current_notice(620403) is None


def test_the_pack_carries_what_is_in_force(phone, worker):
    factories.a_checklist()
    factories.a_checklist()
    count = factories.codes()
    factories.a_notice()

    pack = phone(worker).pack()

    [checklist] = pack["checklists"]
    assert (checklist["version"], len(checklist["items"])) == (2, 44)
    assert sum(len(answers) for answers in pack["codes"].values()) == count
    assert [notice["version"] for notice in pack["notices"]] == [1]


def test_a_household_can_wish_for_help_in_an_evacuation(app):
    """Asked for safety, as a request of the dwelling; nobody is marked for it."""
    factories.codes()

    kinds = {row.code: row.zh for row in queries.codes(DISTRICT)["service_kind"]}

    assert kinds["evacuation"] == "疏散时需要协助"
