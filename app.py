"""The application: settings, extensions, rooms in rank order. Nothing imports this file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click import Command
from flask import Flask
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from field.accounts import routes as accounts_routes
from field.accounts.actors import current_user
from field.accounts.cli import accounts as accounts_commands
from field.accounts.permissions import insist_on_permissions, may
from field.administration import audit_routes, members_routes, phones_routes
from field.backups.cli import backup as backup_commands
from field.core.compression import compress_shared
from field.core.config import settings_from
from field.core.db import db, engine_options
from field.core.health import add_check, try_database
from field.core.health import bp as health_bp
from field.core.i18n import start_languages
from field.core.keys import load_keys
from field.core.logs import configure_logs, log_requests
from field.core.requests import PlainRequest
from field.core.rescue import use_rescue_key
from field.core.responses import htmx, register_problems
from field.core.sealing import use_keys
from field.core.security import cookie_settings, csrf, guard
from field.core.serving import hold_while_serving
from field.coverage import routes as coverage_routes
from field.coverage.cli import coverage as coverage_commands
from field.demo.cli import demo as demo_commands
from field.demo.cli import prepare
from field.hazards import notice_routes, public_routes, rule_routes, step_routes
from field.hazards import routes as hazards_routes
from field.merges import proposals_routes
from field.merges import routes as merges_routes
from field.notifications import confirmation_routes, deliveries_routes
from field.notifications import routes as notifications_routes
from field.notifications.cli import notifications as notifications_commands
from field.people import routes as people_routes
from field.people.purposes import SAID, USES
from field.photos import routes as photos_routes
from field.photos import uploads as photo_uploads
from field.photos.cli import photos as photos_commands
from field.photos.keeping import open_store
from field.places import list_routes as plate_list_routes
from field.places import routes as plates_routes
from field.pwa import routes as pwa_routes
from field.referrals import routes as referrals_routes
from field.referrals import routing_routes
from field.referrals.cli import referrals as referrals_commands
from field.reviews import bulk_routes, decision_routes, queue_routes, reasons_routes, register_routes
from field.reviews import routes as reviews_routes
from field.sync import aside_photo_routes, conflict_routes, desk_routes, document, rescue_routes
from field.sync import routes as sync_routes
from field.sync.deliveries import Line
from field.sync.document import open_interface
from field.tables import ROOMS
from field.visits.cli import register as register_commands
from field.visits.rules import use_rules

ROOT = Path(__file__).parent

# Rooms in rank order: pages, then what the phone speaks (JSON, in the OpenAPI document, guarded by origin).
PAGES = (
    health_bp,
    accounts_routes.bp,
    plates_routes.bp,
    plate_list_routes.bp,
    photos_routes.bp,
    hazards_routes.bp,
    step_routes.bp,
    notice_routes.bp,
    rule_routes.bp,
    public_routes.bp,
    referrals_routes.bp,
    routing_routes.bp,
    bulk_routes.bp,
    people_routes.bp,
    queue_routes.bp,
    reviews_routes.bp,
    merges_routes.bp,
    proposals_routes.bp,
    decision_routes.bp,
    reasons_routes.bp,
    register_routes.bp,
    document.bp,
    desk_routes.bp,
    conflict_routes.bp,
    aside_photo_routes.bp,
    rescue_routes.bp,
    coverage_routes.bp,
    notifications_routes.bp,
    deliveries_routes.bp,
    confirmation_routes.bp,
    audit_routes.bp,
    members_routes.bp,
    phones_routes.bp,
    pwa_routes.bp,
)
INTERFACES: tuple[Any, ...] = (photo_uploads.bp, sync_routes.bp)
COMMANDS: tuple[Command, ...] = (
    accounts_commands,
    register_commands,
    photos_commands,
    referrals_commands,
    coverage_commands,
    notifications_commands,
    backup_commands,
    demo_commands,
    prepare,
)


def create_app(environment: Mapping[str, str] | None = None) -> Flask:
    """Build the application from FIELD_ settings; raises SettingsError (one line) when they are wrong."""
    settings = settings_from(environment)
    app = Flask("field", root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.request_class = PlainRequest
    app.config.update({name.upper(): value for name, value in settings.items()})
    _configure(app, settings)
    _extend(app)
    for page in PAGES:
        app.register_blueprint(page)
    _open_interfaces(app)
    register_problems(app)
    for group in COMMANDS:
        app.cli.add_command(group)
    app.jinja_env.globals.update(current_user=current_user, may=may, uses={**USES, **SAID})
    insist_on_permissions(app)
    return app


def _configure(app: Flask, settings: dict[str, Any]) -> None:
    keys = load_keys(settings)
    use_keys(keys)
    use_rules(settings["register_at"])
    use_rescue_key(keys.rescue)
    configure_logs(settings["log_level"])
    app.config.update(
        SECRET_KEY=keys.secret,
        TESTING=settings["env"] == "test",
        SQLALCHEMY_DATABASE_URI=settings["database_url"],
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings["database_url"], settings["lock_wait_seconds"]),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        SEND_FILE_MAX_AGE_DEFAULT=0,
        **cookie_settings(settings["tls"]),
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    if settings["proxies"]:
        hops = settings["proxies"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _extend(app: Flask) -> None:
    assert ROOMS  # every table is known before the first query
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    open_store(app)
    add_check(app, "database", try_database)
    add_check(app, "photos", app.extensions["photo_store"].probe)
    htmx.init_app(app)
    log_requests(app)
    hold_while_serving(app)
    start_languages(app)
    guard(app)
    compress_shared(app)


def _open_interfaces(app: Flask) -> None:
    app.extensions["sync_line"] = Line(app.config["LOCK_WAIT_SECONDS"])
    api = open_interface(app)
    for interface in INTERFACES:
        api.register_blueprint(interface)
        csrf.exempt(interface)
