"""Settings from the environment (prefix FIELD_); a wrong one stops the start with one clear line."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError, fields, validate

PREFIX = "FIELD_"
_UNKNOWN = "is no setting; docs/operators.md lists them"


class CommaList(fields.Field[list[str]]):
    """Words separated by commas."""

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> list[str]:
        return [word.strip() for word in str(value).split(",") if word.strip()]


def _a_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError) as error:
        raise ValidationError("unknown time zone") from error


def _known_languages(codes: list[str]) -> None:
    if not codes or set(codes) - {"zh", "en"}:
        raise ValidationError("choose from zh and en")


class SettingsSchema(Schema):
    """Each setting with its default and what it does; docs/operators.md holds the same table (a test compares)."""

    env = fields.String(
        load_default="development",
        validate=validate.OneOf(["development", "production", "test"]),
        metadata={"description": "`production` refuses weak keys and insists on TLS cookies"},
    )
    data = fields.String(
        load_default="data", metadata={"description": "folder for database, photos and keys"}
    )
    database_url = fields.String(
        load_default="",
        metadata={"description": "SQLAlchemy address; empty means SQLite in the data folder"},
    )
    photo_store = fields.String(
        load_default="",
        metadata={
            "description": "folder for photos, or `s3://bucket/prefix`; empty means `photos` in the data folder"
        },
    )
    s3_endpoint = fields.String(
        load_default="",
        metadata={
            "description": "address of an object store that is not Amazon's, such as `https://s3.internal`"
        },
    )
    s3_region = fields.String(
        load_default="us-east-1", metadata={"description": "region of the object store"}
    )
    s3_access_key = fields.String(load_default="", metadata={"description": "access key of the object store"})
    s3_secret_key = fields.String(load_default="", metadata={"description": "secret key of the object store"})
    secret_key = fields.String(
        load_default="",
        metadata={
            "description": "signs cookies; empty means made at first start and kept in the data folder"
        },
    )
    data_key = fields.String(
        load_default="",
        metadata={"description": "32 bytes in base64; encrypts numbers and phones; empty as above"},
    )
    index_key = fields.String(
        load_default="",
        metadata={"description": "32 bytes in base64; finds encrypted numbers; empty as above"},
    )
    rescue_key = fields.String(
        load_default="",
        metadata={"description": "32 bytes in base64; opens rescue files of phones; empty as above"},
    )
    rescue_max_bytes = fields.Integer(
        load_default=1_000_000_000,
        validate=validate.Range(min=1_000_000),
        metadata={"description": "largest rescue file, in bytes"},
    )
    tls = fields.Boolean(
        load_default=False,
        metadata={"description": "the site is served under https: Secure `__Host-` cookies and HSTS"},
    )
    proxies = fields.Integer(
        load_default=0,
        validate=validate.Range(0, 3),
        metadata={"description": "how many reverse proxies set X-Forwarded-*"},
    )
    languages = CommaList(
        load_default=lambda: ["zh", "en"],
        validate=_known_languages,
        metadata={"description": "languages offered, the first is the default"},
    )
    timezone = fields.String(
        load_default="Asia/Shanghai", validate=_a_zone, metadata={"description": "the district's time zone"}
    )
    photo_max_bytes = fields.Integer(
        load_default=20_000_000,
        validate=validate.Range(100_000, 200_000_000),
        metadata={"description": "largest photo, in bytes"},
    )
    photo_max_pixels = fields.Integer(
        load_default=50_000_000,
        validate=validate.Range(1_000_000, 300_000_000),
        metadata={"description": "largest photo, in pixels, checked before decoding"},
    )
    session_idle_minutes = fields.Integer(
        load_default=120,
        validate=validate.Range(5, 1440),
        metadata={"description": "a signed-in page ends after so many minutes without use"},
    )
    session_hours = fields.Integer(
        load_default=72,
        validate=validate.Range(1, 720),
        metadata={"description": "a sign-in ends after so many hours in any case"},
    )
    tiles_url = fields.String(
        load_default="",
        validate=validate.Regexp(r"(https?://[\w.:-]+|)(/[\w./@{}-]+)?\Z"),
        metadata={
            "description": "the district's own map tiles, such as `https://map.example/{z}/{x}/{y}.png` "
            "(WGS 84, web Mercator); empty: plans are drawn from the buildings' coordinates, and nothing is loaded"
        },
    )
    register_at = fields.String(
        load_default="acceptance",
        validate=validate.OneOf(["acceptance", "approval"]),
        metadata={
            "description": "when the register follows a visit: at its `acceptance`, or at a lead's `approval`; "
            "hazards begin at acceptance in any case. A district that has set it at *Approval and the register* "
            "goes by that"
        },
    )
    lock_wait_seconds = fields.Float(
        load_default=5.0,
        validate=validate.Range(0.05, 60),
        metadata={"description": "how long a write waits for a locked database before it answers 503"},
    )
    address = fields.String(
        load_default="",
        validate=validate.Regexp(r"(https?://[^/\s]+)?\Z", error="use https://host without a path"),
        metadata={
            "description": "address of the site for links in mails and webhooks, such as `https://doorstep.example.org`"
        },
    )
    smtp_host = fields.String(
        load_default="", metadata={"description": "mail server for daily mails; empty means none are sent"}
    )
    smtp_port = fields.Integer(
        load_default=587,
        validate=validate.Range(1, 65535),
        metadata={"description": "port of the mail server"},
    )
    smtp_security = fields.String(
        load_default="starttls",
        validate=validate.OneOf(["starttls", "tls", "none"]),
        metadata={"description": "`starttls`, `tls`, or `none`, which production takes on loopback only"},
    )
    smtp_user = fields.String(
        load_default="", metadata={"description": "account at the mail server; empty means no sign-in"}
    )
    smtp_password = fields.String(load_default="", metadata={"description": "its password"})
    smtp_from = fields.String(
        load_default="", metadata={"description": "sender of daily mails; needed with a mail server"}
    )
    webhook_hosts = CommaList(
        load_default=list,
        metadata={"description": "hosts that webhooks may reach, by commas; empty means none are sent"},
    )
    log_level = fields.String(
        load_default="info",
        validate=validate.OneOf(["debug", "info", "warning", "error"]),
        metadata={"description": "least level that is logged"},
    )
    threads = fields.Integer(
        load_default=8,
        validate=validate.Range(1, 64),
        metadata={"description": "threads per gunicorn worker"},
    )


class SettingsError(SystemExit):
    """Stops the start with one line on standard error."""


def settings_from(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Read the FIELD_ settings; raises SettingsError naming every wrong one in one line."""
    source = os.environ if environment is None else environment
    given = {
        key.removeprefix(PREFIX).lower(): value for key, value in source.items() if key.startswith(PREFIX)
    }
    try:
        settings: dict[str, Any] = SettingsSchema().load(given)
    except ValidationError as error:
        raise SettingsError(f"Settings: {_one_line(error)}") from error
    _complete(settings)
    return settings


def _one_line(error: ValidationError) -> str:
    assert isinstance(error.messages, dict)
    return "; ".join(
        f"{PREFIX}{name.upper()}: {', '.join(map(str, why)).replace('Unknown field.', _UNKNOWN)}"
        for name, why in error.messages.items()
    )


def _complete(settings: dict[str, Any]) -> None:
    folder = Path(settings["data"]).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(f"Settings: {PREFIX}DATA: cannot use {folder}: {error.strerror}") from error
    settings["data"] = folder
    settings["database_url"] = _database_url(settings["database_url"], folder)
    settings["photo_store"] = _photo_store(settings, folder)
    if settings["env"] == "production" and not settings["tls"]:
        raise SettingsError(f"Settings: {PREFIX}TLS: must be true in production")
    if settings["smtp_host"]:
        _insist_on_mail(settings)


def _insist_on_mail(settings: dict[str, Any]) -> None:
    for name in ("smtp_from", "address"):
        if not settings[name]:
            raise SettingsError(f"Settings: {PREFIX}{name.upper()}: is needed for mails")
    here = settings["smtp_host"] in {"localhost", "127.0.0.1", "::1"}
    if settings["env"] == "production" and settings["smtp_security"] == "none" and not here:
        raise SettingsError(f"Settings: {PREFIX}SMTP_SECURITY: use starttls or tls in production")


def _photo_store(settings: dict[str, Any], folder: Path) -> Path | str:
    text = settings["photo_store"]
    if not text.startswith("s3://"):
        return Path(text).absolute() if text else folder / "photos"
    if not text.removeprefix("s3://").partition("/")[0]:
        raise SettingsError(f"Settings: {PREFIX}PHOTO_STORE: use s3://bucket or s3://bucket/prefix")
    for name in ("s3_access_key", "s3_secret_key"):
        if not settings[name]:
            raise SettingsError(f"Settings: {PREFIX}{name.upper()}: is needed for {text}")
    return str(text)


def _database_url(text: str, folder: Path) -> str:
    if not text:
        return f"sqlite:///{folder / 'doorstep.sqlite3'}"
    scheme, _, rest = text.partition("://")
    if scheme in {"postgresql", "postgres", "postgresql+psycopg"} and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest:
        return text
    raise SettingsError(f"Settings: {PREFIX}DATABASE_URL: use sqlite:///… or postgresql://…")
