"""Commands for referrals and deadlines."""

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from field.core.clock import local_day, utcnow
from field.core.db import db, transaction
from field.core.logs import log
from field.hazards import lapsing
from field.places.models import Area, Level
from field.referrals import late

referrals = AppGroup("referrals", help="Referrals and deadlines.")


@referrals.command("overdue")
def overdue() -> None:
    """Press for what is late for longer than the district allows: once for each deadline, however often it runs.

    Rechecks that have waited too long for their photo are due again.
    """
    districts = db.session.scalars(select(Area.code).where(Area.level == Level.DISTRICT)).all()
    db.session.rollback()
    for code in districts:
        found, pressed = _district(int(code[:6]))
        log.info("overdue", district=code, late=found, escalated=pressed)
        click.echo(f"{code}: {found} late, {pressed} escalated.")


def _district(district: int) -> tuple[int, int]:
    now, zone = utcnow(), current_app.config["TIMEZONE"]
    today = local_day(now, zone)
    with transaction():
        lapsing.end_waits(district, now, zone)
    found, pressed = 0, 0
    after = None
    while True:
        with transaction():
            ids = late.late_ids(district, today, after)
            pressed += late.press(ids, district, today, now, zone)
        found += len(ids)
        if len(ids) < late.BATCH:
            return found, pressed
        after = ids[-1]
