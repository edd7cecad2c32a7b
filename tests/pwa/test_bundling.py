"""Many modules as one script: it does what they do, in their order, and refuses what it would get wrong."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from field.pwa.bundling import Script, modules_of, names_of, script_of, style_of
from field.pwa.precache import SHEETS, page_script, queue_script
from field.pwa.shortening import shortened

STATIC = Path(__file__).parents[2] / "static"

MODULES = {
    "js/app.js": """
// import { nothing } from "./nowhere.js"; a remark is none
import { count, grow as more } from "./parts/first.js";
import * as second from "./parts/second.js";
import {
  third,
} from "./parts/third.js";

export const seen = [];
more();
seen.push(count(), second.name, second.Box.label, third(), second.passed());
""",
    "js/parts/first.js": """
import { NAME } from "./third.js";
let total = NAME.length;
export function count() { return total; }
function grows() { total += 1; }
export { grows as grow };
export async function later() { return count(); }
""",
    "js/parts/second.js": """
export { third as passed } from "./third.js";
export const name = "second";
export class Box { static label = "box"; }
""",
    "js/parts/third.js": """
export const NAME = "third";
export const third = () => `${NAME}!`;
""",
}


def _written(folder: Path, modules: dict[str, str]) -> Path:
    for name, text in modules.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def _one(root: Path, entry: str, shown: list[str] | None = None, address: str = "/whole.js") -> Script:
    return Script(root, [entry], address, shown)


def _said(folder: Path, script: str) -> object:
    node = shutil.which("node")
    assert node
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], cwd=folder, capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def test_one_script_does_what_its_modules_do(tmp_path: Path) -> None:
    root = _written(tmp_path, MODULES)
    (root / "whole.mjs").write_bytes(script_of(_one(root, "js/app.js")))
    (root / "package.json").write_text('{"type": "module"}')

    apart = _said(root, 'import { seen } from "./js/app.js"; console.log(JSON.stringify(seen))')
    whole = _said(root, 'import { seen } from "./whole.mjs"; console.log(JSON.stringify(seen))')

    assert whole == apart == [6, "second", "box", "third!", "third!"]


def test_short_names_do_what_the_long_ones_did_and_are_short_in_functions_only(tmp_path: Path) -> None:
    modules = MODULES | {
        "js/more.js": """
import { seen } from "./app.js";
export function said(lengthyWord, { other = 2, ...remaining }) {
  const inner = (lengthyWord) => `${lengthyWord}${other}`;
  return [inner(lengthyWord), remaining, seen?.[0] ?? null];
}
"""
    }
    root = _written(tmp_path, modules)
    script = script_of(_one(root, "js/more.js"))
    short = shortened(script)
    for name, text in (("long", script), ("short", short)):
        (root / f"{name}.mjs").write_bytes(text)

    said = [
        _said(
            root,
            f'import {{ said }} from "./{name}.mjs"; console.log(JSON.stringify(said("one", {{three: 3}})))',
        )
        for name in ("long", "short")
    ]

    assert said[0] == said[1] == ["one2", {"three": 3}, 6]
    assert b"lengthyWord" not in short
    assert all(name in short for name in (b"said", b"seen"))


def test_of_modules_that_nobody_looks_into_the_names_are_short_as_well(tmp_path: Path) -> None:
    modules = {
        "js/app.js": 'import { said } from "./inner/screen.js";\nsaid();',
        "js/inner/screen.js": """
import { count } from "../queue.js";
import * as own from "./own.js";
const lengthyWord = 2;
export function said() { console.log(JSON.stringify([count(), lengthyWord, own.others])); }
""",
        "js/inner/own.js": "export const others = 3;",
        "js/queue.js": "export const count = () => 1;",
    }
    root = _written(tmp_path, modules | {"js/inner/app.js": 'import { said } from "./screen.js";\nsaid();'})
    inner = _one(root, "js/inner/app.js", ["js/queue.js"])
    script = script_of(inner)
    (root / "whole.mjs").write_bytes(shortened(script))

    assert _said(root, 'import "./whole.mjs";') == [1, 2, 3]
    assert modules_of(inner) == ["js/queue.js"]
    assert b"lengthyWord" in script
    assert not [name for name in (b"lengthyWord", b"said") if name in shortened(script)]


def test_what_another_script_has_is_taken_from_there_and_runs_once_for_both(tmp_path: Path) -> None:
    shared = {
        "js/queue.js": """
let total = 0;
export const add = () => (total += 1);
export const count = () => total;
""",
        "js/base.js": "export function open() { return 7; }",
        "js/worker.js": """
import { add } from "./queue.js";
import { open } from "./base.js";
export const work = () => add() + open();
""",
        "js/app.js": """
import * as queue from "./queue.js";
import { count as counted } from "./queue.js";
import { open as opened } from "./base.js";
import { own, passed } from "./own.js";
console.log(JSON.stringify([queue.add(), counted(), opened(), own(), passed()]));
""",
        "js/own.js": """
import { add as more } from "./queue.js";
const count = 5;
export { open as passed } from "./base.js";
export const own = () => count + more();
""",
    }
    root = _written(tmp_path, shared)
    beside = Script(root, ["js/worker.js"], "./queue.mjs")
    page = Script(root, ["js/app.js"], "/app.js", None, beside)
    assert modules_of(beside) == ["js/queue.js", "js/base.js", "js/worker.js"]
    assert modules_of(page) == ["js/own.js", "js/app.js"]
    for made in (bytes, shortened):
        for name, script in (("queue", beside), ("whole", page)):
            (root / f"{name}.mjs").write_bytes(made(script_of(script)))

        run = 'import all from "./queue.mjs"; all.at(-1).work(); await import("./whole.mjs");'
        assert _said(root, run) == [2, 2, 7, 8, 7]


def test_what_is_only_passed_on_comes_from_the_other_script_too(tmp_path: Path) -> None:
    passing = {
        "js/queue.js": "export const one = 1;",
        "js/app.js": 'import { one } from "./own.js";\nconsole.log(JSON.stringify(one));',
        "js/own.js": 'export { one } from "./queue.js";',
    }
    root = _written(tmp_path, passing)
    beside = _one(root, "js/queue.js", address="./queue.mjs")
    (root / "queue.mjs").write_bytes(script_of(beside))
    (root / "whole.mjs").write_bytes(script_of(Script(root, ["js/app.js"], "/app.js", None, beside)))

    assert _said(root, 'import "./whole.mjs"') == 1


def test_a_name_that_is_brought_under_another_one_may_be_said_too(tmp_path: Path) -> None:
    taken = {
        "js/app.js": 'import { AHEAD as THERE } from "./a.js";\nconst AHEAD = 2;\n'
        "console.log(JSON.stringify([THERE, AHEAD]));",
        "js/a.js": "export const AHEAD = 1;",
    }
    root = _written(tmp_path, taken)
    (root / "whole.mjs").write_bytes(script_of(_one(root, "js/app.js")))

    assert _said(root, 'import "./whole.mjs"') == [1, 2]
    with pytest.raises(
        ValueError, match=r"a name of a\.js, which stands in /a\.mjs, is said for something else"
    ):
        script_of(Script(root, ["js/app.js"], "/app.mjs", None, _one(root, "js/a.js", address="/a.mjs")))


def test_what_is_no_script_is_not_made_short() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        shortened(b"function (")


def test_each_module_runs_once_and_is_found_by_its_place(tmp_path: Path) -> None:
    root = _written(tmp_path, MODULES)
    text, names = script_of(_one(root, "js/app.js")).decode(), modules_of(_one(root, "js/app.js"))

    assert text.count('const NAME = "third"') == 1
    assert names[-1] == "js/app.js"
    assert names.count("js/parts/third.js") == 1
    # first.js says its exports in a list; of second.js all is wanted.
    assert text.endswith("export default [0, m1, m2, 0];\n")


def test_a_name_that_means_something_else_elsewhere_stays_in_its_module(tmp_path: Path) -> None:
    taken = {
        "js/app.js": 'import { first } from "./a.js";\nimport { second } from "./b.js";\n'
        "const count = 3;\nexport const seen = [first(), second(), count];",
        "js/a.js": "let count = 1;\nexport function first() { return count; }",
        "js/b.js": "const { count, other: [] } = { count: 2, other: [] };\nexport function second() { return count; }",
    }
    root = _written(tmp_path, taken)
    (root / "whole.mjs").write_bytes(script_of(_one(root, "js/app.js")))

    assert _said(root, 'import all from "./whole.mjs"; console.log(JSON.stringify(all.at(-1).seen))') == [
        1,
        2,
        3,
    ]


def test_a_name_of_the_browser_stays_in_its_module(tmp_path: Path) -> None:
    root = _written(tmp_path, {"js/a.js": "export function open() { return close(); }"})

    assert names_of(_one(root, "js/a.js")) == set()


def test_modules_that_import_each_other_are_refused(tmp_path: Path) -> None:
    circle = {
        "js/a.js": 'import { b } from "./b.js";\nexport const a = b;',
        "js/b.js": 'import { a } from "./a.js";',
    }

    with pytest.raises(ValueError, match=r"circle: a\.js → b\.js → a\.js"):
        script_of(_one(_written(tmp_path, circle), "js/a.js"))


@pytest.mark.parametrize(
    "line", ["export let moving = 1;", "export default 1;", 'export * from "./b.js";', 'import "./b.js";']
)
def test_what_it_would_get_wrong_is_refused(tmp_path: Path, line: str) -> None:
    root = _written(tmp_path, {"js/a.js": line, "js/b.js": ""})

    with pytest.raises(ValueError, match="not known here"):
        script_of(_one(root, "js/a.js"))


def test_sheets_keep_their_order(tmp_path: Path) -> None:
    root = _written(tmp_path, {"a.css": "@layer one, two;", "b.css": "@layer two {}"})

    assert style_of(root, ("a.css", "b.css")) == b"@layer one, two;\n@layer two {}"


def test_every_sheet_of_the_phone_is_part_of_the_one() -> None:
    there = {f"css/{path.name}" for path in (STATIC / "css").glob("phone*.css")}

    assert there <= set(SHEETS)
    assert len(SHEETS) == len(set(SHEETS))


def test_every_module_of_the_phone_is_part_of_one() -> None:
    page = page_script(STATIC)
    whole = {
        *modules_of(queue_script(STATIC)),
        *modules_of(Script(STATIC, page.entries, "", None, page.beside)),
    }
    only_types, of_the_worker = "types.js", "shrink-worker.js"
    there = [path for name in ("offline", "phone") for path in (STATIC / "js" / name).glob("*.js")]

    missing = {path.name for path in there if f"js/{path.parent.name}/{path.name}" not in whole} - {
        only_types,
        of_the_worker,
    }

    assert missing == set()
