"""What is wrong with a form, as one text for each field."""

from typing import Any

from marshmallow import ValidationError


def complaints_of(error: ValidationError) -> dict[str, str]:
    """The first complaint about each field; a translated message comes without a list around it."""
    assert isinstance(error.messages, dict)
    return {name: _first(texts) for name, texts in error.messages.items()}


def _first(texts: Any) -> str:
    return str(texts[0]) if isinstance(texts, list) else str(texts)
