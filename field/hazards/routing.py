"""Referrals by the district's table: which department a hazard goes to, by when that accepts, when lateness is pressed.

What a department has to do is a matter of the district's plan, so all of it is lines that the office edits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import delete, select

from field.accounts.scope import Actor
from field.audit import service as audit
from field.core.db import db
from field.core.twice import in_turn
from field.hazards.models import Finding, ReferralRoute, ReferralTerm

# While the district has not said otherwise.
ACCEPT_DAYS = 3
ESCALATE_DAYS = 3
# The hazards that no department has.
NOBODY = ""


@dataclass(frozen=True)
class Routing:
    """A district's lines: departments by (subject, land tenure), terms by department."""

    routes: Mapping[tuple[str, str], str] = field(default_factory=dict)
    terms: Mapping[str, ReferralTerm] = field(default_factory=dict)

    def department_for(
        self, item_code: str, severity: str, land_tenure: str, usual: Sequence[str]
    ) -> str | None:
        """The most particular line: the item before its severity before any hazard, with its land before any land.

        Without a line, the first department that the checklist names.
        """
        for subject in (item_code, severity, ""):
            for land in (land_tenure, ""):
                if (subject, land) in self.routes:
                    return self.routes[subject, land]
        return usual[0] if usual else None

    def of_finding(self, finding: Finding) -> str | None:
        """The department that a hazard goes to by default."""
        land = finding.dwelling.building.land_tenure
        return self.department_for(finding.item_code, finding.severity, land, finding.departments)

    def accept_within(self, department: str | None) -> tuple[int, bool]:
        """How many days a department has to accept, and whether they are working days."""
        row = self.terms.get(department or NOBODY)
        return (row.accept_days, row.working_days) if row else (ACCEPT_DAYS, False)

    def escalate_days(self, department: str | None) -> int:
        """How many days late something may be before it is pressed by itself."""
        row = self.terms.get(department or NOBODY)
        return row.escalate_days if row else ESCALATE_DAYS


def routing_of(district: int) -> Routing:
    """The lines of a district."""
    routes = db.session.scalars(select(ReferralRoute).where(ReferralRoute.district == district))
    terms = db.session.scalars(select(ReferralTerm).where(ReferralTerm.district == district))
    return Routing(
        {(row.subject, row.land_tenure): row.department for row in routes},
        {row.department: row for row in terms},
    )


def set_route(subject: str, land_tenure: str, department: str, actor: Actor, now: datetime) -> None:
    """Say where such hazards go; a line for the same hazards and land is replaced."""
    district = actor.scope.district
    in_turn(district)
    db.session.merge(
        ReferralRoute(
            district=district,
            subject=subject,
            land_tenure=land_tenure,
            department=department,
            changed_at=now,
            changed_by=actor.id,
        )
    )
    _tell("referral_route.set", actor, hazards=subject, land_tenure=land_tenure, department=department)


def drop_route(subject: str, land_tenure: str, actor: Actor) -> None:
    """Take a line away; one that is not there is away already."""
    gone = db.session.execute(
        delete(ReferralRoute)
        .where(ReferralRoute.district == actor.scope.district)
        .where(ReferralRoute.subject == subject, ReferralRoute.land_tenure == land_tenure)
        .returning(ReferralRoute.department)
    ).scalar_one_or_none()
    if gone is not None:
        _tell("referral_route.dropped", actor, hazards=subject, land_tenure=land_tenure, department=gone)


def set_term(
    department: str, accept_days: int, escalate_days: int, working_days: bool, actor: Actor, now: datetime
) -> None:
    """Say how long a department has; what was referred before keeps its day."""
    in_turn(actor.scope.district)
    db.session.merge(
        ReferralTerm(
            district=actor.scope.district,
            department=department,
            accept_days=accept_days,
            escalate_days=escalate_days,
            working_days=working_days,
            changed_at=now,
            changed_by=actor.id,
        )
    )
    _tell(
        "referral_term.set",
        actor,
        department=department,
        accept_days=accept_days,
        escalate_days=escalate_days,
        working_days=working_days,
    )


def _tell(action: str, actor: Actor, **details: str | int) -> None:
    audit.record(action, actor.scope.district, ("referral_route", None), actor.id, **details)
