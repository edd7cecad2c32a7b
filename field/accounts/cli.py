"""Commands for accounts: the first administrator comes from here."""

import click
from flask.cli import AppGroup

from field.accounts import service
from field.accounts.models import Role
from field.core.db import transaction

accounts = AppGroup("accounts", help="Accounts.")


@accounts.command("create")
@click.argument("username")
@click.option("--name", required=True, help="Display name.")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--area", "areas", multiple=True, required=True, help="Area code; repeat for several.")
@click.option("--department", help="Department code, for handlers.")
@click.password_option()
def create(
    username: str, name: str, role: str, areas: tuple[str, ...], department: str | None, password: str
) -> None:
    """Add an account; the district follows from the first area code."""
    with transaction():
        service.create_user(
            username, name, Role(role), password, int(areas[0][:6]), areas, department=department
        )
    click.echo(f"{username} may sign in.")
