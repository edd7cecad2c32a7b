"""Campaigns with their phases, and rounds: who walks which grid."""

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from field.accounts.models import User
from field.audit import service as audit
from field.campaigns.models import Campaign, Phase, Round
from field.core.db import db
from field.core.errors import Problem
from field.core.ids import new_id
from field.core.shipped import shipped_rows
from field.places.models import Area

PHASES = Path(__file__).parent / "data" / "phases.csv"


def add_campaign(
    district: int, name_zh: str, name_en: str, phases: Iterable[Mapping[str, str]] | None = None
) -> Campaign:
    """Add a campaign with its phases (code, name_zh, name_en, starts_on, ends_on or empty), or those of the plan."""
    campaign = Campaign(id=new_id(), district=district, name_zh=name_zh, name_en=name_en)
    campaign.phases = [_phase(district, row) for row in (shipped_phases() if phases is None else phases)]
    db.session.add(campaign)
    db.session.flush()
    return campaign


def shipped_phases() -> list[dict[str, str]]:
    """The phases of the plan of 2022, as rows."""
    return list(shipped_rows(PHASES))


def _phase(district: int, row: Mapping[str, str]) -> Phase:
    return Phase(
        id=new_id(),
        district=district,
        code=row["code"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        starts_on=date.fromisoformat(row["starts_on"]),
        ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
    )


def phase_on(campaign: Campaign, day: date) -> Phase | None:
    """The phase that a day falls in; on a shared boundary day the one that begins."""
    running = [
        phase
        for phase in campaign.phases
        if phase.starts_on <= day and (phase.ends_on is None or day <= phase.ends_on)
    ]
    return max(running, key=lambda phase: phase.starts_on, default=None)


def add_round(phase: Phase, grid: Area, worker: User, by: User | None = None) -> Round:
    """Let a worker walk the doors of a grid in a phase; raises Problem `invalid` across districts."""
    if not phase.district == grid.district == worker.district:
        raise Problem("invalid", "Phase, grid and worker belong to different districts.")
    row = Round(
        id=new_id(),
        district=grid.district,
        phase=phase,
        grid_code=grid.code,
        worker_id=worker.id,
        ended=False,
    )
    db.session.add(row)
    db.session.flush()
    audit.record("round.assigned", row.district, ("round", row.id), by.id if by else None, grid=grid.code)
    return row
