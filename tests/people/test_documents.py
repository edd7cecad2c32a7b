"""Numbers are checked as on the phone: the same vectors, the first wrong character pointed at."""

import csv
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from field.core.masking import masked
from field.people.documents import (
    InvalidDocument,
    birth_of,
    check_credit_code,
    check_document,
    check_foreign_card,
    check_identity_number,
    check_mobile,
    check_residence_permit,
    sex_of,
)

# The examples that the standard prints, and numbers of nobody.
EXAMPLE = "11010519491231002X"
TODAY = date(2026, 11, 23)
with (Path(__file__).parents[1] / "js" / "fixtures" / "id_vectors.csv").open(encoding="utf-8") as lines:
    VECTORS = [(row["kind"], row["value"], row["expected"]) for row in csv.DictReader(lines)]
KINDS = {"identity_card": "111", "hmt_residence": "hmt_residence", "hm_permit": "516", "tw_permit": "511"}


def judged(kind: str, value: str) -> str:
    try:
        if kind == "uscc":
            return "valid" if check_credit_code(value)[1] else "warning"
        check_mobile(value) if kind == "mobile" else check_document(KINDS[kind], value)
    except InvalidDocument:
        return "invalid"
    return "valid"


def fault(check: Callable[..., object], *given: object) -> tuple[str, int]:
    with pytest.raises(InvalidDocument) as refusal:
        check(*given)
    return refusal.value.code, refusal.value.position


def with_check(seventeen: str) -> str:
    """The 18-character number that begins with these 17 digits."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return seventeen + "10X98765432"[sum(map(lambda a, b: a * int(b), weights, seventeen)) % 11]


@pytest.mark.parametrize(("kind", "value", "expected"), VECTORS)
def test_every_vector_is_judged_as_expected(kind: str, value: str, expected: str) -> None:
    assert judged(kind, value) == expected


# Identity numbers


@pytest.mark.parametrize(
    "typed",
    [
        *(EXAMPLE, "11010519491231002x", " 110105 19491231 002X ", "110105\t19491231002X\n"),
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_an_identity_number_is_brought_to_its_normal_form(typed: str) -> None:
    assert check_identity_number(typed) == EXAMPLE


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ("length", 0)),
        ("1101051949123100", ("length", 16)),
        ("11010519491231002X7", ("length", 18)),
        ("1l0105194912310021", ("character", 1)),
        ("11010519491231X021", ("character", 14)),
        ("11010519491231002A", ("character", 17)),
        ("110105 1949 1231 0O2X", ("character", 15)),
        ("1101051949123100٢X", ("character", 16)),
        ("110105194912310021", ("check", 17)),
    ],
)
def test_the_first_wrong_character_is_pointed_at(typed: str, expected: tuple[str, int]) -> None:
    assert fault(check_identity_number, typed) == expected


@pytest.mark.parametrize(
    ("born", "position"),
    [
        ("17991231", 6),
        ("20270101", 6),
        ("19850001", 10),
        ("19851301", 10),
        ("20261201", 10),
        ("19850230", 12),
        ("19850100", 12),
        ("19000229", 12),
        ("20261124", 12),
    ],
)
def test_of_a_date_that_cannot_be_the_part_that_is_wrong_is_pointed_at(born: str, position: int) -> None:
    assert fault(check_identity_number, with_check(f"110105{born}002"), TODAY) == ("date", position)


@pytest.mark.parametrize("born", ["18000101", "20000229", "20261123"])
def test_a_date_that_can_be_is_taken(born: str) -> None:
    number = with_check(f"110105{born}002")

    assert check_identity_number(number, TODAY) == number


def test_a_wrong_digit_is_always_noticed() -> None:
    for position in range(17):
        for digit in set("0123456789") - {EXAMPLE[position]}:
            wrong = EXAMPLE[:position] + digit + EXAMPLE[position + 1 :]
            assert fault(check_identity_number, wrong, TODAY)[0] in {"check", "date"}


def test_two_exchanged_neighbours_are_always_noticed() -> None:
    for position in range(16):
        one, other = EXAMPLE[position : position + 2]
        if one != other:
            wrong = EXAMPLE[:position] + other + one + EXAMPLE[position + 2 :]
            assert fault(check_identity_number, wrong, TODAY)[0] in {"check", "date"}


# Other documents


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000"])
def test_residence_permits_have_prefixes_of_their_own(prefix: str) -> None:
    number = with_check(f"{prefix}19920817001")

    assert check_residence_permit(number) == number


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (EXAMPLE, ("prefix", 0)),
        ("840000199208170013", ("prefix", 1)),
        ("811000199208170013", ("prefix", 2)),
        ("8300", ("length", 4)),
    ],
)
def test_a_residence_permit_with_another_prefix_is_refused(typed: str, expected: tuple[str, int]) -> None:
    assert fault(check_residence_permit, typed) == expected


def test_a_residence_permit_with_a_wrong_check_is_pointed_at() -> None:
    assert fault(check_residence_permit, "830000199208170014") == ("check", 17)


@pytest.mark.parametrize("card", ["ABC110078010101", with_check("91115619810321001")])
def test_old_and_new_foreign_cards_are_both_taken(card: str) -> None:
    assert check_foreign_card(card.lower()) == card


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (EXAMPLE, ("prefix", 0)),
        ("", ("prefix", 0)),
        ("AB1100780101011", ("character", 2)),
        ("ABC1100780101", ("length", 13)),
        ("ABC1100780101011", ("length", 15)),
        ("ABC11007801O101", ("character", 11)),
        ("9111561981032100", ("length", 16)),
    ],
)
def test_other_foreign_cards_are_refused(typed: str, expected: tuple[str, int]) -> None:
    assert fault(check_foreign_card, typed) == expected


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("516", "h 12345678", "H12345678"),
        ("516", "M1234567890", "M1234567890"),
        ("511", "0123 4567", "01234567"),
        ("414", "e12345678", "E12345678"),
        ("414", "123456789", "123456789"),
        ("unknown kind", " a b 1 ", "AB1"),
    ],
)
def test_permits_and_passports_are_brought_to_their_normal_form(kind: str, typed: str, value: str) -> None:
    assert check_document(kind, typed) == value


@pytest.mark.parametrize(
    ("kind", "typed", "expected"),
    [
        ("516", "H123456789", ("length", 10)),
        ("516", "X12345678", ("character", 0)),
        ("516", "H12E45678", ("character", 3)),
        ("516", "H1234567", ("length", 8)),
        ("516", "H12345678901", ("length", 11)),
        ("511", "1234567", ("length", 7)),
        ("511", "012345678", ("length", 8)),
        ("511", "0123-567", ("character", 4)),
        ("511", "١٢٣٤٥٦٧٨", ("character", 0)),
        ("414", "AB", ("length", 2)),
        ("414", "护照12345", ("character", 0)),
        ("414", "E1234/678", ("character", 5)),
        ("414", "E12345678901234567890", ("length", 20)),
    ],
)
def test_the_first_wrong_place_of_a_permit_or_passport_is_pointed_at(
    kind: str, typed: str, expected: tuple[str, int]
) -> None:
    assert fault(check_document, kind, typed) == expected


# Mobiles and credit codes


@pytest.mark.parametrize(
    "typed",
    [
        *("13909431234", "139 0943 1234", "139-0943-1234", "+8613909431234", "008613909431234"),
        *("１３９０９４３１２３４", "＋８６　139－0943－1234", "(+86)13909431234", "8613909431234"),
    ],
)
def test_a_mobile_is_brought_to_its_normal_form(typed: str) -> None:
    assert check_mobile(typed) == "13909431234"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("1390943123", ("length", 10)),
        ("139094312345", ("length", 11)),
        ("861390943123", ("length", 11)),
        ("12909431234", ("prefix", 1)),
        ("23909431234", ("prefix", 0)),
        ("139O9431234", ("character", 3)),
        ("١3909431234", ("character", 0)),
        ("", ("length", 0)),
    ],
)
def test_the_first_wrong_character_of_a_mobile_is_pointed_at(typed: str, expected: tuple[str, int]) -> None:
    assert fault(check_mobile, typed) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("91350100M000100Y4", ("length", 17)),
        ("91350100M000100Y433", ("length", 18)),
        ("91350100I000100Y43", ("character", 8)),
        ("9135010-M000100Y43", ("character", 7)),
    ],
)
def test_a_credit_code_of_wrong_characters_or_length_is_refused(
    typed: str, expected: tuple[str, int]
) -> None:
    assert fault(check_credit_code, typed) == expected


def test_a_credit_code_whose_check_is_wrong_only_warns() -> None:
    assert check_credit_code("91350100m000100y44") == ("91350100M000100Y44", False)


# What a number says


def test_birth_and_sex_are_read_from_the_number_and_from_nothing_else() -> None:
    assert (birth_of(EXAMPLE), sex_of(EXAMPLE)) == (date(1949, 12, 31), "female")
    assert sex_of(with_check("11010519491231003")) == "male"
    for other in ("", "E12345678", "ABC110078010101", "ABCDEFGHIJKLMNOPQR", "1101051949１231002X"):
        assert (birth_of(other), sex_of(other)) == (None, None)


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("620402199001010018", "620***********0018"),
        ("13909431234", "139****1234"),
        ("ABC110078010101", "ABC********0101"),
        ("H12345678", "H******78"),
        ("01234567", "0*****67"),
        ("AB12", "***2"),
        ("E123456789", "E*******89"),
        ("", None),
        (None, None),
    ],
)
def test_a_number_is_shown_with_its_middle_hidden(number: str | None, shown: str | None) -> None:
    assert masked(number) == shown


def test_a_mask_never_shows_most_of_a_number() -> None:
    for length in range(2, 40):
        shown = masked("7" * length)
        assert shown is not None
        assert len(shown) == length
        assert shown.count("*") >= length / 3
