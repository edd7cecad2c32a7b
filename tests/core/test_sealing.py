"""Sealed values open only where they belong, and can be found without being read."""

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import text

from field.core.db import db, transaction
from field.core.ids import new_id
from field.core.sealing import blind_index, seal, unseal
from field.people.models import Person
from tests import factories

NUMBER = "629999198502030018"


@pytest.fixture
def row(app):
    return new_id()


def test_what_is_sealed_opens_again(row):
    assert unseal(seal(b"kept", "persons", "phone", row), "persons", "phone", row) == b"kept"


def test_the_same_value_looks_different_each_time(row):
    assert seal(b"kept", "persons", "phone", row) != seal(b"kept", "persons", "phone", row)


@pytest.mark.parametrize("moved", ["table", "column", "row"])
def test_a_value_moved_elsewhere_does_not_open(row, moved):
    sealed = seal(b"kept", "persons", "phone", row)
    place = {"table": "persons", "column": "phone", "row": row}
    other = {"table": "dwellings", "column": "document_number", "row": new_id()}

    with pytest.raises(InvalidTag):
        unseal(sealed, **(place | {moved: other[moved]}))


def test_an_altered_value_does_not_open(row):
    sealed = bytearray(seal(b"kept", "persons", "phone", row))
    sealed[-1] ^= 1

    with pytest.raises(InvalidTag):
        unseal(bytes(sealed), "persons", "phone", row)


def test_the_index_finds_equal_values_of_one_purpose_only(row):
    assert blind_index(NUMBER, "document") == blind_index(NUMBER, "document")
    assert blind_index(NUMBER, "document") != blind_index(NUMBER, "phone")
    assert blind_index(NUMBER, "document") != blind_index(NUMBER[:-1] + "X", "document")


def test_the_database_holds_neither_number_nor_phone_in_the_clear(app):
    occupancy = factories.an_occupancy(phone="15400000077")
    person = occupancy.person

    row = db.session.execute(text("SELECT * FROM persons")).one()

    stored = b"".join(bytes(value) if isinstance(value, bytes) else str(value).encode() for value in row)
    assert person.document_number.encode() not in stored
    assert b"15400000077" not in stored
    assert person.phone == "15400000077"


def test_a_person_is_found_again_by_the_number(app):
    person = factories.an_occupancy().person

    found = db.session.query(Person).filter_by(
        document_number_index=blind_index(person.document_number, "document")
    )

    assert [one.id for one in found] == [person.id]


def test_a_number_copied_into_another_row_does_not_open(app):
    first, second = factories.an_occupancy().person, factories.an_occupancy().person

    with transaction():
        second.document_number_sealed = first.document_number_sealed

    with pytest.raises(InvalidTag):
        _ = second.document_number


def test_taking_a_number_away_takes_its_index_too(app):
    person = factories.an_occupancy().person

    with transaction():
        person.document_number = None

    assert person.document_number_sealed is None
    assert person.document_number_index is None
