"""Areas to choose from and their names."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from field.accounts.scope import Scope
from field.core.db import db
from field.places.models import Area


def area_choices(scope: Scope) -> Sequence[Area]:
    """Every area within the scope, parents before their parts."""
    statement = select(Area).where(Area.district == scope.district, scope.within(Area.code))
    # 620402001000 holds 620402001005, which holds 620402001005-01: the code is the order.
    return db.session.scalars(statement.order_by(Area.code)).all()


def area_names(codes: Iterable[str]) -> list[str]:
    """The names of some areas, in the order of their codes."""
    rows = db.session.scalars(select(Area).where(Area.code.in_(set(codes))).order_by(Area.code))
    return [row.name for row in rows]
