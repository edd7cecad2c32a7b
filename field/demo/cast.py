"""The demo accounts, one for each role, and the rounds of its workers."""

from dataclasses import dataclass
from datetime import timedelta

from field.accounts import service as accounts
from field.accounts.models import Role, User
from field.campaigns import service as campaigns
from field.campaigns.models import Phase
from field.places.models import Area

DISTRICT = 620402
COMMUNITY = "620402001005"
PASSWORD = "doorstep-demo"  # noqa: S105 printed at every start; the demo never runs in production
HERE_FOR = timedelta(days=365)


@dataclass(frozen=True)
class Member:
    """Somebody in the demo; `areas` are area codes, `what` says in both languages what to try as them."""

    username: str
    name: str
    role: Role
    areas: tuple[str, ...]
    what_zh: str
    what_en: str
    department: str | None = None


_EVERYWHERE = (f"{DISTRICT}000000",)
CAST = (
    Member(
        "worker",
        "演示·网格员一",
        Role.WORKER,
        (f"{COMMUNITY}-01", f"{COMMUNITY}-02"),
        "网格员，手机端",
        "grid worker, on the phone",
    ),
    Member(
        "worker2",
        "演示·网格员二",
        Role.WORKER,
        (f"{COMMUNITY}-01",),
        "另一名网格员",
        "a second grid worker",
    ),
    Member("lead", "演示·网格长", Role.LEAD, (COMMUNITY,), "网格长，审核", "team lead, reviews"),
    Member(
        "handler",
        "演示·消防经办人",
        Role.HANDLER,
        _EVERYWHERE,
        "消防经办人",
        "handler at fire and rescue",
        department="fire_rescue",
    ),
    Member("office", "演示·区专班", Role.OFFICE, _EVERYWHERE, "区专班，统计", "district office, coverage"),
    Member(
        "officer", "演示·信息保护员", Role.OFFICER, _EVERYWHERE, "个人信息保护员", "data protection officer"
    ),
    Member("admin", "演示·管理员", Role.ADMIN, _EVERYWHERE, "账号管理员", "accounts"),
)


def make_accounts() -> dict[str, User]:
    """Make every account of the cast, older than the story that they tell; by user name."""
    users = {
        member.username: accounts.create_user(
            member.username,
            member.name,
            member.role,
            PASSWORD,
            DISTRICT,
            member.areas,
            department=member.department,
        )
        for member in CAST
    }
    for user in users.values():
        user.created_at -= HERE_FOR
    return users


def give_rounds(users: dict[str, User], grids: dict[str, Area], phase: Phase) -> None:
    """Let each worker walk the grids that they answer for."""
    for member in CAST:
        if member.role == Role.WORKER:
            for code in member.areas:
                campaigns.add_round(phase, grids[code], users[member.username])
