"""Commands: `demo load`, and `prepare`, after which the program can be served."""

import socket
from urllib.parse import urlsplit

import click
from flask import current_app
from flask.cli import AppGroup, with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from field.core.clock import local_day, utcnow
from field.core.db import db, transaction
from field.demo import service
from field.demo.cast import CAST, PASSWORD
from field.demo.district import BAIYIN, Totals
from field.demo.past import Past
from field.photos.keeping import photo_store
from field.sync import service as inbox

demo = AppGroup("demo", help="A made-up urban village to try things in.")


_past = click.option(
    "--past/--no-past", default=False, help="With three weeks of made-up work: visits, hazards, referrals."
)


@demo.command("load")
@click.option("--if-empty", is_flag=True, help="Do nothing when the database holds something.")
@click.option(
    "--scale",
    type=click.Choice(["small", "district"]),
    default="small",
    show_default=True,
    help="One village, or around it a district of the size of the real one.",
)
@_past
def load(if_empty: bool, scale: str, past: bool) -> None:
    """Fill the empty database with the demo."""
    _refuse_production()
    if service.is_empty():
        doors = _load(past, BAIYIN if scale == "district" else None)
        click.echo(f"演示数据已就绪，共 {doors} 户。 The demo is ready, with {doors} doors.")
    elif not if_empty:
        raise click.ClickException(
            "数据库里已有数据，没有改动。 The database is not empty; nothing was changed."
        )


@click.command("prepare")
@click.option("--demo", "with_demo", is_flag=True, help="Load the demo when the database is empty.")
@_past
@click.option("--address", help="Where this will be served; it is only printed.")
@with_appcontext
def prepare(with_demo: bool, past: bool, address: str | None) -> None:
    """Bring the database up to date; say where to go and who may sign in."""
    if with_demo:
        _refuse_production()
    if address:
        _refuse_taken(address)
    _upgrade()
    _judge_newer()
    if with_demo and service.is_empty():
        _load(past)
    click.echo("\n".join(_welcome(address)))


def _upgrade() -> None:
    """Migrate; a database that cannot be reached is one line, not a page of them."""
    try:
        with db.engine.connect():
            pass
    except OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise click.ClickException(f"FIELD_DATABASE_URL: {reason}") from error
    upgrade()


def _refuse_taken(address: str) -> None:
    """Say that the port cannot be had before anybody is told to go there."""
    place = _place(address)
    try:
        with socket.create_server(place):
            pass
    except OSError as error:
        # What the system says, without its number: "Address already in use".
        why = error.strerror.partition(" (")[0] if error.strerror else type(error).__name__
        raise click.ClickException(
            f"{address} 用不了，换一个端口，如 PORT=8001。 Cannot serve there: {why}. Choose another, as PORT=8001."
        ) from error


def _place(address: str) -> tuple[str, int]:
    """Host and port; an address that ends in what is no port is told as that."""
    place = urlsplit(address)
    try:
        port = place.port
    except ValueError:
        port = 0
    if port == 0 or place.netloc.endswith(":"):
        said = place.netloc.rpartition(":")[2]
        raise click.ClickException(
            f"PORT 要填 1 到 65535 之间的数字，现在是“{said}”。 PORT must be a number from 1 to 65535, not “{said}”."
        )
    return place.hostname or "", port or 80


def _refuse_production() -> None:
    if current_app.config["ENV"] == "production":
        raise click.ClickException(
            "正式环境不能载入演示数据。 Demo data does not go into production (FIELD_ENV)."
        )


def _judge_newer() -> None:
    """What came from apps that were newer than the server of that day."""
    for event_id in inbox.understood_now():
        with transaction():
            inbox.judge_newer(event_id, current_app.config["TIMEZONE"])


def _load(past: bool, totals: Totals | None = None) -> int:
    now, zone = utcnow(), current_app.config["TIMEZONE"]
    with transaction():
        doors = service.load(local_day(now, zone), totals)
        if past:
            Past(local_day(now, zone), zone, photo_store()).tell(now)
    return doors


def _welcome(address: str | None) -> list[str]:
    lines = ["", "  入户 Doorstep" + (f"   {address}" if address else "")]
    if service.is_demo():
        lines += ["", f"  演示账号，密码都是 {PASSWORD} · Demo accounts, password {PASSWORD}"]
        lines += [f"    {member.username:<9}{member.what_zh} · {member.what_en}" for member in CAST]
    elif service.is_empty():
        lines += ["", "  还没有账号 · No accounts yet: flask --app app accounts create --help"]
    return [*lines, ""]
