"""The modules of the phone's page as one script, and its styles as one sheet: one file is fetched where a hundred would
be, and packs a third smaller. Nothing is renamed: each module becomes a function that runs once, in the order in which
the browser would run them. Modules may not import each other in a circle, and export no `let`."""

import re
from pathlib import Path

_IMPORT = re.compile(
    r'^import\s+(?P<what>\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+"(?P<path>[^"]+)";\n?', re.MULTILINE
)
_PASSED_ON = re.compile(r'^export\s+(?P<what>\{[^}]*\})\s+from\s+"(?P<path>[^"]+)";\n?', re.MULTILINE)
_LISTED = re.compile(r"^export\s+\{(?P<names>[^}]*)\};\n?", re.MULTILINE)
_DECLARED = re.compile(
    r"^export\s+(?P<rest>(?:async\s+)?(?:function\*?|class|const)\s+(?P<name>\w+))", re.MULTILINE
)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


def script_of(root: Path, entry: str) -> bytes:
    """The module `entry` below `root` with all that it imports, as one. Its default export holds the modules, in the
    order of modules_of(), for whoever looks at a running page."""
    order = _order(root, entry)
    names = {path: f"m{place}" for place, path in enumerate(order)}
    parts = [f"const {names[path]} = (() => {{\n{_as_function(path, names)}}})();\n" for path in order]
    return f"{''.join(parts)}export default [{', '.join(names.values())}];\n".encode()


def modules_of(root: Path, entry: str) -> list[str]:
    """The modules of that script by their address below `root`."""
    return [path.relative_to(root.resolve()).as_posix() for path in _order(root, entry)]


def _order(root: Path, entry: str) -> list[Path]:
    order: list[Path] = []
    _walk((root / entry).resolve(), order, ())
    return order


def style_of(root: Path, sheets: tuple[str, ...]) -> bytes:
    """Style sheets one after the other; each has its layers, so that their order says nothing beyond the first."""
    return b"\n".join((root / sheet).read_bytes() for sheet in sheets)


def _walk(path: Path, order: list[Path], above: tuple[Path, ...]) -> None:
    """Add a module after those that it imports."""
    if path in above:
        circle = " → ".join(one.name for one in (*above, path))
        raise ValueError(f"modules import each other in a circle: {circle}")
    if path in order:
        return
    text = path.read_text(encoding="utf-8")
    found = [*_IMPORT.finditer(text), *_PASSED_ON.finditer(text)]
    for one in sorted(found, key=lambda match: match.start()):
        _walk((path.parent / one["path"]).resolve(), order, (*above, path))
    order.append(path)


def _as_function(path: Path, names: dict[Path, str]) -> str:
    """The body of a function that is this module and returns what it exports."""
    exported: list[str] = []

    def module(match: re.Match[str]) -> str:
        return names[(path.parent / match["path"]).resolve()]

    def taken(match: re.Match[str]) -> str:
        what = match["what"]
        to = what.split()[-1] if what.startswith("*") else what.replace(" as ", ": ")
        return f"const {to} = {module(match)};\n"

    def passed_on(match: re.Match[str]) -> str:
        exported.extend(f"{new}: {module(match)}.{old}" for old, new in _pairs(match["what"].strip("{}")))
        return ""

    def listed(match: re.Match[str]) -> str:
        exported.extend(f"{new}: {old}" for old, new in _pairs(match["names"]))
        return ""

    def declared(match: re.Match[str]) -> str:
        exported.append(match["name"])
        return match["rest"]

    text = path.read_text(encoding="utf-8")
    for pattern, becomes in (
        (_IMPORT, taken),
        (_PASSED_ON, passed_on),
        (_LISTED, listed),
        (_DECLARED, declared),
    ):
        text = pattern.sub(becomes, text)
    left = _LEFT.search(text)
    if left:
        raise ValueError(f"{path.name}: a way to import or export that is not known here: {left[0]}")
    return f"{text}return {{ {', '.join(exported)} }};\n"


def _pairs(names: str) -> list[tuple[str, str]]:
    """`a, b as c` as what it is called inside and outside."""
    found = []
    for name in filter(None, map(str.strip, names.split(","))):
        inside, _as, outside = name.partition(" as ")
        found.append((inside.strip(), outside.strip() or inside.strip()))
    return found
