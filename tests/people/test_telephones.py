"""What can be dialled is a telephone: the desk takes what a phone takes."""

import pytest

from field.people.documents import InvalidDocument, check_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(+86) 139-0943-1234", "13909431234"),
        ("86123456", "86123456"),
        ("０９４３－８２２８１２３", "0943-8228123"),
        ("(010) 8888 1234", "(010) 8888 1234"),
        ("+86 10 8888 1234", "+86 10 8888 1234"),
        ("0943-8228123转801", "0943-8228123转801"),
        ("+852 2345 6789", "+852 2345 6789"),
    ],
)
def test_what_can_be_dialled_is_a_telephone_as_on_the_phone(typed, kept):
    assert check_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "problem", "position"),
    [
        ("abc", "character", 0),
        ("0943-82281a3", "character", 10),
        ("139****1234", "character", 3),
        ("+861390943123", "length", 10),
        ("0086 12909431234", "prefix", 1),
        ("+8601390943123", "prefix", 0),
        ("822", "length", 3),
        ("0943-8228123-0943-8228123", "length", 25),
    ],
)
def test_what_cannot_be_dialled_is_none(typed, problem, position):
    with pytest.raises(InvalidDocument) as refused:
        check_phone(typed)

    assert (refused.value.code, refused.value.position) == (problem, position)
