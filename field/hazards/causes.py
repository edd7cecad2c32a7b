"""Why the program itself took a step of a hazard, as a code; wording.py has the sentences."""

from enum import StrEnum


class Cause(StrEnum):
    """Why something was escalated by itself, why its days were counted anew, why a recheck does not count, or what a
    correction could not do any more."""

    NOT_ACCEPTED = "not_accepted"
    STILL_OPEN = "still_open"
    RULE = "rule"
    CALENDAR = "calendar"
    NO_PHOTO = "no_photo"
    OLD_PHOTO = "old_photo"
    SAME_PERSON = "same_person"
    MEANWHILE = "meanwhile"
    LEFT_OUT = "left_out"
