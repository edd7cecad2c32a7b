"""Which request meets which fault: drawn for each phone from the seed, so that a schedule can be played again."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import NamedTuple

from tests.proxy import Fault, Proxy
from tests.wire import Message

# How often each kind is drawn beside the others. A phone's patience is longer than any of them lasts, so that a slow
# machine plays the same schedule: a link that stalls is given up here.
_WEIGHTS = {
    "drop": 6,
    "delay": 2,
    "cut_up": 6,
    "cut_down": 6,
    "lose_reply": 8,
    "stall": 2,
    "drip": 2,
    "flip": 6,
    "twice": 6,
    "at_once": 5,
    "late_copy": 5,
    "portal": 7,
    "redirect": 2,
    "answer": 5,
}
KINDS = tuple(_WEIGHTS)
_STATUSES = (413, 429, 500, 502, 503, 507)


class Weather(NamedTuple):
    """How the network is for one phone: the kinds of faults, and how often there is one."""

    kinds: tuple[str, ...]
    rate: float

    @classmethod
    def drawn(cls, chance: Random) -> "Weather":
        """Some kinds at some rate; now and then none at all."""
        kinds = chance.choices(KINDS, weights=list(_WEIGHTS.values()), k=chance.randint(1, 4))
        return cls(tuple(kinds), chance.choice([0.0, 0.15, 0.3, 0.3, 0.6]))


class Network:
    """The weather of every phone, by the name that it sends along."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._phones: dict[str, tuple[Random, Weather]] = {}
        proxy.choose = self._choose

    @property
    def port(self) -> int:
        """Where phones find it."""
        return self._proxy.port

    @property
    def flipped(self) -> bool:
        """Whether a bit was another one on arrival."""
        return self._proxy.met["flip"] > 0

    def join(self, name: str, chance: Random) -> None:
        """A phone comes into the network."""
        self._phones[name] = (chance, Weather.drawn(chance))

    def change(self, name: str) -> None:
        """The weather of a phone changes."""
        chance, _ = self._phones[name]
        self._phones[name] = (chance, Weather.drawn(chance))

    @contextmanager
    def repeating(self, name: str) -> Iterator[None]:
        """For some time whatever a phone sends arrives twice."""
        chance, before = self._phones[name]
        self._phones[name] = (chance, Weather(("twice",), 1.0))
        yield
        self._phones[name] = (chance, before)

    def clear_up(self) -> None:
        """No fault meets anybody any more; what is still on the way arrives."""
        self._phones.clear()
        self._proxy.deliver_late()

    def _choose(self, request: Message) -> Fault | None:
        chance, weather = self._phones.get(request.header("User-Agent") or "", (None, None))
        if chance is None or weather is None or chance.random() >= weather.rate:
            return None
        kind = chance.choice(weather.kinds)
        return Fault(kind, place_of(kind, chance))


def place_of(kind: str, chance: Random) -> int:
    """Where, or how long, a fault of a kind is."""
    if kind == "answer":
        return chance.choice(_STATUSES)
    if kind in {"stall", "delay", "drip"}:
        return {"stall": 40, "delay": 15, "drip": 1}[kind]
    return chance.randint(0, 5) if kind == "late_copy" else chance.randint(0, 60_000)
