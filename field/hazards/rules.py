"""What a district decided about items of its checklists, beside what the checklist says."""

from field.core.db import db
from field.hazards.models import Finding, ItemRule


def of_item(district: int, item_code: str) -> ItemRule | None:
    """The district's rule for an item, if it made one."""
    return db.session.get(ItemRule, (district, item_code))


def may_same_person(finding: Finding) -> bool:
    """Whether who reported a hazard fixed may also be the one who looks."""
    rule = of_item(finding.district, finding.item_code)
    return rule is not None and rule.same_person
