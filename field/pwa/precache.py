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
WORKER = "/sw.js"
_IMPORT = re.compile(r"^import .*;\n", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b", re.MULTILINE)
_QUEUES = re.compile(r'"/static/(js/offline/\w+\.js)"')


@dataclass(frozen=True)
class PrecachedFile:
    """An address and its subresource integrity (`sha256-<base64>`)."""

    url: str
    integrity: str


def integrity_of(content: bytes) -> str:
    """Subresource integrity of some bytes."""
    return "sha256-" + base64.b64encode(hashlib.sha256(content).digest()).decode()


def queue_script(root: Path, address: str = QUEUE) -> Script:
    """What the worker imports of the queue, with all that these modules import."""
    entries = _QUEUES.findall((root / WORKER[1:]).read_text(encoding="utf-8"))
    return Script(root, entries, address)


def page_script(root: Path, queue: str = QUEUE) -> Script:
    """The page's modules, without those that it has in common with the worker, which are at `queue`."""
    return Script(root, [ENTRY], SCRIPT, SHOWN, queue_script(root, queue))


def named(url: str, content: bytes) -> str:
    """An address that says what is there. Page, worker and queue of one release belong together, and the server of
    another one, beside this for a while, must not answer with its own."""
    return f"{url}?{hashlib.sha256(content).hexdigest()[:8]}"


def bundles(root: Path, *, readable: bool = False) -> dict[str, bytes]:
    """Scripts and style of the phone by their addresses, put together from the files under `root`; and the service
    worker, which has what it imports of the queue from the script that the page has too."""

    def made(source: bytes) -> bytes:
        return source if readable else shortened(source)

    queue = made(script_of(queue_script(root)))
    address = named(QUEUE, queue)
    page = made(script_of(page_script(root, address)))
    worker = _worker((root / WORKER[1:]).read_text(encoding="utf-8"), address)
    return {
        address: queue,
        named(SCRIPT, page): page,
        SHRINKER: made(script_of(Script(root, ["js/phone/shrink-worker.js"], SHRINKER))),
        STYLE: style_of(root, SHEETS),
        WORKER: made(worker.encode()),
    }


def _worker(source: str, queue: str) -> str:
    """The service worker with the queue's script, as a function: names are cut down within those."""
    text = _QUEUES.sub(f'"{queue}"', source)
    rest = _IMPORT.sub("", text)
    if _LEFT.search(rest):
        raise ValueError("the service worker imports or exports in a way that is not known here")
    return f"{''.join(_IMPORT.findall(text))}(() => {{\n{rest}}})();\n"


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
