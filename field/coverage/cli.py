"""Commands for coverage."""

import click
from flask.cli import AppGroup

from field.core import tallies
from field.core.db import transaction

coverage = AppGroup("coverage", help="How far the survey is.")


@coverage.command("recount")
@click.option("--repair", is_flag=True, help="Put what was counted in the place of what was kept.")
def recount(repair: bool) -> None:
    """Count doors, visits and hazards anew and report where the numbers kept by area differ."""
    with transaction() as session:
        differences = tallies.recount(session)
        if repair:
            tallies.repair(session, differences)
    for key, (kept, counted) in sorted(differences.items()):
        click.echo(f"{key.kind} {key.area} {key.value or '-'}: {kept} ≠ {counted}")
    click.echo(f"{len(differences)} differences" + (", repaired" if repair and differences else ""))
    if differences and not repair:
        raise SystemExit(1)
