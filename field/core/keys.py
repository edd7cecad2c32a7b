"""The keys of one installation: from settings, or from a file of mode 600 that the first start makes."""

import base64
import fcntl
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from field.core.config import SettingsError

NAMES = ("secret_key", "data_key", "index_key", "rescue_key")


@dataclass(frozen=True)
class Keys:
    """`secret` signs cookies, `data` encrypts (32 bytes), `index` makes blind indexes, `rescue` opens rescue files."""

    secret: str
    data: bytes
    index: bytes
    rescue: bytes


def load_keys(settings: Mapping[str, Any]) -> Keys:
    """Keys from settings where given, else from the file; raises SettingsError on a weak one."""
    texts = {name: settings[name] for name in NAMES}
    if not all(texts.values()):
        kept = _kept(settings["data"] / "keys.json")
        texts = {name: texts[name] or kept[name] for name in NAMES}
    if settings["env"] == "production":
        _refuse_weak(texts)
    return Keys(
        texts["secret_key"],
        _key_bytes("DATA_KEY", texts["data_key"]),
        _key_bytes("INDEX_KEY", texts["index_key"]),
        _key_bytes("RESCUE_KEY", texts["rescue_key"]),
    )


def _kept(path: Path) -> dict[str, str]:
    fresh = {name: base64.b64encode(secrets.token_bytes(32)).decode() for name in NAMES}
    if not path.exists():
        temporary = _written(path, fresh)
        try:
            os.link(temporary, path)  # two first starts at once: the first one's keys stand
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    if path.stat().st_mode & 0o077:
        raise SettingsError(f"Settings: {path} can be read by others; set its mode to 600")
    kept: dict[str, str] = json.loads(path.read_text())
    return kept if kept.keys() >= fresh.keys() else _completed(path, fresh)


def _completed(path: Path, fresh: dict[str, str]) -> dict[str, str]:
    """Add the keys that an older release did not make; one start at a time, so that all agree."""
    with path.open("r+") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        kept: dict[str, str] = json.loads(path.read_text())
        if not kept.keys() >= fresh.keys():
            kept = fresh | kept
            _written(path, kept).replace(path)
    return kept


def _written(path: Path, keys: dict[str, str]) -> Path:
    """A file beside the one that is meant, durable and readable by nobody else."""
    temporary = path.with_name(f".keys-{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(keys, file)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def _key_bytes(name: str, text: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32:
        raise SettingsError(f"Settings: FIELD_{name}: needs 32 bytes in base64")
    return raw


def _refuse_weak(texts: Mapping[str, str]) -> None:
    for name, text in texts.items():
        if len(text) < 32 or len(set(text)) < 12 or "example" in text.lower():
            raise SettingsError(
                f"Settings: FIELD_{name.upper()}: too weak for production; make one of 32 random bytes"
            )
    if len(set(texts.values())) < len(texts):
        raise SettingsError(
            "Settings: FIELD_SECRET_KEY, FIELD_DATA_KEY, FIELD_INDEX_KEY and FIELD_RESCUE_KEY must differ"
        )
