"""Why each fact of the register is kept and on what basis (PIPL 6 and 13); a column without a line here cannot exist.

A test reads the tables and the phone's schemas. Statutory facts may be asked; those kept by consent
can be skipped, and skipping never blocks help.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class Purpose(StrEnum):
    """What a fact is kept for; it is used for nothing else."""

    DWELLING_REGISTER = "dwelling_register"
    SAFETY = "fire_and_structural_safety"
    REGISTRATION = "help_to_register"
    PERMIT = "help_with_a_permit"
    WORKPLACE = "workplace_register"


class Basis(StrEnum):
    """What allows it: a duty in law, or that somebody said yes."""

    STATUTORY = "statutory"
    CONSENT = "consent"


class Use(NamedTuple):
    """A purpose with its basis."""

    purpose: Purpose
    basis: Basis


_HOME = Use(Purpose.DWELLING_REGISTER, Basis.STATUTORY)
_HOME_IF_TOLD = Use(Purpose.DWELLING_REGISTER, Basis.CONSENT)
_SAFETY = Use(Purpose.SAFETY, Basis.STATUTORY)
_SAFETY_IF_TOLD = Use(Purpose.SAFETY, Basis.CONSENT)
_PERSON = Use(Purpose.REGISTRATION, Basis.STATUTORY)
_PERSON_IF_TOLD = Use(Purpose.REGISTRATION, Basis.CONSENT)
_WORK = Use(Purpose.WORKPLACE, Basis.STATUTORY)
_WORK_IF_TOLD = Use(Purpose.WORKPLACE, Basis.CONSENT)
_HELP = Use(Purpose.PERMIT, Basis.CONSENT)

# What a visit asks and keeps by itself: no column of the register holds it.
SAID: Mapping[str, Mapping[str, Use]] = {"visits": {"note": _HOME_IF_TOLD}}
# By table and column; a sealed value goes by its plain name (`phone` for phone_sealed, _index and _masked).
USES: Mapping[str, Mapping[str, Use]] = {
    "buildings": {
        "address": _HOME,
        "name": _HOME,
        "storeys": _SAFETY,
        "kind": _SAFETY,
        "land_tenure": _HOME,
        "longitude": _HOME,
        "latitude": _HOME,
        "plate": _HOME,
        "spelling": _HOME,
    },
    "dwellings": {
        "unit": _HOME,
        "floor": _HOME,
        "door": _HOME,
        "use": _HOME,
        "rooms": _HOME,
        "rooms_let": _HOME,
        "floor_area_m2": _HOME_IF_TOLD,
        "heating": _SAFETY_IF_TOLD,
        "lease_filed": _HOME,
        "letter_signed": _HOME,
        "lessor_name": _HOME,
        "lessor_phone": _HOME,
        "headcount": _SAFETY,
        "children": _SAFETY_IF_TOLD,
        "address_anomaly": _HOME,
        "plate": _HOME,
        "proposal_note": _HOME,
        "declined_because": _HOME,
    },
    "workplaces": {
        "kind": _WORK,
        "name": _WORK,
        "credit_code": _WORK,
        "contact_name": _WORK,
        "contact_phone": _WORK,
        "headcount": _SAFETY,
        "dormitory_headcount": _SAFETY,
    },
    "persons": {
        "name": _PERSON,
        "document_type": _PERSON,
        "document_number": _PERSON,
        "phone": _PERSON,
        "home_county": _PERSON_IF_TOLD,
    },
    "occupancies": {
        "reason": _PERSON_IF_TOLD,
        "intended_stay": _PERSON_IF_TOLD,
        "guardian_consent": _PERSON_IF_TOLD,
        "moved_in_on": _PERSON,
        "moved_out_on": _PERSON,
    },
    "findings": {
        "checklist_code": _SAFETY,
        "checklist_version": _SAFETY,
        "item_code": _SAFETY,
        "name_zh": _SAFETY,
        "name_en": _SAFETY,
        "severity": _SAFETY,
        "stop_use": _SAFETY,
        "departments": _SAFETY,
        "spot": _SAFETY,
        "note": _SAFETY,
        "photo_ids": _SAFETY_IF_TOLD,
        "due_on": _SAFETY,
        "runs_out_on": _SAFETY,
        "department": _SAFETY,
        "accept_by": _SAFETY,
    },
    "service_requests": {
        "kind": _HELP,
        "note": _HELP,
        "eligibility": _HELP,
        "papers": _HELP,
        "remind_on": _HELP,
    },
}
