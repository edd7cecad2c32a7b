"""The modules of the phone's page as one script, and its styles as one sheet: one file is fetched where a hundred would
be, and packs a third smaller. Nothing is renamed: modules stand one after the other, in the order in which the browser
would run them. One that says a name that was said before, for something else, becomes a function that runs once; the
others need no function around them, no imports and no list of what they export. Modules that nobody looks into from
outside stand together in one function, where their names can be cut down. Modules that another script has already are
taken from there. Modules may not import each other in a circle, and export no `let`."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

_IMPORT = re.compile(
    r'^import\s+(?P<what>\{[^}]*\}|\*\s+as\s+\w+)\s+from\s+"(?P<path>[^"]+)";\n?', re.MULTILINE
)
_PASSED_ON = re.compile(r'^export\s+(?P<what>\{[^}]*\})\s+from\s+"(?P<path>[^"]+)";\n?', re.MULTILINE)
_LISTED = re.compile(r"^export\s+\{(?P<names>[^}]*)\};\n?", re.MULTILINE)
_DECLARED = re.compile(
    r"^export\s+(?P<rest>(?:async\s+)?(?:function\*?|class|const)\s+(?P<name>\w+))", re.MULTILINE
)
_SAID = re.compile(
    r"^(?:export\s+)?(?:(?:async\s+)?function\*?|class|const|let|var)\s+(?:(?P<name>\w+)|[{\[](?P<names>[^}\]]*)[}\]])",
    re.MULTILINE,
)
_BY_LIST = re.compile(r"^export\s+\{", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# What a name stands for: a module and what it exports there, or all of it.
_Meaning = tuple[Path, str]
_ALL = "*"
# What a script holds of those of its modules that became functions, for another one.
_HELD = "$held"
# All that another script exports, which holds what any module exports that stands there as it is.
_EVERYTHING = "$everything"
# The browser says these without a `window.` before them; ours of that name stay in a function.
_OF_THE_BROWSER = frozenset({"open", "close", "stop", "focus", "scroll", "event", "name", "status", "origin"})


@dataclass(frozen=True)
class Script:
    """Which modules below `root` become one script: the entries with all that they import. Where some are `shown`,
    these and what they import come first; all others follow in one function. Those that `beside` has are not said
    again: they are imported from its `address`."""

    root: Path
    entries: Sequence[str]
    address: str
    shown: Sequence[str] | None = None
    beside: "Script | None" = None


@dataclass
class _Whole:
    """Which modules become functions, and what names mean outside of every function, so far."""

    places: dict[Path, str]
    bare: set[Path]
    meanings: dict[str, _Meaning] = field(default_factory=dict)


def script_of(script: Script) -> bytes:
    """Its modules as one. Its default export holds those that became functions, in the order of modules_of(), and 0
    for each else, whose exports are the script's own: for whoever looks at a running page.

    Raises ValueError where a module says what would come to mean something else."""
    order, shown = _order(script)
    return _whole(script, order, shown)[0].encode()


def modules_of(script: Script) -> list[str]:
    """The modules of that script that can be looked at from outside, by their address below `root`."""
    order, shown = _order(script)
    return [path.relative_to(script.root.resolve()).as_posix() for path in order[:shown]]


def names_of(script: Script) -> set[str]:
    """What is said in that script outside of every module's own function: none of it may be a name of the browser."""
    return set(_whole(script, *_order(script))[1].meanings)


def style_of(root: Path, sheets: tuple[str, ...]) -> bytes:
    """Style sheets one after the other; each has its layers, so that their order says nothing beyond the first."""
    return b"\n".join((root / sheet).read_bytes() for sheet in sheets)


def _order(script: Script) -> tuple[list[Path], int]:
    """The modules, and how many of them can be looked at from outside."""
    had = _order(script.beside)[0] if script.beside else []
    order = list(had)
    for entry in script.entries if script.shown is None else script.shown:
        _walk((script.root / entry).resolve(), order, ())
    shown = len(order) - len(had)
    for entry in script.entries:
        _walk((script.root / entry).resolve(), order, ())
    return order[len(had) :], shown


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


def _whole(script: Script, order: list[Path], shown: int) -> tuple[str, _Whole]:
    whole = _Whole({path: f"m{place}" for place, path in enumerate(order)}, set())
    head = _from_beside(script.beside, order, whole) if script.beside else ""
    whole.bare |= _bare(order, whole.meanings)
    parts = [_added(path, whole) for path in order]
    inner = "".join(_DECLARED.sub(r"\g<rest>", part) for part in parts[shown:])
    held = ", ".join("0" if path in whole.bare else whole.places[path] for path in order[:shown])
    within = f"(() => {{\n{inner}}})();\n" if inner else ""
    return f"{head}{''.join(parts[:shown])}{within}export default [{held}];\n", whole


def _from_beside(beside: Script, order: list[Path], whole: _Whole) -> str:
    """The lines that bring what these modules need of the script beside them."""
    there, _shown = _order(beside)
    bare = _bare(there, {})
    wanted = {
        meaning
        for path in order
        for meaning in (*_brought(path).values(), *_passed_on(path))
        if meaning[0] in there
    }
    names = {name: (path, name) for path, name in sorted(wanted) if path in bare and name != _ALL}
    held = {path: f"{_HELD}[{place}]" for place, path in enumerate(there) if path not in bare}
    hidden = [path.name for path in _hidden(order) & bare]
    if hidden:
        raise ValueError(
            f"a name of {hidden[0]}, which stands in {beside.address}, is said for something else"
        )
    whole.bare |= bare
    whole.meanings |= names
    whole.places |= held
    brought = [
        f"{{ {', '.join(names)} }}" if names else "",
        _HELD if any(path in held for path, _name in wanted) else "",
        f"* as {_EVERYTHING}" if any(path in bare and name == _ALL for path, name in wanted) else "",
    ]
    return "".join(f'import {what} from "{beside.address}";\n' for what in brought if what)


def _bare(order: list[Path], said: dict[str, _Meaning]) -> set[Path]:
    """The modules that need no function around them, where names have a meaning already; those that are used most have
    the first choice of names."""
    brought = [meaning for path in order for meaning in _brought(path).values()]
    used = Counter(module for module, _name in brought)
    hidden = {module for module, name in brought if name == _ALL} | _hidden(order)
    meanings = dict(said)
    bare = set()
    for path in sorted(order, key=lambda one: -used[one]):
        text = path.read_text(encoding="utf-8")
        says = _says(path)
        taken = any(meanings.get(name, meaning) != meaning for name, meaning in says.items())
        if (
            not taken
            and path not in hidden
            and not says.keys() & _OF_THE_BROWSER
            and not _BY_LIST.search(text)
        ):
            meanings |= says
            bare.add(path)
    return bare


def _hidden(order: list[Path]) -> set[Path]:
    """Modules of which something is brought under another name by one that says its name for something else."""
    return {
        module
        for path in order
        for here, (module, there) in _brought(path).items()
        if here != there and there in _says(path)
    }


def _added(path: Path, whole: _Whole) -> str:
    """A module as it stands in the script: as it is, or as a function where a name is taken."""
    text = path.read_text(encoding="utf-8")
    brought = {name: what for name, what in _brought(path).items() if whole.meanings.get(name) != what}
    text = _takes(brought, whole) + _IMPORT.sub("", text)
    if path in whole.bare:
        whole.meanings |= _says(path)
        _refuse_the_unknown(path, _DECLARED.sub("", text))
        return text
    return f"const {whole.places[path]} = (() => {{\n{_as_function(path, text, whole)}}})();\n"


def _takes(brought: dict[str, _Meaning], whole: _Whole) -> str:
    """Names for what other modules export, where there are none yet."""
    lines: list[str] = []
    parts: dict[Path, list[str]] = {}
    for here, (module, there) in brought.items():
        if there == _ALL or module in whole.bare:
            lines.append(f"const {here} = {_where((module, there), whole)};\n")
        else:
            parts.setdefault(module, []).append(here if here == there else f"{there}: {here}")
    lines += [
        f"const {{ {', '.join(names)} }} = {whole.places[module]};\n" for module, names in parts.items()
    ]
    return "".join(lines)


def _says(path: Path) -> dict[str, _Meaning]:
    """All names that a module has outside of its functions."""
    text = path.read_text(encoding="utf-8")
    return {name: (path, name) for name in _said(text)} | _brought(path)


def _where(meaning: _Meaning, whole: _Whole) -> str:
    module, name = meaning
    if module in whole.bare:
        return _EVERYTHING if name == _ALL else name
    return whole.places[module] if name == _ALL else f"{whole.places[module]}.{name}"


def _brought(path: Path) -> dict[str, _Meaning]:
    """What a module imports, by the names that it has for it."""
    return _brought_by(path.parent, path.read_text(encoding="utf-8"))


@lru_cache(maxsize=512)
def _brought_by(folder: Path, text: str) -> dict[str, _Meaning]:
    found: dict[str, _Meaning] = {}
    for match in _IMPORT.finditer(text):
        module, what = (folder / match["path"]).resolve(), match["what"]
        if what.startswith("*"):
            found[what.split()[-1]] = (module, _ALL)
        else:
            found |= {here: (module, there) for there, here in _pairs(what.strip("{}"))}
    return found


def _passed_on(path: Path) -> list[_Meaning]:
    """What a module exports of another one without a name for it."""
    return [
        ((path.parent / match["path"]).resolve(), there)
        for match in _PASSED_ON.finditer(path.read_text(encoding="utf-8"))
        for there, _here in _pairs(match["what"].strip("{}"))
    ]


def _said(text: str) -> list[str]:
    """The names that a module declares outside of its functions."""
    found: list[str] = []
    for match in _SAID.finditer(text):
        several = [part.rpartition(":")[2].partition("=")[0] for part in (match["names"] or "").split(",")]
        found += filter(None, map(str.strip, [match["name"] or "", *several]))
    return found


def _as_function(path: Path, text: str, whole: _Whole) -> str:
    """The body of a function that is this module and returns what it exports."""
    exported: list[str] = []

    def passed_on(match: re.Match[str]) -> str:
        module = (path.parent / match["path"]).resolve()
        pairs = _pairs(match["what"].strip("{}"))
        exported.extend(f"{new}: {_where((module, old), whole)}" for old, new in pairs)
        return ""

    def listed(match: re.Match[str]) -> str:
        exported.extend(new if new == old else f"{new}: {old}" for old, new in _pairs(match["names"]))
        return ""

    def declared(match: re.Match[str]) -> str:
        exported.append(match["name"])
        return match["rest"]

    for pattern, becomes in ((_PASSED_ON, passed_on), (_LISTED, listed), (_DECLARED, declared)):
        text = pattern.sub(becomes, text)
    _refuse_the_unknown(path, text)
    return f"{text}return {{ {', '.join(exported)} }};\n"


def _refuse_the_unknown(path: Path, text: str) -> None:
    left = _LEFT.search(text)
    if left:
        raise ValueError(f"{path.name}: a way to import or export that is not known here: {left[0]}")


def _pairs(names: str) -> list[tuple[str, str]]:
    """`a, b as c` as what it is called there and here."""
    found = []
    for name in filter(None, map(str.strip, names.split(","))):
        there, _as, here = name.partition(" as ")
        found.append((there.strip(), here.strip() or there.strip()))
    return found
