"""What the phone downloads to work offline, each file with its hash, and one hash over all of them: the build."""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from field.core.compression import lean

STATIC_PATTERNS = (
    "css/parts.css",
    "css/tokens*.css",
    "css/base*.css",
    "css/phone*.css",
    "css/phone/*.css",
    "js/offline/*.js",
    "js/phone/**/*.js",
    "js/theme.js",
    "vendor/idb.js",
    "icons/icon.svg",
)
TYPES_ONLY = {"types.js"}
SHRINKER = "/phone/shrink-worker.js"
NOT_OF_THE_PAGE = TYPES_ONLY | {"shrink-worker.js"}


@dataclass(frozen=True)
class PrecachedFile:
    """An address and its subresource integrity (`sha256-<base64>`)."""

    url: str
    integrity: str


def integrity_of(content: bytes) -> str:
    """Subresource integrity of some bytes."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def static_files(root: Path) -> list[PrecachedFile]:
    """The static files of the phone under `root`, by address."""
    paths = {
        path for pattern in STATIC_PATTERNS for path in root.glob(pattern) if path.name not in TYPES_ONLY
    }
    return [
        PrecachedFile(_address(path, root), integrity_of(lean(path.read_bytes(), path.as_posix())))
        for path in sorted(paths)
    ]


def _address(path: Path, root: Path) -> str:
    return SHRINKER if path.name == "shrink-worker.js" else f"/static/{path.relative_to(root).as_posix()}"


def module_urls(root: Path) -> list[str]:
    """Addresses of the page's modules: named in the shell, so that they load at once and not one after another."""
    paths = [*root.glob("js/offline/*.js"), *root.glob("js/phone/*.js"), root / "vendor" / "idb.js"]
    names = (path.relative_to(root).as_posix() for path in paths if path.name not in NOT_OF_THE_PAGE)
    return [f"/static/{name}" for name in sorted(names)]


def build_of(files: Iterable[PrecachedFile]) -> str:
    """Twelve characters that change whenever any file does."""
    listing = "\n".join(f"{file.url} {file.integrity}" for file in files)
    return hashlib.sha256(listing.encode()).hexdigest()[:12]
