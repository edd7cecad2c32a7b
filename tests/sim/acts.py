"""What phones do in a schedule: visits of every kind, sending, comparing."""

from random import Random

from tests.proxy import Proxy
from tests.sim import bodies
from tests.sim.checker import check_all_in
from tests.sim.handset import Handset, quietly
from tests.sim.ledger import Ledger
from tests.sim.network import Network
from tests.sim.sender import Sender, reconcile
from tests.sim.world import World
from tests.waiting import Side


class Acts:
    """The phones of one schedule, drawn from its seed."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance, self.ledger = world, Random(seed), Ledger()
        self.disturbed: set[str] = set()
        self.shut_out = False
        self.phones: list[Handset] = []
        self.proxy = Proxy(world.server.connect)
        self.network = Network(self.proxy)

    def _count(self, what: str) -> None:
        self.ledger.counts[what] += 1

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
