"""What the documents name is there: files, commands, make targets and tests."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from click import Group

from app import COMMANDS
from tests.architecture.source import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
TARGET = re.compile(r"(?:^|[\s;&])make +([a-z][a-z-]*)", re.MULTILINE)
COMMAND = re.compile(r"flask --app app ([a-z]+)(?: ([a-z][a-z-]*))?")
FOLDERS = ("field/", "static/", "templates/", "tests/", "docs/", "deploy/", "migrations/", ".ci/")
MADE = ("static/vendor",)  # by `make setup`
FROM_LIBRARIES = {"db", "routes", "run", "shell"}

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


def _code(document: Path) -> Iterator[str]:
    """Every piece of code in a document, in a line or in a block."""
    text = document.read_text(encoding="utf-8")
    yield from FENCE.findall(text)
    yield from SPAN.findall(FENCE.sub("", text))


@cache
def _python_tests() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))


@cache
def _targets() -> frozenset[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))


def _missing_test(span: str) -> bool:
    """Whether a span names a test that is not there: a name, `file.py::name` or `file.test.js › title`."""
    if " › " in span:
        path, title = span.split(" › ", 1)
        return not (ROOT / path).is_file() or f"{title}" not in (ROOT / path).read_text(encoding="utf-8")
    if "::" in span:
        path, name = span.split("::", 1)
        return not (ROOT / path).is_file() or f"def {name}(" not in (ROOT / path).read_text(encoding="utf-8")
    return re.fullmatch(r"test_\w+", span) is not None and f"def {span}(" not in _python_tests()


def test_there_are_documents_to_judge():
    assert {"README.md", "README.zh-CN.md", "CHANGELOG.md"} <= {path.name for path in DOCUMENTS}


@each_document
def test_every_link_within_the_repository_leads_somewhere(document):
    targets = [link.split("#")[0] for link in LINK.findall(document.read_text(encoding="utf-8"))]
    inner = [target for target in targets if target and not re.match(r"[a-z]+:", target)]

    assert not [target for target in inner if not (document.parent / target).exists()]


@each_document
def test_every_make_target_that_is_named_exists(document):
    named = {target for code in _code(document) for target in TARGET.findall(code)}

    assert named <= _targets()


@each_document
def test_every_command_that_is_named_exists(document):
    commands = {command.name: command for command in COMMANDS}
    unknown = []
    for name, below in (pair for code in _code(document) for pair in COMMAND.findall(code)):
        command = commands.get(name)
        if name not in FROM_LIBRARIES and command is None:
            unknown.append(name)
        elif isinstance(command, Group) and below not in command.commands:
            unknown.append(f"{name} {below}")

    assert not unknown


@each_document
def test_every_test_that_is_named_exists(document):
    assert not [span for span in _code(document) if _missing_test(span)]


@each_document
def test_every_file_that_is_named_exists(document):
    spans = {span.split("::")[0].split(" › ")[0] for span in _code(document)}
    paths = [span for span in spans if re.fullmatch(r"[\w./-]+", span) and span.startswith(FOLDERS)]

    assert not [path for path in paths if not path.startswith(MADE) and not (ROOT / path).exists()]
