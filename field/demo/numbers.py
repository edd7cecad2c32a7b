"""Numbers and names of people who cannot exist, in forms that the validators accept."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from field.people.documents import InvalidDocument, check_credit_code, check_identity_number

# 6299 was never a prefecture of Gansu, so no number begins like this.
NOWHERE = "629999"
# Nor like this: the people outside the village where the demo is played.
NOWHERE_ELSE = "629998"
# 154 was never given to a carrier.
UNASSIGNED = "154"
FAMILY_NAMES = "张李王刘陈杨赵黄周吴徐孙马朱胡郭何高林罗"
_FIRST = date(1958, 1, 1)
# Days times orders, and a step that has no divisor in common with them.
_SPAN, _STRIDE = 17_500 * 1000, 7_654_321
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_DIGITS = "零一二三四五六七八九"


def identity_number(born: date, order: int, county: str = NOWHERE) -> str:
    """An ID number with a right check character and a county that does not exist; `order` is 0 to 999."""
    start = f"{county}{born:%Y%m%d}{order:03d}"
    return next(number for number in (start + sign for sign in "0123456789X") if _is_right(number))


def _is_right(number: str) -> bool:
    try:
        check_identity_number(number)
    except InvalidDocument:
        return False
    return True


def identity_numbers() -> Iterator[str]:
    """Numbers of which none comes twice, of people born between 1958 and 2005 in no order that one could see."""
    places = (number * _STRIDE % _SPAN for number in count(1))
    return (
        identity_number(_FIRST + timedelta(days=place // 1000), place % 1000, NOWHERE_ELSE)
        for place in places
    )


def credit_code(order: int) -> str:
    """A unified social credit code with a right check character and a county that does not exist."""
    start = f"92{NOWHERE}MADE{order:05d}"
    return next(code for code in (start + sign for sign in _CREDIT_SIGNS) if check_credit_code(code)[1])


def mobiles() -> Iterator[str]:
    """15400000001, 15400000002 … in a range that no carrier has."""
    return (f"{UNASSIGNED}{number:08d}" for number in count(1))


def passports() -> Iterator[str]:
    """DEMO00001, DEMO00002 …"""
    return (f"DEMO{number:05d}" for number in count(1))


def names(prefix: str) -> Iterator[str]:
    """演示·张一, 演示·李一 … 演示·张二: the prefix says that nobody is meant."""
    return (f"{prefix}·{family}{numeral(number)}" for number in count(1) for family in FAMILY_NAMES)


def numeral(number: int) -> str:
    """1 to 99 as they are read aloud; from 100 on digit by digit."""
    if number > 99:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return ten + (_DIGITS[ones] if ones else "")
