"""How grave a hazard is shows in every list before it is read: an edge, and a badge for what must not be used."""

import re
from uuid import UUID

import pytest

from field.core.db import db, transaction
from field.hazards.models import Finding
from tests import factories


@pytest.fixture
def grave(worker):
    """Hazards that are all referred, by how grave they are."""
    found = {name: factories.a_hazard(worker, "H03", "refer") for name in ("general", "major", "stopped")}
    with transaction():
        for name, hazard in found.items():
            row = db.session.get_one(Finding, hazard.id)
            row.severity = "suspected_major" if name == "major" else "general"
            row.stop_use = name == "stopped"
    return {name: str(hazard.id) for name, hazard in found.items()}


@pytest.mark.parametrize(
    ("who", "path", "part"),
    [
        ("lead", "/hazards", r"<tr data-row.*?</tr>"),
        ("lead", "/hazards/board", r'<li class="board-card.*?</li>'),
        ("lead", "/referrals", r"<tr data-row.*?</tr>"),
    ],
)
def test_what_is_grave_looks_different_in_every_list(client_of, grave, request, who, path, part):
    page = client_of(request.getfixturevalue(who)).get(f"{path}?lang=en").get_data(as_text=True)

    shown = {
        name: next(one for one in re.findall(part, page, re.S) if hazard in one)
        for name, hazard in grave.items()
    }
    assert {name: "is-grave" in one for name, one in shown.items()} == {
        "general": False,
        "major": True,
        "stopped": True,
    }
    assert [name for name, one in shown.items() if "suspected major" in one] == ["major"]
    assert [name for name, one in shown.items() if "not to be used" in one] == ["stopped"]


def test_what_was_put_right_frightens_nobody(client_of, lead, grave):
    with transaction():
        row = db.session.get_one(Finding, UUID(grave["stopped"]))
        row.status, row.settled = "closed", True

    page = client_of(lead).get("/hazards?state=settled&lang=en").get_data(as_text=True)

    assert grave["stopped"] in page
    assert "is-grave" not in page
    assert "not to be used" not in page
