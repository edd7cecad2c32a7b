"""Whether a visit may change a fact of the register, or contradicts what somebody else said since the phone last heard.

Each row of the register keeps marks: {field: [revision of the door, visit, author]} of the last change by a visit.
docs/decisions/two-answers.md says what counts as a contradiction.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from field.places.models import Dwelling

Mark = list[Any]
# Whose (a row of the register), and which.
Fact = tuple[UUID, str]


@dataclass(frozen=True)
class Clash:
    """Two answers to one question about `subject`, a row of the register; `other` is the visit whose answer stands."""

    subject: UUID
    field: str
    standing: Any
    offered: Any
    other: UUID


class Claims:
    """What one visit by one author claims, knowing the door as it was at `base`; without a base it knows everything."""

    def __init__(self, dwelling: Dwelling, visit_id: UUID, author_id: UUID, base: int | None) -> None:
        self.dwelling = dwelling
        self.visit, self.author, self.base = str(visit_id), str(author_id), base
        self.clashes: list[Clash] = []
        self.unseen = self._unseen(dwelling)

    def grants(self, row: Any, field: str, standing: Any, offered: Any) -> bool:
        """Whether the visit may change the fact; if not, both answers are noted."""
        mark = row.marks.get(field)
        if mark is None or not self._is_unseen(mark):
            return True
        self.clashes.append(Clash(row.id, field, standing, offered, UUID(mark[1])))
        return False

    def mark(self, row: Any, field: str) -> Mark | None:
        """Note that the visit has changed the fact; answers the mark before."""
        before: Mark | None = row.marks.get(field)
        row.marks = {**row.marks, field: [self.dwelling.revision + 1, self.visit, self.author]}
        return before

    def owns(self, row: Any, field: str) -> bool:
        """Whether what stands is this visit's own; of rows from before there were marks nobody knows better."""
        mark = row.marks.get(field)
        return mark is None or mark[1] == self.visit

    def look_at(self, row: Any) -> None:
        """Take into account what others changed of another row at this door."""
        self.unseen = self.unseen or self._unseen(row)

    def _unseen(self, row: Any) -> bool:
        return any(self._is_unseen(mark) for mark in row.marks.values())

    def _is_unseen(self, mark: Mark) -> bool:
        newer = self.base is not None and mark[0] > self.base
        return newer and mark[1] != self.visit and mark[2] != self.author


class LateClaims(Claims):
    """What a visit claims whose turn came late: it was approved after others, or a lead corrected it.

    What visits said that first came after it stays, unless somebody else said it and nobody has chosen yet. What a
    lead has typed against that (`insisted`) is noted as a second answer: it stays all the same until it is chosen.
    """

    def __init__(
        self,
        dwelling: Dwelling,
        visit_id: UUID,
        author_id: UUID,
        base: int | None,
        newer: Container[str],
        insisted: Container[Fact] = (),
    ) -> None:
        super().__init__(dwelling, visit_id, author_id, base)
        self.newer, self.insisted = newer, insisted

    def grants(self, row: Any, field: str, standing: Any, offered: Any) -> bool:
        """Whether the visit may change the fact; see Claims."""
        mark = row.marks.get(field)
        if mark is not None and mark[1] in self.newer and not self._is_unseen(mark):
            if (row.id, field) in self.insisted:
                self.clashes.append(Clash(row.id, field, standing, offered, UUID(mark[1])))
            return False
        return super().grants(row, field, standing, offered)


def remark(row: Any, field: str, mark: Mark | None) -> None:
    """Put a mark back as it was."""
    rest = {name: value for name, value in row.marks.items() if name != field}
    row.marks = rest | ({field: mark} if mark else {})


def marks_before(before: Mapping[str, Any], subject: UUID) -> Mapping[str, Any]:
    """The marks of a row before a revision."""
    found: Mapping[str, Any] = before.get("marks", {}).get(str(subject), {})
    return found
