"""What the phone downloads to work offline, each file with its hash, and one hash over all of them: the build."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from field.core.compression import lean
from field.pwa.bundling import script_of, style_of
from field.pwa.shortening import shortened

ENTRY = "js/phone/app.js"
# What is on the screen; nobody looks into it from the console, as into the queue, so its names are cut down as well.
SCREENS = "js/phone"
# In the order in which they are laid over each other.
SHEETS = (
    "css/tokens.css",
    "css/base.css",
    "css/parts.css",
    "css/phone.css",
    "css/phone-round.css",
    "css/phone-screens.css",
    "css/phone-visit.css",
    "css/phone-people.css",
    "css/phone-camera.css",
    "css/phone-door.css",
    "css/phone-window.css",
    "css/phone-large.css",
    "css/phone-drawn.css",
    "css/phone-sunlight.css",
)
# Beside script and style: what must run before the first paint, and what runs in a worker.
APART = ("icons/icon.svg", "js/phone/shrinking.js", "js/theme.js")
# For browsers that read no codes: not in the list of all phones, kept once it was needed.
READER = ("vendor/qr/decode.js", "vendor/qr/index.js")
SCRIPT, STYLE, SHRINKER = "/phone/app.js", "/phone/app.css", "/phone/shrink-worker.js"


@dataclass(frozen=True)
class PrecachedFile:
    """An address and its subresource integrity (`sha256-<base64>`)."""

    url: str
    integrity: str


def integrity_of(content: bytes) -> str:
    """Subresource integrity of some bytes."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def bundles(root: Path, *, readable: bool = False) -> dict[str, bytes]:
    """Script and style of the phone's page by their addresses, put together from the files under `root`."""
    script = script_of(root, ENTRY, SCREENS)
    return {SCRIPT: script if readable else shortened(script), STYLE: style_of(root, SHEETS)}


def static_files(root: Path, made: Mapping[str, bytes]) -> list[PrecachedFile]:
    """The files of the phone under `root` and those that were made of them, by address."""
    files = {f"/static/{name}": (root / name).read_bytes() for name in APART}
    files |= {SHRINKER: (root / "js/phone/shrink-worker.js").read_bytes(), **made}
    return [PrecachedFile(url, integrity_of(lean(files[url], url))) for url in sorted(files)]


def reader_files(root: Path) -> list[PrecachedFile]:
    """The parts of the reader of plates under `root`."""
    urls = {f"/static/{name}": root / name for name in READER}
    return [PrecachedFile(url, integrity_of(lean(path.read_bytes(), url))) for url, path in urls.items()]


def build_of(files: Iterable[PrecachedFile]) -> str:
    """Twelve characters that change whenever any file does."""
    listing = "\n".join(f"{file.url} {file.integrity}" for file in files)
    return hashlib.sha256(listing.encode()).hexdigest()[:12]
