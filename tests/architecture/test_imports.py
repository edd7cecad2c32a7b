"""Rooms stand in a row, and each imports only from those before it; routes are on top of their room."""

import ast

import pytest

from field import RANKS
from tests.architecture.source import Module, modules, room_of, shown

RANK = {room: place for place, room in enumerate(RANKS)}
# The phone's documents know no domain.
SEES_ONLY_CORE = {"pwa"}
WITHOUT_FLASK = {"models", "schemas", "queries", "service"}
ON_TOP = {"routes", "cli", "uploads"}
MODELS_NEVER_SEE = {"service", "queries", "schemas", *ON_TOP}
# What opens transactions: routes and commands, and the reader of sessions, which notes when one was last used.
OPENS_TRANSACTIONS = ON_TOP | {"actors"}


def _may_import(importer: Module, room: str) -> bool:
    if importer.room == room:
        return True
    if importer.room in SEES_ONLY_CORE:
        return room == "core"
    return room in RANK and RANK[room] < RANK[importer.room]


def test_every_room_has_a_rank():
    rooms = {module.room for module in modules()} - {""}

    assert rooms <= {*RANKS, *SEES_ONLY_CORE}


def test_a_room_imports_only_from_rooms_before_it():
    wrong = {
        f"{shown(module.path)}:{node.lineno} imports {name}"
        for module in modules()
        if module.room
        for node, name in module.imports()
        if (room := room_of(name)) is not None and not _may_import(module, room)
    }

    assert not wrong


def test_nothing_imports_the_application():
    wrong = {
        shown(module.path)
        for module in modules()
        for _node, name in module.imports()
        if name.split(".")[0] == "app"
    }

    assert not wrong


def test_routes_and_commands_are_imported_by_nobody():
    wrong = {
        f"{shown(module.path)}:{node.lineno} imports {name}"
        for module in modules()
        for node, name in module.imports()
        if room_of(name) and len(parts := name.split(".")) > 2 and parts[2] in ON_TOP
    }

    assert not wrong


def test_models_import_no_verbs_reads_or_routes():
    wrong = {
        f"{shown(module.path)}:{node.lineno} imports {name}"
        for module in modules()
        if module.kind == "models"
        for node, name in module.imports()
        if room_of(name) and len(parts := name.split(".")) > 2 and parts[2] in MODELS_NEVER_SEE
    }

    assert not wrong


def test_models_schemas_queries_and_services_know_no_flask():
    wrong = {
        f"{shown(module.path)}:{node.lineno} imports {name}"
        for module in modules()
        if module.kind in WITHOUT_FLASK
        for node, name in module.imports()
        if name.split(".")[0] in {"flask", "flask_htmx", "flask_wtf", "flask_smorest", "werkzeug"}
    }

    assert not wrong


def test_no_import_stands_inside_a_function():
    wrong = {
        f"{shown(module.path)}:{inner.lineno}"
        for module in modules()
        for function in module.functions()
        for inner in ast.walk(function)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    }

    assert not wrong


def test_only_routes_and_commands_open_transactions():
    wrong = {
        f"{shown(module.path)}:{node.lineno}"
        for module in modules()
        if module.kind not in OPENS_TRANSACTIONS and module.name != "field.core.db"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and _called(node) in {"transaction", "commit"}
    }

    assert not wrong


def _called(call: ast.Call) -> str:
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


@pytest.mark.parametrize(
    ("importer", "room", "expected"),
    [
        ("visits", "people", True),
        ("people", "visits", False),
        ("pwa", "accounts", False),
        ("pwa", "core", True),
    ],
)
def test_the_rule_itself_tells_before_from_after(importer, room, expected):
    module = next(one for one in modules() if one.room == importer)

    assert _may_import(module, room) is expected
