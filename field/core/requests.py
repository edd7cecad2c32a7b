"""Requests as this program reads them."""

from typing import Any

from flask import Request
from werkzeug.datastructures import MultiDict
from werkzeug.formparser import FormDataParser


class _PlainForms(FormDataParser):
    """Browsers send each line break of a text as two signs, phones keep one: nobody has typed the other."""

    def parse(self, *facts: Any, **options: Any) -> Any:
        """The stream, the fields and the files."""
        stream, form, files = super().parse(*facts, **options)
        plain = ((name, text.replace("\r\n", "\n")) for name, text in form.items(multi=True))
        return stream, MultiDict(plain), files


class PlainRequest(Request):
    """A request whose texts say what was typed."""

    form_data_parser_class = _PlainForms
