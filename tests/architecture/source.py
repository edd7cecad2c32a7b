"""The program read as text: modules with their syntax trees, and the imports of scripts."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from field import RANKS

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "static" / "js"
_COMMENTS = re.compile(r"/\*.*?\*/|(?<![:\"'`\\])//[^\n]*", re.DOTALL)
_SCRIPT_IMPORTS = re.compile(
    r"""(?:\bimport|\bexport)\s*(?:[\w$*{}\s,]+?\s*from\s*)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']"""
)


@dataclass(frozen=True)
class Module:
    """A Python module: `name` is dotted, `room` is the package below field, "" for what stands above them."""

    path: Path
    name: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The room that it belongs to."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 2 or (self.path.name == "__init__.py" and len(parts) > 1) else ""

    @property
    def kind(self) -> str:
        """The file's name: models, service, routes …"""
        last = self.path.stem
        return "routes" if last.endswith("_routes") else last

    def imports(self) -> Iterator[tuple[ast.stmt, str]]:
        """Each import statement with the dotted names that it may bring in; `from a import b` names a and a.b."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{self.path}: relative import"
                assert node.module
                yield node, node.module
                yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method, inner ones too."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def modules() -> tuple[Module, ...]:
    """Every module of field."""
    return tuple(_module(path) for path in sorted((ROOT / "field").rglob("*.py")))


def _module(path: Path) -> Module:
    dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    return Module(path, dotted, ast.parse(path.read_text(encoding="utf-8"), str(path)))


def room_of(name: str) -> str | None:
    """The room of a dotted name, None when it is not one of ours."""
    parts = name.split(".")
    return parts[1] if parts[0] == "field" and len(parts) > 1 and parts[1] in {*RANKS, "pwa"} else None


def python_files() -> list[Path]:
    """Python of the program and its tests; migrations are as long as the tables are many."""
    return [ROOT / "app.py", *sorted((ROOT / "field").rglob("*.py")), *sorted((ROOT / "tests").rglob("*.py"))]


def scripts(folder: str = "") -> list[Path]:
    """Our own JavaScript, of one folder or all."""
    return sorted((SCRIPTS / folder).rglob("*.js"))


def code_of(script: Path) -> str:
    """A script without its comments."""
    return _COMMENTS.sub("", script.read_text(encoding="utf-8"))


def script_imports(script: Path) -> list[str]:
    """What a script imports, as files below static/ (`js/offline/db.js`) or as written when bare."""
    found = [first or second for first, second in _SCRIPT_IMPORTS.findall(code_of(script))]
    return [_resolved(script, target) for target in found]


def _resolved(script: Path, target: str) -> str:
    if not target.startswith("."):
        return target.removeprefix("/static/")
    return (script.parent / target).resolve().relative_to(ROOT / "static").as_posix()


def shown(path: Path) -> str:
    """A path as it is written in messages."""
    return path.relative_to(ROOT).as_posix()
