"""The small cast of accounts, named by role."""

from datetime import timedelta
from typing import Any

from field.accounts import queries, service
from field.accounts.models import Role, User
from field.core.db import transaction
from tests.factories.places import COMMUNITY, DISTRICT, GRID, SECOND_GRID

PASSWORD = "a password for tests"
# Their accounts are older than any visit that tests record.
HERE_FOR = timedelta(days=300)
_EVERYWHERE = (f"{DISTRICT}000000",)
CAST: dict[str, dict[str, Any]] = {
    "worker": {"role": Role.WORKER, "areas": (GRID, SECOND_GRID)},
    "second_worker": {"role": Role.WORKER, "areas": (GRID,)},
    "lead": {"role": Role.LEAD, "areas": (COMMUNITY,)},
    "handler": {"role": Role.HANDLER, "areas": _EVERYWHERE, "department": "fire_rescue"},
    "office": {"role": Role.OFFICE, "areas": _EVERYWHERE},
    "officer": {"role": Role.OFFICER, "areas": _EVERYWHERE},
    "admin": {"role": Role.ADMIN, "areas": _EVERYWHERE},
}


def a_user(username: str = "worker", **facts: Any) -> User:
    """One of the cast, or somebody with other facts: a_user("stranger", role=Role.LEAD, areas=(…))."""
    known = queries.user_by_name(username)
    if known is not None:
        return known
    usual: dict[str, Any] = {"name": f"测试·{username}", "password": PASSWORD, "district": DISTRICT}
    given = usual | CAST.get(username, {}) | facts
    role = Role(given.pop("role"))
    with transaction():
        user = service.create_user(username, role=role, **given)
        user.created_at -= HERE_FOR
        return user
