"""Forms as a browser without scripts sees them: read from a page, filled in, sent with what they hold and no more."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

Facts = dict[str, str | None]


@dataclass
class PlainForm:
    """A form of a page: where it goes, what its fields hold; `open` when nothing folds it away."""

    facts: Facts
    fields: dict[str, list[str]] = field(default_factory=dict)
    offered: dict[str, set[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    buttons: list[Facts] = field(default_factory=list)
    open: bool = True

    @property
    def action(self) -> str:
        """Its address."""
        return self.facts.get("action") or ""

    def filled(self, **typed: Any) -> dict[str, Any]:
        """What is sent once somebody has typed this; nothing can be typed that the form does not ask for."""
        sent: dict[str, Any] = {name: list(held) for name, held in self.fields.items()}
        for name, said in typed.items():
            if name in self.files:
                assert self.facts.get("enctype") == "multipart/form-data", self.action
                sent[name] = said
                continue
            assert name in self.fields, (self.action, name)
            choices = self.offered.get(name)
            assert choices is None or said in choices, (self.action, name, said, choices)
            sent[name] = [said]
        return sent

    def send(self, browser: Any, to: str | None = None, **typed: Any) -> Any:
        """The answer to the form, followed where it leads; its token is its own, and it can be sent by a button."""
        assert self.buttons, self.action
        addresses = {button.get("formaction") or self.action for button in self.buttons}
        address = to or self.action
        assert address in addresses, (address, addresses)
        assert (self.facts.get("method") or "get").lower() == "post"
        browser.carries_token = False
        headers = {"Sec-Fetch-Site": "same-origin"}
        content = self.facts.get("enctype") or "application/x-www-form-urlencoded"
        data = self.filled(**typed)
        return browser.post(address, data=data, headers=headers, content_type=content, follow_redirects=True)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[PlainForm] = []
        self._here: PlainForm | None = None
        self._select: tuple[PlainForm, str] | None = None
        self._text: tuple[PlainForm, str] | None = None
        self._folds: list[bool] = []
        self._apart: list[tuple[str, str, Facts]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "details":
            self._folds.append("open" in facts)
        elif tag == "form":
            self._here = PlainForm(facts, open=all(self._folds))
            self.forms.append(self._here)
        elif tag in {"input", "textarea", "select", "button"}:
            if "form" in facts:
                self._apart.append((tag, str(facts["form"]), facts))
            elif self._here is not None:
                self._take(self._here, tag, facts)
        elif tag == "option" and self._select:
            form, name = self._select
            value = facts.get("value") or ""
            form.offered.setdefault(name, set()).add(value)
            if "selected" in facts or not form.fields[name]:
                form.fields[name] = [value]

    def _take(self, form: PlainForm, tag: str, facts: Facts) -> None:
        name, kind, value = facts.get("name"), facts.get("type", "text"), facts.get("value")
        if "disabled" in facts:
            return
        if tag == "button":
            form.buttons += [facts] if facts.get("type", "submit") == "submit" else []
        elif not name:
            return
        elif tag == "select":
            form.fields.setdefault(name, [])
            self._select = form, name
        elif tag == "textarea":
            form.fields[name] = [""]
            self._text = form, name
        elif kind == "file":
            form.files.add(name)
        elif kind in {"radio", "checkbox"}:
            form.offered.setdefault(name, set()).add(value or "on")
            form.fields.setdefault(name, []).extend([value or "on"] if "checked" in facts else [])
        else:
            form.fields[name] = [value or ""]

    def handle_data(self, data: str) -> None:
        if self._text:
            form, name = self._text
            form.fields[name][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._here = None
        elif tag == "details":
            self._folds.pop()
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._text = None

    def close(self) -> None:
        """Give fields that stand elsewhere in the page to the form that they name."""
        super().close()
        by_id = {form.facts.get("id"): form for form in self.forms}
        for tag, name, facts in self._apart:
            self._take(by_id[name], tag, facts)


def forms_of(answer: Any) -> dict[str, PlainForm]:
    """The forms of a whole page by their address, or by their id where each button has one of its own."""
    page = answer.get_data(as_text=True)
    assert "<html" in page
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return {form.action or str(form.facts.get("id")): form for form in reader.forms}
