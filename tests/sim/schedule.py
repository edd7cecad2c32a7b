"""One schedule: what phones, people, the network, the server and its database do, drawn from a seed; then all heals."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from tests.sim import desk
from tests.sim.checker import check_at_the_end
from tests.sim.handset import Handset, quietly
from tests.sim.ledger import Ledger
from tests.sim.line import Line
from tests.sim.sender import Sender
from tests.sim.upheavals import Upheavals
from tests.sim.world import WORKERS

_ROUNDS = 8
_SKEWS = (
    timedelta(),
    timedelta(),
    timedelta(),
    timedelta(hours=-3),
    timedelta(days=3653),
    timedelta(days=-3653),
)


class Schedule(Upheavals):
    """What happens under one seed. `run()` plays it and answers the ledger with whatever was wrong."""

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
            self._change_hands: 0.4,
            self._lose_storage: 0.25,
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
        check_at_the_end(self.world, self.ledger, disturbed=self._is_disturbed, flipped=self.network.flipped)

    @property
    def _is_disturbed(self) -> bool:
        """Whether good records can be set aside: their author closed, moved, or not enrolled again on a phone that
        somebody else has now; or what they correct went with a phone's storage and is in no backup."""
        counts = self.ledger.counts
        alone = counts["phones handed over"] and (self.shut_out or counts["restores"])
        return bool(self.disturbed or alone or (counts["storages lost"] and counts["restores"]))

    def _comes_to_an_end(self, phone: Handset) -> bool:
        """Fetch the round, send, compare; tells whether nothing waits and all is in."""
        phone.fetch_round_or_enrol()
        problem = Sender(phone, self.chance).drain()
        said: list[bool] = []
        compared = quietly(lambda: said.append(self._say_all_in(phone)))
        return problem is None and compared is None and said == [True] and not phone.anything_waits
