"""What the phone downloads to work offline, each file with its hash, and one hash over all of them: the build."""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from field.core.compression import lean
from field.pwa.bundling import Script, script_of, style_of
from field.pwa.shortening import shortened

ENTRY = "js/phone/app.js"
# What can be looked at from the console while it runs, as the queue can; the names of all else are cut down.
SHOWN = tuple(
    f"js/offline/{name}.js"
    for name in ("drafts", "outbox", "pack", "proposals", "reconcile", "register", "upcasts")
)
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
# Beside scripts and style: what must run before the first paint.
APART = ("icons/icon.svg", "js/theme.js")
# For browsers that read no codes: not in the list of all phones, kept once it was needed.
READER = ("vendor/qr/decode.js", "vendor/qr/index.js")
SCRIPT, STYLE, SHRINKER = "/phone/app.js", "/phone/app.css", "/phone/shrink-worker.js"
# The queue and its sending, which the page and the worker have in common: fetched once for both.
QUEUE = "/phone/queue.js"
# The page in every language.
SHELLS = "/phone/shells"
WORKER = "sw.js"
_QUEUES = re.compile(r'"/static/(js/offline/\w+\.js)"')


@dataclass(frozen=True)
class PrecachedFile:
    """An address and its subresource integrity (`sha256-<base64>`)."""

    url: str
    integrity: str


def integrity_of(content: bytes) -> str:
    """Subresource integrity of some bytes."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def queue_script(root: Path) -> Script:
    """What the worker imports of the queue, with all that these modules import."""
    entries = _QUEUES.findall((root / WORKER).read_text(encoding="utf-8"))
    return Script(root, entries, QUEUE)


def page_script(root: Path) -> Script:
    """The page's modules, without those that it has in common with the worker."""
    return Script(root, [ENTRY], SCRIPT, SHOWN, queue_script(root))


def bundles(root: Path, *, readable: bool = False) -> dict[str, bytes]:
    """Scripts and style of the phone by their addresses, put together from the files under `root`."""
    shrinker = Script(root, ["js/phone/shrink-worker.js"], SHRINKER)
    whole = (queue_script(root), page_script(root), shrinker)
    scripts = {script.address: script_of(script) for script in whole}
    short = scripts if readable else {url: shortened(text) for url, text in scripts.items()}
    return {**short, STYLE: style_of(root, SHEETS)}


def worker_of(root: Path, *, readable: bool = False) -> bytes:
    """The service worker; what it imports of the queue comes in the script that the page has too."""
    source = _QUEUES.sub(f'"{QUEUE}"', (root / WORKER).read_text(encoding="utf-8")).encode()
    return source if readable else shortened(source)


def static_files(root: Path, made: Mapping[str, bytes]) -> list[PrecachedFile]:
    """The files of the phone under `root` and those that were made of them, by address."""
    files = {f"/static/{name}": (root / name).read_bytes() for name in APART}
    files |= made
    return [PrecachedFile(url, integrity_of(lean(files[url], url))) for url in sorted(files)]


def reader_files(root: Path) -> list[PrecachedFile]:
    """The parts of the reader of plates under `root`."""
    urls = {f"/static/{name}": root / name for name in READER}
    return [PrecachedFile(url, integrity_of(lean(path.read_bytes(), url))) for url, path in urls.items()]


def build_of(files: Iterable[PrecachedFile]) -> str:
    """Twelve characters that change whenever any file does."""
    listing = "\n".join(f"{file.url} {file.integrity}" for file in files)
    return hashlib.sha256(listing.encode()).hexdigest()[:12]
