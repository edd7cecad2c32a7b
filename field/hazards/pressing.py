"""Until when something stays escalated: what was pressed for was one deadline, or the day to accept it."""

from field.hazards.causes import Cause
from field.hazards.models import Action, Finding, FindingStatus, FindingStep


def is_over(finding: Finding, row: FindingStep) -> bool:
    """Whether a step that it has just taken ends what it was escalated for."""
    return sets_a_deadline(row) or _is_not_waited_for(finding, row)


def sets_a_deadline(step: FindingStep) -> bool:
    """Whether a step gave it a new deadline or a new department: what was escalated before was about the old one."""
    return step.due_on is not None or step.action == Action.REFER


def _is_not_waited_for(finding: Finding, row: FindingStep) -> bool:
    """It was pressed only because nobody had accepted it, and that is not waited for any more.

    What had missed its deadline too when it was pressed stays so: nobody presses for that one again.
    """
    leaves = row.came_from == FindingStatus.REFERRED and row.status != FindingStatus.REFERRED
    if finding.escalated_at is None or not leaves:
        return False
    pressed = next((one for one in reversed(finding.steps) if one.action == Action.ESCALATE), None)
    if pressed is None:
        return False
    before = (
        pressed.cause == Cause.NOT_ACCEPTED and pressed.at.date() <= finding.due_on
    )  # of an earlier release
    return pressed.accept_by is not None or before
