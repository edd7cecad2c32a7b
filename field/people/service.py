"""Adding somebody who lives at a door, outside a visit: imports and demo data."""

from datetime import date

from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id
from field.people.documents import InvalidDocument, check_document, check_mobile
from field.people.models import Occupancy, Person
from field.places.models import Dwelling


def add_occupancy(
    dwelling: Dwelling,
    name: str,
    *,
    document_type: str | None = None,
    document_number: str | None = None,
    phone: str | None = None,
    home_county: str | None = None,
    reason: str | None = None,
    intended_stay: str | None = None,
    moved_in_on: date | None = None,
) -> Occupancy:
    """Add a person and their stay; the visit that tells of it may come later.

    Numbers are checked and kept in their normal form; raises Problem `invalid` for a wrong one.
    """
    person = Person(
        id=new_id(),
        district=dwelling.district,
        name=name,
        document_type=document_type,
        home_county=home_county,
    )
    _give_numbers(person, document_number, phone)
    occupancy = Occupancy(
        id=new_id(),
        district=dwelling.district,
        grid_code=dwelling.grid_code,
        dwelling_id=dwelling.id,
        person=person,
        reason=reason,
        intended_stay=intended_stay,
        moved_in_on=moved_in_on,
    )
    db.session.add(occupancy)
    db.session.flush()
    return occupancy


def _give_numbers(person: Person, document_number: str | None, phone: str | None) -> None:
    kind = person.document_type or ""
    try:
        person.document_number = check_document(kind, document_number) if document_number else None
        person.phone = check_mobile(phone) if phone else None
    except InvalidDocument as error:
        raise Problem("invalid", "This number is not right.", position=error.position) from error
