"""Every text that people see is in the Chinese catalogue; whoever adds one sees here that it is still missing."""

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_from_file
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
KEYWORDS = DEFAULT_KEYWORDS | {"_l": None, "lazy_gettext": None}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
LETTER = re.compile(r"[A-Za-z]")


@cache
def _texts() -> frozenset:
    """Each msgid of code and templates as they are now; the singular and plural of a counted one as a pair."""
    with (ROOT / "field/core/babel.cfg").open() as rules:
        methods, options = parse_mapping_cfg(rules)
    found = {row[1] for row in extract_from_file("python", ROOT / "app.py", keywords=KEYWORDS)}
    for folder in ("field", "templates"):
        rows = extract_from_dir(ROOT / folder, methods, options, keywords=KEYWORDS)
        found |= {row[2] for row in rows}
    return frozenset(found)


@cache
def _catalogue(language: str) -> Catalog:
    with (ROOT / f"field/core/translations/{language}/LC_MESSAGES/messages.po").open("rb") as file:
        return read_po(file, locale=language)


def _translations(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def _msgid(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def test_texts_are_found_in_code_and_in_templates():
    assert "Please sign in." in _texts()
    assert "Saved on this phone" in _texts()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_text_is_in_the_catalogue(language):
    missing = [text for text in _texts() if _catalogue(language).get(text) is None]

    assert not missing, f"make messages, then translate: {sorted(map(str, missing))}"


def test_every_text_says_something_in_chinese():
    messages = [_catalogue("zh").get(text) for text in _texts()]
    silent = [
        message.id
        for message in messages
        if message
        and LETTER.search(PLACEHOLDER.sub("", _msgid(message)))
        and not all(CHINESE.search(words) for words in _translations(message))
    ]

    assert not silent


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_translation_is_a_guess_or_left_over(language):
    catalogue = _catalogue(language)

    assert not [message.id for message in catalogue if message.id and message.fuzzy]
    assert not catalogue.obsolete
    assert not [message.id for message in catalogue if message.id and message.id not in _texts()]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_translation_keeps_the_names_that_are_filled_in(language):
    changed = [
        message.id
        for message in _catalogue(language)
        for words in _translations(message)
        if message.id
        and words
        and set(PLACEHOLDER.findall(words)) != set(PLACEHOLDER.findall(_msgid(message)))
    ]

    assert not changed


def test_every_text_that_the_phones_code_asks_for_is_in_the_shell():
    parts = ("_texts.html", "_texts_became.html")
    shell = "".join((ROOT / "templates/phone" / part).read_text() for part in parts)
    given = set(re.findall(r'^\s*"(\w+)":', shell, re.MULTILINE))
    scripts = (ROOT / "static/js/phone").glob("*.js")
    asked = {key for script in scripts for key in re.findall(r'\bsay\(\s*"(\w+)"', script.read_text())}

    assert asked
    assert asked <= given


def test_chinese_texts_are_punctuated_as_chinese_is():
    half = re.compile(r"[\u4e00-\u9fff][,;:?!(]|[,;?!)][\u4e00-\u9fff]")
    texts = [words for message in _catalogue("zh") if message.id for words in _translations(message)]

    assert not [text for text in texts if half.search(text)]


# What is filled in as a word: people, places, days, moments. Everything else is a number or Latin letters.
WORDS = {
    *(
        "address",
        "answer",
        "birth",
        "day",
        "department",
        "hosts",
        "link",
        "name",
        "office",
        "outcome",
        "reason",
        "sex",
    ),
    *("source", "telephone", "time", "what", "when", "where", "who", "why", "languages", "earlier", "later"),
}
# A floor is called as an address calls it: 3层, 负1层.
FLOORS = {"负{n}", "{n}层"}


@pytest.mark.parametrize(
    "wrong",
    ["[\u4e00-\u9fff][0-9A-Za-z]|[0-9A-Za-z][\u4e00-\u9fff]", "[\u4e00-\u9fff] _|_ [\u4e00-\u9fff]"],
    ids=["a number that touches", "a space beside a word"],
)
def test_chinese_texts_keep_one_rule_for_spaces(wrong):
    """The rule stands in docs/developers/README.md, under Texts."""
    texts = {words for message in _catalogue("zh") if message.id for words in _translations(message)}

    def filled(text: str) -> str:
        return PLACEHOLDER.sub(lambda found: "_" if re.findall(r"\w+", found[0])[0] in WORDS else "0", text)

    assert not [text for text in texts - FLOORS if re.search(wrong, filled(text))]


def test_no_page_joins_words_with_the_punctuation_of_one_language():
    """`{{ _(": ") }}` and a text of both parts speak both; `}}: ` and `.join(", ")` speak English to everybody."""
    joins = re.compile(r"\}\}[:,;] |\.join\(['\"][,;:]")
    scripts = [path for room in ("phone", "desk") for path in (ROOT / "static/js" / room).rglob("*.js")]
    pages = [path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "docs"]

    found = [path.name for path in [*pages, *scripts] if joins.search(path.read_text(encoding="utf-8"))]

    assert not found
