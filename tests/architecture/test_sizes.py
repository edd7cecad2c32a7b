"""Small files and small functions, so that one screen shows a whole thought."""

from statistics import median

from tests.architecture.source import ROOT, modules, python_files, scripts, shown

LONGEST_FILE = 300
LONGEST_FUNCTION = 40
USUAL_FUNCTION = 10


def _lines(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_no_file_is_longer_than_three_hundred_lines():
    files = [*python_files(), *scripts(), ROOT / "static" / "sw.js", *ROOT.glob("static/css/**/*.css")]
    files += ROOT.glob("templates/**/*.html")

    long = {shown(path): _lines(path) for path in files if _lines(path) > LONGEST_FILE}

    assert not long


def _length(function):
    return (function.end_lineno or function.lineno) - function.lineno + 1


def test_no_function_is_longer_than_forty_lines():
    long = {
        f"{shown(module.path)}: {function.name}": _length(function)
        for module in modules()
        for function in module.functions()
        if _length(function) > LONGEST_FUNCTION
    }

    assert not long


def test_most_functions_are_under_ten_lines():
    lengths = [_length(function) for module in modules() for function in module.functions()]

    assert median(lengths) < USUAL_FUNCTION


def test_every_module_says_in_its_first_line_what_it_is_for():
    silent = {
        shown(module.path)
        for module in modules()
        if module.tree.body and not (isinstance(text := _first_text(module), str) and text.strip())
    }

    assert not silent


def _first_text(module):
    first = module.tree.body[0]
    return getattr(getattr(first, "value", None), "value", None)
