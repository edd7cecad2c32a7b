"""The mark of a route that needs nobody; every other permission is declared in accounts."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

PUBLIC = "public"


def permit_public(view: Callable[P, R]) -> Callable[P, R]:
    """Declare a route open to everybody."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view
