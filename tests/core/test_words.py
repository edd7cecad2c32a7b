"""How laws are written."""

import pytest

from field.core.i18n import statute_text


@pytest.mark.parametrize(
    ("kept", "written"),
    [
        ("消防法 28、60", "《消防法》第28条、第60条"),
        ("住房租赁条例 11", "《住房租赁条例》第11条"),
        ("地方导则", "地方导则"),
        ("建筑防火通用规范", "建筑防火通用规范"),
        ("Local guide 3rd edition", "Local guide 3rd edition"),
    ],
)
def test_a_law_and_its_articles_are_written_as_on_papers(kept: str, written: str) -> None:
    assert statute_text(kept) == written
