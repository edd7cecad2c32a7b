"""The routing table as people read it: its lines in the order in which they are asked, and what a line may name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from field.checklists import queries as checklists
from field.checklists.models import ChecklistItem, CodeEntry
from field.core.db import db
from field.hazards.models import ReferralRoute

SEVERITIES = ("suspected_major", "general")


@dataclass(frozen=True)
class Choices:
    """What a line may be about, and where it may lead."""

    items: Sequence[ChecklistItem]
    lands: Sequence[CodeEntry]
    departments: Sequence[CodeEntry]

    def allowed(self) -> dict[str, set[str]]:
        """The codes that each field of a form may have."""
        return {
            "subject": {"", *SEVERITIES, *(item.code for item in self.items)},
            "land_tenure": {"", *(entry.code for entry in self.lands)},
            "department": {entry.code for entry in self.departments},
        }


def choices(district: int) -> Choices:
    """The items of the checklists in force, and the district's lists."""
    lists = checklists.codes(district)
    items = [item for checklist in checklists.current_checklists(district) for item in checklist.items]
    return Choices(items, lists.get("land_tenure", []), lists.get("department", []))


def lines(district: int) -> list[ReferralRoute]:
    """The lines of a district, the most particular first."""
    rows = db.session.scalars(select(ReferralRoute).where(ReferralRoute.district == district))
    return sorted(rows, key=_rank)


def _rank(row: ReferralRoute) -> tuple[int, str, bool, str]:
    how = 2 if not row.subject else 1 if row.subject in SEVERITIES else 0
    return (how, row.subject, not row.land_tenure, row.land_tenure)
