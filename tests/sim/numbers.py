"""The numbers of phones: each stands for one record, and what the desk calls missing is what never came."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from field.administration.queries import missing_numbers
from tests import factories
from tests.sim.ledger import Ledger
from tests.sim.tables import Tables


def check_numbers(tables: Tables, ledger: Ledger, *, flipped: bool) -> None:
    """Each number of a device stands for one record, and the desk names those that never came, and no others."""
    for device, offered in ledger.offered.items():
        gone = ledger.gone[device]
        for number, contents in offered.items():
            if len({one for one in contents if one not in gone.get(number, ()) or tables.has(one)}) > 1:
                ledger.wrong("numbers", f"number {number} of {device} stands for {contents}")
        if skipped := set(range(1, max(offered) + 1)) - offered.keys() - gone.keys():
            ledger.wrong("numbers", f"{device} has left out {skipped}")
    if flipped:  # a bit in an envelope makes another number of it
        return
    used = Counter((str(row.device_id), row.seq) for row in tables.events.values())
    for (device, number), count in used.items():
        if count > 1 or number not in ledger.offered[device]:
            ledger.wrong("numbers", f"{count} events are kept as number {number} of {device}")
    came = (
        Counter((str(row.device_id), row.seq) for row in (*tables.conflicts.values(), *tables.again)) + used
    )
    gaps = missing_numbers(factories.DISTRICT, map(UUID, ledger.offered))
    for device in ledger.offered:
        highest = max((number or 0 for owner, number in came if owner == device), default=0)
        named = _numbers_in(gaps.get(UUID(device), []))
        if wrongly := named ^ _never_came(tables, ledger, device, highest):
            ledger.wrong("numbers", f"{device} misses {named}, and of {wrongly} that is not so")


def check_cleared(tables: Tables, ledger: Ledger) -> None:
    """Of a phone whose browser has cleared nothing nobody says so."""
    if wrongly := {str(row.id) for row in tables.cleared} - ledger.cleared:
        ledger.wrong("numbers", f"{wrongly} are said to have lost their storage")


def _never_came(tables: Tables, ledger: Ledger, device: str, highest: int) -> set[int]:
    """What went with a phone's storage before it was sent, up to the highest number that came. A number of which the
    server had not heard is given anew after that, also to a record that then comes under a number of another device."""
    given = ledger.offered[device], ledger.before[device]
    return {
        number
        for number, contents in ledger.gone[device].items()
        if number < highest
        and not any(map(tables.has, contents.union(*(one.get(number, set()) for one in given))))
    }


def _numbers_in(named: Iterable[str]) -> set[int]:
    """Of gaps as the desk names them, such as ["2–3", "6"]."""
    ends = [[int(end) for end in gap.split("–")] for gap in named]
    return {number for first, *last in ends for number in range(first, (last or [first])[0] + 1)}
