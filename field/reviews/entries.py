"""Reading what was typed into one field of a form; each raises ValueError with the words for beside it."""

import re
from collections.abc import Container
from datetime import date
from typing import Any

from flask_babel import gettext as _

from field.people.documents import InvalidDocument, check_document, check_phone
from field.visits.schemas import EARLIEST

_TRUTH = {"": None, "yes": True, "no": False}


def number(text: str, most: int, *, whole: bool = True) -> int | float | None:
    """A number from 0 up; None when nothing was typed."""
    if not text:
        return None
    wrong = _("Please give a number from 0 to %(most)s.", most=most)
    try:
        found = int(text) if whole else float(text)
    except ValueError as error:
        raise ValueError(wrong) from error
    if not 0 <= found <= most:
        raise ValueError(wrong)
    return found


def truth(text: str) -> bool | None:
    """Yes, no, or not said."""
    if text not in _TRUTH:
        raise ValueError(_("Please choose one of these."))
    return _TRUTH[text]


def code(text: str, possible: Container[str]) -> str | None:
    """A code of the district's list; one that is recorded and no longer on it stays, as nothing is typed over it."""
    if text and text not in possible:
        raise ValueError(_("Please choose one of these."))
    return text or None


def words(text: str, most: int) -> str | None:
    """Text of so many characters."""
    if len(text) > most:
        raise ValueError(too_long(most, len(text)))
    return text or None


def too_long(most: int, now: int) -> str:
    """What to do about a text that is too long."""
    return str(_("Please keep it under %(most)s characters; these are %(now)s.", most=most, now=now))


def name(text: str) -> str:
    """Somebody's name."""
    if not text:
        raise ValueError(_("Please enter a name."))
    words(text, 50)
    return text


def phone(text: str) -> str:
    """A telephone, a mobile number in its normal form."""
    try:
        return check_phone(text)
    except InvalidDocument as error:
        raise ValueError(_("This number cannot be dialled.")) from error


def dialled(said: str | None) -> str | None:
    """A recorded telephone in its normal form; as it is when it has none."""
    try:
        return check_phone(said) if said else None
    except InvalidDocument:
        return said


def document(kind: str, text: str) -> str:
    """A document's number in its normal form, checked as its kind of document is."""
    try:
        return check_document(kind, text)
    except InvalidDocument as error:
        raise ValueError(_("This number cannot be right for this kind of document.")) from error


def county(text: str) -> str | None:
    """The code of a county."""
    if text and not re.fullmatch(r"[0-9]{6}", text):
        raise ValueError(_("Please enter six digits."))
    return text or None


def day(text: str) -> str | None:
    """A day, as a body holds it."""
    if not text:
        return None
    try:
        chosen = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(_("Please choose a day.")) from error
    if chosen < EARLIEST:
        raise ValueError(_("Please check the year."))
    return chosen.isoformat()


def one_of(text: str, possible: Any) -> str:
    """A choice among a few."""
    if text not in possible:
        raise ValueError(_("Please choose one of these."))
    return text
