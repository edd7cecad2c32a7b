"""Where JavaScript runs is its folder's name: offline/ has no document, desk/ has no database, none holds HTML."""

import re

from tests.architecture.source import SCRIPTS, code_of, script_imports, scripts, shown

_PAGE = re.compile(r"(?<![.\w])(?:document|window)\s*(?:\.|\[)")
_HTML = re.compile(
    r"\.(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc)\b|document\.write\b|createContextualFragment"
)
_CODE_FROM_TEXT = re.compile(r"(?<![.\w])(?:eval|Function)\s*\(|set(?:Timeout|Interval)\(\s*[\"'`]")


def test_there_are_scripts_to_judge():
    assert len(scripts("offline")) > 10
    assert len(scripts("phone")) > 10


def test_the_offline_library_touches_no_page():
    wrong = {shown(script) for script in scripts("offline") if _PAGE.search(code_of(script))}

    assert not wrong


def test_the_offline_library_imports_nothing_of_the_screens():
    wrong = {
        f"{shown(script)} imports {target}"
        for script in scripts("offline")
        for target in script_imports(script)
        if not target.startswith(("js/offline/", "vendor/"))
    }

    assert not wrong


def test_only_one_file_imports_the_database_library():
    users = {shown(script) for script in scripts() if "vendor/idb.js" in script_imports(script)}

    assert users == {"static/js/offline/db.js"}


def test_no_screen_opens_the_database_by_itself():
    wrong = {shown(script) for script in scripts() if re.search(r"\bindexedDB\b", code_of(script))}

    assert wrong <= {"static/js/offline/db.js"}


def test_the_desk_never_imports_the_offline_library():
    wrong = {
        f"{shown(script)} imports {target}"
        for script in (scripts("desk") if (SCRIPTS / "desk").exists() else [])
        for target in script_imports(script)
        if target.startswith("js/offline/")
    }

    assert not wrong


def test_every_import_of_a_script_leads_to_a_file():
    vendored = {"vendor/idb.js", "vendor/htmx.min.js"}
    wrong = {
        f"{shown(script)} imports {target}"
        for script in scripts()
        for target in script_imports(script)
        if target not in vendored and not (SCRIPTS.parent / target).is_file()
    }

    # phone/precache.js is made by the server.
    assert not {line for line in wrong if "precache.js" not in line}


def test_scripts_hold_no_html_and_make_no_code_from_text():
    wrong = {
        shown(script)
        for script in scripts()
        if _HTML.search(code_of(script)) or _CODE_FROM_TEXT.search(code_of(script))
    }

    assert not wrong


def test_no_template_text_stands_inside_another():
    """What takes the comments out of scripts on their way to phones reads only simple ones."""
    wrong = {shown(script) for script in scripts() if re.search(r"\$\{[^}`]*`", script.read_text())}

    assert not wrong
