"""The measures by name; each answers figures of at least five rounds, and what they are divided by."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from tests.bench import phones, yardsticks
from tests.bench.figures import Figure, ratios
from tests.bench.serving import Served, serving

CLIENTS = 16
BATCHES = 6
ROUNDS = 5
VISITS = CLIENTS * BATCHES * phones.PER_BATCH


def text_lane(
    folder: Path, name: str, rows: Callable[[Sequence[bytes]], float], target: str, **settings: str
) -> list[Figure]:
    """Visits per second through the whole inbox, first sent and sent again, against a bare loop of the same bodies."""
    first, again, bares, shares, repeats = [], [], [], [], []
    data = folder / name
    with serving(data, **settings) as served:
        senders, doors = phones.enrolled(data, CLIENTS, **settings)
        rounds = list(zip(senders, phones.rounds_of(doors, CLIENTS), strict=True))
        for count in range(ROUNDS):
            start = count * BATCHES * phones.PER_BATCH
            work = [(one, phones.batches(one, own, BATCHES, start)) for one, own in rounds]
            bare = rows([body for _one, bodies in work for body in _split(bodies)])
            first.append(VISITS / phones.send_all(served.port, work, "accepted"))
            again.append(VISITS / phones.send_all(served.port, work, "duplicate"))
            bares.append(bare)
            shares.append(first[-1] / bare)
            repeats.append(again[-1] / first[-1])
        memory = served.proportional_bytes() / 1_000_000
    return [
        Figure(f"{name}_visits", "visits/s", first, "", "1600"),
        Figure(f"{name}_bare", "rows/s", bares),
        Figure(f"{name}_ratio", "ratio", shares, "bare loop, commits of 20", target),
        Figure(f"{name}_duplicate_ratio", "ratio", repeats, "first sending", "≥ 2"),
        Figure(f"{name}_memory", "MB", [memory], "", "≤ 300"),
    ]


def _split(bodies: Sequence[bytes]) -> Iterator[bytes]:
    for body in bodies:
        part = len(body) // phones.PER_BATCH
        yield from (body[place * part : (place + 1) * part] for place in range(phones.PER_BATCH))


def empty_handler(folder: Path) -> list[Figure]:
    """Requests per second of gunicorn that answers nothing, and what the inbox takes beside that: batches of twenty."""
    data, empties, taken = folder / "full", [], []
    with serving(folder / "empty", "tests.bench.serving:empty") as nothing, serving(data) as served:
        senders, doors = phones.enrolled(data, CLIENTS)
        rounds = list(zip(senders, phones.rounds_of(doors, CLIENTS), strict=True))
        for count in range(ROUNDS):
            start = count * BATCHES * phones.PER_BATCH
            work = [(one, phones.batches(one, own, BATCHES, start)) for one, own in rounds]
            empties.append(_empties(nothing))
            taken.append(CLIENTS * BATCHES / phones.send_all(served.port, work, "accepted"))
    return [
        Figure("empty_requests", "requests/s", empties),
        Figure("empty_ratio", "ratio", ratios(taken, empties), "gunicorn that answers nothing"),
    ]


def _empties(served: Served, each: int = 100) -> float:
    def run() -> None:
        connection = HTTPConnection("127.0.0.1", served.port, timeout=30)
        for _ in range(each):
            connection.request("GET", "/")
            connection.getresponse().read()

    return CLIENTS * each / phones.at_once([run] * CLIENTS)


@contextmanager
def sqlite_loop(folder: Path) -> Iterator[Callable[[Sequence[bytes]], float]]:
    """The yardstick of the text lane on SQLite, on the same disk."""
    yield lambda bodies: yardsticks.sqlite_rows(bodies, folder)
