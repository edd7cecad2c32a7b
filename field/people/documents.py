"""Numbers of documents, mobiles and credit codes: checked, normalised, and pointing at the wrong character.

The same rules run on the phone (static/js/offline/documents.js) against the same vectors.
"""

import re
import string
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_EIGHTEEN = re.compile(r"[0-9]{17}[0-9X]")
_FIRST_YEAR = 1800
# Also where the plus was forgotten, as far as a mobile number follows.
_COUNTRY = re.compile(r"^(?:(?:\+|00)86|86(?=1[3-9][0-9]{9}$))")
_RESIDENCE_PREFIXES = ("810000", "820000", "830000")


class InvalidDocument(ValueError):
    """A number that cannot be right; `position` is the first wrong character, from 0, or beyond its end."""

    def __init__(self, code: str, position: int) -> None:
        super().__init__(code)
        self.code = code
        self.position = position


def check_identity_number(text: str, today: date | None = None) -> str:
    """Parse an 18-character resident ID number (GB 11643-1999).

    Spaces are dropped and x is read as X. Raises InvalidDocument with the position of the first
    wrong character, so the form can point at it.
    """
    number = _squeezed(text)
    for position, sign in enumerate(number[:18]):
        if not (sign.isascii() and sign.isdigit()) and not (position == 17 and sign == "X"):
            raise InvalidDocument("character", position)
    _check_length(number, 18)
    _check_birth(number, today or date.today())  # noqa: DTZ011 a day is enough here
    if number[17] != _check_sign(number):
        raise InvalidDocument("check", 17)
    return number


def check_residence_permit(text: str) -> str:
    """Residence permit of Hong Kong, Macao and Taiwan residents: an ID number with its own prefixes."""
    number = _squeezed(text)
    for position in range(min(len(number), 6)):
        if not any(prefix.startswith(number[: position + 1]) for prefix in _RESIDENCE_PREFIXES):
            raise InvalidDocument("prefix", position)
    return check_identity_number(number)


def check_foreign_card(text: str) -> str:
    """Foreign permanent residence card: since 2023-12 like an ID number from 9 on; before, 3 letters and 12 digits."""
    number = _squeezed(text)
    if number.startswith("9"):
        return check_identity_number(number)
    if number[:1] not in set(string.ascii_uppercase):
        raise InvalidDocument("prefix", 0)
    return _formed(number, lambda place: string.ascii_uppercase if place < 3 else string.digits, [15])


def check_hm_permit(text: str) -> str:
    """Mainland travel permit for Hong Kong and Macao residents: H or M and 8 or 10 digits."""
    return _formed(text, lambda place: string.digits if place else "HM", [9, 11])


def check_taiwan_permit(text: str) -> str:
    """Mainland travel permit for Taiwan residents: 8 digits."""
    return _formed(text, lambda _place: string.digits, [8])


def check_passport(text: str) -> str:
    """A passport: countries differ, so only letters and digits, 5 to 20 of them."""
    return _formed(text, lambda _place: string.ascii_uppercase + string.digits, range(5, 21))


# By the codes of the list document_type.
CHECKS: Mapping[str, Callable[[str], str]] = {
    "111": check_identity_number,
    "414": check_passport,
    "511": check_taiwan_permit,
    "516": check_hm_permit,
    "553": check_foreign_card,
    "hmt_residence": check_residence_permit,
}


def check_document(kind: str, text: str) -> str:
    """The normal form of a document number of a kind (list document_type); an unknown kind is only squeezed."""
    check = CHECKS.get(kind)
    return check(text) if check else _squeezed(text)


def check_mobile(text: str) -> str:
    """A mobile number of the mainland: 11 digits from 13 to 19, after dropping spaces, hyphens, brackets and +86."""
    number = re.sub(r"[\s()\-]", "", unicodedata.normalize("NFKC", text))
    number = _COUNTRY.sub("", number)
    for position, sign in enumerate(number):
        if not (sign.isascii() and sign.isdigit()):
            raise InvalidDocument("character", position)
    _check_length(number, 11)
    if number[0] != "1":
        raise InvalidDocument("prefix", 0)
    if number[1] not in "3456789":
        raise InvalidDocument("prefix", 1)
    return number


def check_phone(text: str) -> str:
    """A telephone: a mobile number, or what can be dialled otherwise, as it was written; raises InvalidDocument.

    As checkPhone of the phone: what begins with 1, or with 01 that is not the 010 of Beijing, is meant as mobile.
    """
    shown = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"[\s()\-]", "", shown)
    home = _COUNTRY.sub("", plain)
    beijing = r"010[0-9]{8}" if home == plain else r"0?10[0-9]{8}"
    if re.match("0?1", home) and not re.match(beijing, home):
        return check_mobile(text)
    if odd := re.search(r"[^0-9\s()+#转\-]", shown):
        raise InvalidDocument("character", odd.start())
    if not re.fullmatch(r"\+?[0-9]{5,16}([#转][0-9]{1,6})?", plain):
        raise InvalidDocument("length", len(shown))
    return shown


def check_credit_code(text: str) -> tuple[str, bool]:
    """A unified social credit code (GB 32100-2015) and whether its check character is right.

    Really issued codes exist whose check fails: warn, never block. Raises for wrong characters or length.
    """
    code = _squeezed(text)
    for position, sign in enumerate(code[:18]):
        if sign not in _CREDIT_CHARACTERS:
            raise InvalidDocument("character", position)
    _check_length(code, 18)
    total = sum(_CREDIT_CHARACTERS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return code, code[17] == _CREDIT_CHARACTERS[(31 - total % 31) % 31]


def birth_of(number: str) -> date | None:
    """The birth date that an 18-character number holds; None when it is no such number or no such day."""
    if not _EIGHTEEN.fullmatch(number):
        return None
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= _FIRST_YEAR else None


def sex_of(number: str) -> str | None:
    """`male` or `female` by the 17th digit of an 18-character number."""
    if not _EIGHTEEN.fullmatch(number):
        return None
    return "male" if int(number[16]) % 2 else "female"


def _squeezed(text: str) -> str:
    """Without spaces, in capitals of half width: keyboards for Chinese write full ones."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).upper()


def _formed(text: str, signs: Callable[[int], str], lengths: Sequence[int]) -> str:
    """Judge place by place: which signs may stand there, and how many places there can be, the most last."""
    number = _squeezed(text)
    for position, sign in enumerate(number[: lengths[-1]]):
        if sign not in signs(position):
            raise InvalidDocument("character", position)
    if len(number) not in lengths:
        raise InvalidDocument("length", min(len(number), lengths[-1]))
    return number


def _check_length(number: str, length: int) -> None:
    if len(number) != length:
        raise InvalidDocument("length", min(len(number), length))


def _check_birth(number: str, today: date) -> None:
    born = birth_of(number)
    if born is None or born > today:
        raise InvalidDocument("date", _wrong_in_date(number, today.strftime("%Y%m%d")))


def _wrong_in_date(number: str, today: str) -> int:
    """Where year, month or day begins: the first of them that cannot be."""
    year, month = number[6:10], number[10:12]
    if not str(_FIRST_YEAR) <= year <= today[:4]:
        return 6
    if not "01" <= month <= "12" or year + month > today[:6]:
        return 10
    return 12


def _check_sign(number: str) -> str:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECKS[total % 11]
