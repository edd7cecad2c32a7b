"""No field, checklist item, code, route or form input for what this product leaves out on purpose."""

import importlib
import re
from collections.abc import Iterator

import pytest
from marshmallow import Schema

from field.checklists.service import SHIPPED
from field.core.db import Base
from field.core.shipped import shipped_rows
from tests.architecture.left_out import HARMLESS, named_in, said_in
from tests.architecture.source import ROOT, code_of, modules, scripts, shown

_FORM_NAMES = re.compile(r'\b(?:name|id|data-[a-z-]+)="([^"{}]+)"')
_BODY_KEYS = re.compile(r"^\s*([a-z][a-z_]+)\??:", re.MULTILINE)


def _schemas() -> Iterator[type[Schema]]:
    for module in modules():
        if module.kind in {"schemas", "config"} or "Schema" in module.path.read_text(encoding="utf-8"):
            importlib.import_module(module.name)
    waiting = list(Schema.__subclasses__())
    while waiting:
        schema = waiting.pop()
        waiting += schema.__subclasses__()
        if schema.__module__.startswith("field."):
            yield schema


def test_the_schemas_of_every_room_are_found():
    assert {"SignInSchema", "OccupantChange", "UploadMetadata", "BatchSchema"} <= {
        one.__name__ for one in _schemas()
    }


def test_no_column_is_for_what_is_left_out():
    columns = {
        f"{table.name}.{column.name}" for table in Base.metadata.tables.values() for column in table.columns
    }

    assert set(HARMLESS) <= columns
    assert not {name for name in columns - set(HARMLESS) if named_in(name)}


def test_no_schema_takes_or_gives_what_is_left_out():
    fields = {f"{schema.__name__}.{name}" for schema in _schemas() for name in schema._declared_fields}

    assert not {name for name in fields if named_in(name.split(".", 1)[1])}


@pytest.mark.parametrize("table", ["items", "codes", "departments"])
def test_nothing_that_comes_with_the_program_asks_for_it(table):
    rows = shipped_rows(SHIPPED / f"{table}.csv")

    assert rows
    assert not {cell for row in rows for cell in row.values() if said_in(cell)}


def test_no_route_is_for_what_is_left_out(app):
    routes = {f"{rule.endpoint} {rule.rule}" for rule in app.url_map.iter_rules()}

    assert routes
    assert not {route for route in routes if named_in(route)}


def test_no_form_asks_for_it():
    templates = sorted((ROOT / "templates").rglob("*.html"))
    names = {
        f"{shown(path)}: {name}"
        for path in templates
        for name in _FORM_NAMES.findall(path.read_text(encoding="utf-8"))
    }

    assert names
    assert not {name for name in names if said_in(name.split(": ", 1)[1])}


def test_no_script_names_a_fact_of_it():
    keys = {f"{shown(script)}: {key}" for script in scripts() for key in _BODY_KEYS.findall(code_of(script))}

    harmless = {"height"}  # of pictures, in pixels
    assert keys
    assert not {line for line in keys if named_in(key := line.split(": ", 1)[1]) - ({key} & harmless)}


@pytest.mark.parametrize(
    "identifier", ["ethnicity", "personEthnicity", "risk_grade", "blood-type", "key_person_kind", "faceImage"]
)
def test_the_list_catches_an_identifier_however_it_is_written(identifier):
    assert named_in(identifier)


@pytest.mark.parametrize("identifier", ["surface", "tracked_changes", "grace", "interface", "heights"])
def test_the_list_leaves_ordinary_words_alone(identifier):
    assert not named_in(identifier)


def test_the_list_catches_a_chinese_question():
    assert said_in("户主的宗教信仰") == {"宗教", "信仰"}
