"""One schedule: what phones, people, the network, the server and its database do, drawn from a seed; then all heals."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from tests.locks import held
from tests.proxy import Proxy
from tests.sim import bodies, desk
from tests.sim.checker import check_all_in, check_at_the_end
from tests.sim.handset import Handset, quietly
from tests.sim.ledger import Ledger
from tests.sim.line import Line
from tests.sim.network import Network
from tests.sim.sender import Sender, reconcile
from tests.sim.world import WORKERS, World
from tests.steps import BATCH_STEPS, STEPS
from tests.waiting import Side

_ROUNDS = 8
_SKEWS = (
    timedelta(),
    timedelta(),
    timedelta(),
    timedelta(hours=-3),
    timedelta(days=3653),
    timedelta(days=-3653),
)


class Schedule:
    """What happens under one seed. `run()` plays it and answers the ledger with whatever was wrong."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance, self.ledger = world, Random(seed), Ledger()
        self.disturbed: set[str] = set()
        self.shut_out = False
        self.phones: list[Handset] = []
        self.proxy = Proxy(world.server.connect)
        self.network = Network(self.proxy)

    def run(self) -> Ledger:
        """Play it to the end, heal everything, and compare."""
        self.world.reset()
        try:
            for number in range(self.chance.choice([1, 2, 2, 3])):
                self._hand_out(f"phone-{number}")
            actions, weights = zip(*self._actions().items(), strict=True)
            for _ in range(self.chance.randint(8, 20)):
                if self.chance.random() < 0.7:
                    self.world.server.revive()
                self.chance.choices(actions, weights)[0]()
            self._heal()
            self._end()
        finally:
            self.proxy.close()
        self.ledger.counts.update({f"network: {kind}": count for kind, count in self.proxy.met.items()})
        return self.ledger

    def _actions(self) -> dict[Callable[[], object], float]:
        return {
            self._visit: 7,
            self._drain: 7,
            self._drain_together: 2,
            self._meet_at_a_door: 1.5,
            self._die_at_a_step: 4,
            self._compare: 2,
            self._change_weather: 1,
            self._repeat: 0.7,
            self._kill: 1,
            self._odd_visit: 0.8,
            self._other_body: 0.6,
            self._send_back: 1,
            self._days_pass: 1.2,
            self._back_up: self._seldom(1.5),
            self._restore: self._seldom(1),
            self._shut_out: 0.3,
            self._suspend: 0.25,
            self._move: 0.25,
            self._full_disk: 0.5,
            self._locked: 0.2,
            self._crash: 0.0 if self._is_sqlite else 0.15,
        }

    @property
    def _is_sqlite(self) -> bool:
        return self.world.database.url.startswith("sqlite")

    def _seldom(self, weight: float) -> float:
        return weight if self._is_sqlite else weight / 2

    def _hand_out(self, name: str) -> None:
        chance = Random(self.chance.random())
        worker = self.chance.choice(WORKERS)
        member = self.world.members[worker]
        line = Line(self.network.port, name, {"session": member.session}, self.ledger.failures)
        phone = Handset(name, worker, str(member.id), line, self.ledger, self.chance.choice(_SKEWS))
        phone.enrol()
        self.network.join(name, chance)
        self.phones.append(phone)

    def _count(self, what: str) -> None:
        self.ledger.counts[what] += 1

    # --- phones

    def _phone(self) -> Handset:
        return self.chance.choice(self.phones)

    def _visit(self) -> None:
        bodies.finish_visit(self.world, self._phone(), self.chance)

    def _odd_visit(self) -> None:
        self._count("odd records")
        bodies.finish_odd_visit(self.world, self._phone(), self.chance)

    def _other_body(self) -> None:
        phone = self._phone()
        others = [event for event in self.ledger.events if self.ledger.owner[event] != phone.name]
        events = [self.ledger.events[event][0] for event in others]
        events = [event for event in events if event["author"] == phone.author]
        if events:
            self._count("other bodies under an id")
            bodies.finish_other_body(phone, self.chance.choice(events), self.chance)

    def _drain(self) -> None:
        phone = self._phone()
        Sender(phone, self.chance, self.chance.choice([1, 3, 50])).drain()

    def _drain_together(self) -> None:
        """Every phone sends at the same moment."""
        self._count("at the same moment")
        senders = [Sender(phone, Random(self.chance.random())) for phone in self.phones]
        for side in [Side(sender.drain) for sender in senders]:
            side.result(60)

    def _meet_at_a_door(self) -> None:
        """Every phone has something to say of the same door, at the same moment."""
        door = self.chance.choice(self.world.doors)
        for phone in self.phones:
            bodies.finish_visit(self.world, phone, self.chance, door)
        self._drain_together()

    def _compare(self) -> None:
        phone = self._phone()
        if not quietly(lambda: self._say_all_in(phone)):
            self._count("comparisons")

    def _say_all_in(self, phone: Handset) -> bool:
        said = reconcile(phone)
        if said:
            self._count('"all in" was said')
            check_all_in(self.world, self.ledger, phone)
        return said

    def _change_weather(self) -> None:
        self.network.change(self._phone().name)

    def _repeat(self) -> None:
        """Everything arrives twice, also the last piece of a photo and what was stored long ago."""
        phone = self._phone()
        bodies.finish_visit(self.world, phone, self.chance)
        with self.network.repeating(phone.name):
            Sender(phone, self.chance).drain()

    # --- the server and its database

    def _kill(self) -> None:
        self._count("server killed")
        self.world.server.kill()

    def _die_at_a_step(self) -> None:
        step, phone = self.chance.choice([*STEPS, *BATCH_STEPS]), self._phone()
        self.world.server.revive()
        if self.chance.random() < 0.7 or not phone.anything_waits:
            bodies.finish_visit(self.world, phone, self.chance)
        self.world.control.kill_at(step, self.chance.choice([1, 1, 1, 2, 3, 5]))
        Sender(phone, self.chance).drain()
        if self.world.control.killed:
            self._count(f"killed at {step}")

    def _full_disk(self) -> None:
        """No room for some time, or until all heals."""
        self._count("disk full")
        self._fill(True)
        if self.chance.random() < 0.7:
            self._drain()
            self._fill(False)

    def _fill(self, full: bool) -> None:
        self.world.control.full = full
        self.world.database.fill(full)

    def _locked(self) -> None:
        self._count("database locked")
        table = self.chance.choice(["visits", "photos", "audit_entries"])
        with held(self.world.database.url, table):
            self._drain()

    def _crash(self) -> None:
        self._count("database killed")
        phone = self._phone()
        side = Side(Sender(phone, Random(self.chance.random())).drain)
        self.world.database.crash()
        side.result(60)

    # --- people

    def _send_back(self) -> None:
        self._count("returned")
        desk.send_back(self.world, self.chance)
        phone = self._phone()
        quietly(phone.fetch_round)
        for visit in phone.returned.values():
            if visit["revision"] >= self.ledger.newest_revision(visit["visit"]):
                bodies.finish_correction(self.world, phone, visit, self.chance)

    def _back_up(self) -> None:
        self._count("backups")
        self.world.control.forward(minutes=self.chance.choice([1, 8, 8]))
        desk.back_up(self.world)

    def _restore(self) -> None:
        """Lose everything but the newest backup; mostly there is something in that, and something that came later."""
        if self.chance.random() < 0.7:
            for action in (self._drain, self._back_up, self._visit, self._drain):
                action()
        if desk.restore(self.world):
            self._count("restores")

    def _days_pass(self) -> None:
        """What a backup holds may go then, once a phone hears of it."""
        self.world.control.forward(hours=self.chance.choice([2, 74, 80]))
        bodies.finish_visit(self.world, self._phone(), self.chance)
        self._drain_together()

    def _suspend(self) -> None:
        name = self.chance.choice(WORKERS)
        self._count("accounts closed")
        self.disturbed.add(name)
        desk.suspend(self.world, name)

    def _move(self) -> None:
        name = self.chance.choice(WORKERS)
        self._count("areas moved")
        self.disturbed.add(name)
        desk.move(self.world, name)

    def _shut_out(self) -> None:
        self._count("phones shut out")
        self.shut_out = True
        desk.revoke(self.world, self._phone().device)

    # --- the end

    def _heal(self) -> None:
        self.world.control.disarm()
        self._fill(False)
        self.world.server.revive()
        self.network.clear_up()
        # A phone that was shut out can only be enrolled again by somebody whose account is open.
        if self.disturbed and (self.shut_out or self.chance.random() < 0.5):
            desk.set_right(self.world, tuple(self.disturbed))
        for phone in self.phones:
            phone.line.cookies["session"] = desk.sign_in_again(self.world, phone.worker)

    def _end(self) -> None:
        """Every phone sends until nothing waits and all is in."""
        for _ in range(_ROUNDS):
            left = [phone for phone in self.phones if not self._comes_to_an_end(phone)]
            if not left:
                break
        for phone in left:
            self.ledger.wrong("endless", f"{phone.name} does not come to an end")
            self.ledger.unsent |= {one.id for one in (*phone.waiting(), *phone.pictures_waiting())}
        check_at_the_end(
            self.world, self.ledger, disturbed=bool(self.disturbed), flipped=self.network.flipped
        )

    def _comes_to_an_end(self, phone: Handset) -> bool:
        """Fetch the round, send, compare; tells whether nothing waits and all is in."""
        phone.fetch_round_or_enrol()
        problem = Sender(phone, self.chance).drain()
        said: list[bool] = []
        compared = quietly(lambda: said.append(self._say_all_in(phone)))
        return problem is None and compared is None and said == [True] and not phone.anything_waits
