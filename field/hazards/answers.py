"""How a hazard notice was answered at the door: signed with a finger, left, or declined; for pages and the printer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from field.core.db import db
from field.core.languages import in_words
from field.hazards.models import HazardNotice
from field.visits.models import Visit

RESPONSES: Mapping[str, Any] = {
    "signed": _l("Signed"),
    "left": _l("Notice left, not signed"),
    "declined": _l("Declined to sign"),
}
SIGNERS: Mapping[str, Any] = {
    "occupant": _l("Occupant"),
    "lessor": _l("Landlord"),
    "manager": _l("In charge of the place"),
}


@dataclass(frozen=True)
class PaperSaid:
    """The hazard notice at the door; `path` draws the signature within a box of `wide` × `high`.

    `language` is that in which it was answered, in words; `spoken` its code.
    """

    code: str
    response: Any
    signer: Any
    path: str
    wide: int
    high: int
    language: str = ""
    spoken: str = ""


def answer_to(notice: HazardNotice) -> PaperSaid | None:
    """What the visit that left a notice says of it in its newest version; None when it was issued without a visit."""
    for visit_id in dict.fromkeys(finding.visit_id for finding in notice.findings):
        newest = db.session.get_one(Visit, visit_id).revisions[-1]
        said = paper(newest.body)
        if said is not None and said.code == notice.code:
            return said
    return None


def paper(body: Mapping[str, Any]) -> PaperSaid | None:
    """The hazard notice that was shown or left."""
    said = body.get("hazard_notice")
    if said is None:
        return None
    drawn = said.get("signature") or {"wide": 1, "high": 1, "strokes": []}
    return PaperSaid(
        said["code"],
        RESPONSES[said["response"]],
        SIGNERS.get(said.get("signer", "")),
        " ".join(_stroke(stroke) for stroke in drawn["strokes"]),
        drawn["wide"],
        drawn["high"],
        in_words([said["language"]] if "language" in said else []),
        said.get("language", ""),
    )


def _stroke(points: Sequence[int]) -> str:
    pairs = [f"{x} {y}" for x, y in zip(points[::2], points[1::2], strict=False)]
    return f"M{pairs[0]}L{' '.join(pairs[1:] or pairs)}"
