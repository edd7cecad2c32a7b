"""Numbers and names of people who cannot exist, in forms that the validators accept."""

from collections.abc import Iterator
from datetime import date
from itertools import count

from field.people.documents import InvalidDocument, check_identity_number

# 6299 was never a prefecture of Gansu, so no number begins like this.
NOWHERE = "629999"
# 154 was never given to a carrier.
UNASSIGNED = "154"
FAMILY_NAMES = "张李王刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
_DIGITS = "零一二三四五六七八九"


def identity_number(born: date, order: int) -> str:
    """An ID number with a right check character and a county that does not exist; `order` is 0 to 999."""
    start = f"{NOWHERE}{born:%Y%m%d}{order:03d}"
    return next(number for number in (start + sign for sign in "0123456789X") if _is_right(number))


def _is_right(number: str) -> bool:
    try:
        check_identity_number(number)
    except InvalidDocument:
        return False
    return True


def mobiles() -> Iterator[str]:
    """15400000001, 15400000002 … in a range that no carrier has."""
    return (f"{UNASSIGNED}{number:08d}" for number in count(1))


def passports() -> Iterator[str]:
    """DEMO00001, DEMO00002 …"""
    return (f"DEMO{number:05d}" for number in count(1))


def names(prefix: str) -> Iterator[str]:
    """演示·张一, 演示·李一 … 演示·张二: the prefix says that nobody is meant."""
    return (f"{prefix}·{family}{_numeral(number)}" for number in count(1) for family in FAMILY_NAMES)


def _numeral(number: int) -> str:
    """1 to 99 as they are read aloud."""
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones else "")
