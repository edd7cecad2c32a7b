"""What has happened in the demo village before anybody signs in: calls at doors and what became of hazards.

Days are counted back from today, hours are the district's. Every note says that it is invented.
"""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from field.demo.buildings import PLANS, doors
from field.demo.village import SEED
from field.hazards.models import Action

# Visits of so many days ago and older have been reviewed.
REVIEWED = 3


class Call(NamedTuple):
    """A call at a door. `hazard` names a finding of the story, `again` one that is looked at again.

    `photo` is a drawing; "" for none, "late" for one that has not come. `returned` is why the lead sent it back,
    `corrected` what its author then said instead, a day later.
    """

    days: int
    hour: int
    worker: str
    plate: str
    door: str
    outcome: str = "done"
    hazard: str = ""
    item: str = ""
    action: str = "notice_left"
    spot: str = ""
    note: str = ""
    photo: str = ""
    again: str = ""
    passed: bool = False
    changes: Mapping[str, Any] = {}
    returned: str = ""
    corrected: Mapping[str, Any] = {}
    new_door: bool = False


class Step(NamedTuple):
    """What somebody at a desk, or the household (no name), did about a hazard of the story."""

    days: int
    hour: int
    hazard: str
    action: Action
    who: str = ""
    reason: str = ""
    department: str = ""
    photo: str = ""


CALLS = (
    Call(14, 9, "worker2", "人民路 18号", "402", hazard="boxes", item="H02", spot="四楼过道", photo="stove"),
    Call(10, 10, "worker", "人民路 18号", "402", again="boxes", passed=True, photo="clear"),
    Call(12, 10, "worker2", "人民路 18号", "301", hazard="window", item="H04", spot="南窗"),
    Call(11, 9, "worker", "人民路三巷 1号", "101", hazard="hydrant", item="H29", spot="一楼大门旁"),
    Call(10, 15, "worker", "人民路二巷 8号", "201", hazard="lights", item="H08", action="refer"),
    Call(9, 10, "worker2", "人民路一巷 5号", "301", hazard="battery", item="H11", photo="bicycle"),
    Call(2, 10, "worker", "人民路一巷 5号", "301", again="battery", note="演示：电池仍在屋内充电"),
    Call(8, 11, "worker2", "人民路一巷 5号", "201", hazard="partition", item="H34", action="refer", photo="stove"),
    Call(7, 9, "worker", "人民路一巷 9号", "401", hazard="stairs", item="H05", action="refer"),
    Call(6, 16, "worker2", "人民路 20号", "301", hazard="charging", item="H10", spot="窗外", photo="bicycle"),
    Call(1, 9, "worker", "人民路 20号", "301", again="charging", passed=True, photo="late"),
    Call(5, 10, "worker2", "人民路 20号", "202", hazard="fuse", item="H15", spot="电表箱"),
    Call(4, 14, "worker", "人民路二巷 4号", "302", hazard="gas", item="H17", action="refer", spot="卧室"),
    Call(3, 10, "worker", "人民路一巷 3号", "103", item="H09", action="fixed_on_site", photo="bicycle"),
    Call(3, 11, "worker", "人民路二巷 10号", "203", hazard="crowded", item="H31", note="演示：隔成四间"),
    Call(2, 15, "worker", "人民路一巷 2号", "201", hazard="wires", item="H13", spot="厨房", photo="stove"),
    Call(1, 10, "worker2", "人民路一巷 9号", "101", hazard="exit", item="H03", action="refer", photo="stove"),
    # Returned: these wait on the phone of whoever made them.
    Call(4, 9, "worker", "人民路三巷 3号", "201", changes={"headcount": 9}, returned="演示：人数多了不少，请核实。"),
    Call(3, 15, "worker", "人民路三巷 1号", "202", "refused", returned="演示：请写明谁拒绝的，是否约了时间。"),
    Call(5, 14, "worker2", "人民路一巷 7号", "202", changes={"headcount": 6}, returned="演示：租了几间？请补上。",
         corrected={"dwelling_changes": {"headcount": 4, "rooms": 2, "rooms_let": 2}}),
    # Two workers at one door, with two answers; and a door that was not known.
    Call(2, 9, "worker2", "人民路 16号", "101", changes={"headcount": 3}),
    Call(1, 15, "worker", "人民路 16号", "101", changes={"headcount": 5}),
    Call(1, 16, "worker2", "人民路 14号", "304", note="演示：三楼隔出的新门，没有门牌", new_door=True),
)  # fmt: skip
STEPS = (
    Step(9, 9, "lights", Action.ACCEPT, "handler"),
    Step(8, 10, "lights", Action.RETURN, "handler", "演示：照明由房东负责维护，请先通知房东整改。"),
    Step(8, 9, "hydrant", Action.REFER, "lead", "演示：厂方占用消火栓，请消防督促。", "fire_rescue"),
    Step(7, 9, "hydrant", Action.ACCEPT, "handler"),
    Step(7, 15, "partition", Action.ACCEPT, "handler"),
    Step(6, 9, "hydrant", Action.START, "handler"),
    Step(6, 10, "partition", Action.START, "handler"),
    Step(3, 10, "partition", Action.PROGRESS, "handler", "演示：已约谈房东，约定两周内拆除隔断。"),
    Step(2, 16, "hydrant", Action.FEED_BACK, "handler", "演示：围挡已拆，消火栓可以使用。", photo="clear"),
    Step(1, 18, "fuse", Action.REPORT_FIXED, photo="clear"),
)
# Buildings that somebody went through from door to door, as on any other day.
_ROUTINE = (
    (20, "worker2", "人民路 14号"),
    (13, "worker", "人民路二巷 2号"),
    (6, "worker2", "人民路一巷 1号"),
)
_LATELY = (1, "worker2", "人民路 16号", 4)
_OUTCOMES = {"done": 12, "no_answer": 4, "vacant": 2, "refused": 1}


def calls() -> list[Call]:
    """Every call, in the order of time."""
    days, worker, plate, most = _LATELY
    lately = [call for call in _through(days, worker, plate) if call.door != "101"][:most]
    routine = [call for one in _ROUTINE for call in _through(*one)]
    return sorted([*CALLS, *routine, *lately], key=lambda call: (-call.days, call.hour))


def _through(days: int, worker: str, plate: str) -> Iterator[Call]:
    chance = Random(SEED + days)  # noqa: S311 not a secret: it must repeat
    plan = next(one for one in PLANS if one.plate == plate)
    for place, door in enumerate(doors(plan)):
        [outcome] = chance.choices(list(_OUTCOMES), list(_OUTCOMES.values()))
        yield Call(days, 9 + place // 3, worker, plate, door.number, outcome)
