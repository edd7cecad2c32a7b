"""The first rows of a list that is made of the lists of some grids, each read in its order and no further than shown.

Whoever has a few grids of a large district would otherwise have all of theirs sorted, for the sake of fifty.
"""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Select, select, union_all

# Of more grids than these, rows are soon met among everybody's.
FEW = 24


def first_of(
    head: Select[Any],
    model: Any,
    grids: Sequence[str],
    order: Callable[[Any], Sequence[Any]],
    limit: int,
) -> Select[Any]:
    """The ids of the first rows of some grids; `head`, which selects ids and what `order` needs, is the list of each
    once it is told which."""
    every = union_all(*(head.where(model.grid_code == grid).subquery().select() for grid in grids)).subquery()
    return select(every.c.id).order_by(*order(every.c)).limit(limit)
