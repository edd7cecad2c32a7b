"""No fact of the register without a purpose and a basis: tables, the phone's schema and the notice agree."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from field.core.db import Base
from field.people.purposes import SAID, USES, Basis, Purpose, Use
from field.reviews import gaps
from field.visits.schemas import DwellingChanges, OccupantChange, VisitBody

# What the program needs to keep rows apart and in order; it says nothing about a home or a person.
BOOKKEEPING = {
    *(
        "id",
        "district",
        "grid_code",
        "change_no",
        "revision",
        "acceptances",
        "marks",
        "merged_into",
        "position",
        "created_at",
    ),
    *("building_id", "dwelling_id", "person_id"),
    # Which visit told of it, and what became of that.
    *("visit_id", "visit_outcome", "visit_at", "visit_by", "opened_at", "settled_as", "settled_at"),
    *("ended", "withdrawn"),
    *("proposal", "proposed_by", "proposed_at", "proposal_decided_at"),
    *("status", "settled", "found_at", "found_by"),
    # Where a hazard stands in its life, and which of the staff acts on it.
    *("version", "assignee_id", "fixed_by", "fixed_at", "escalated_at", "voided_at", "waits_from"),
}
# Tables that tell of homes and people, and so need a purpose for every column that is not bookkeeping.
REGISTER = {
    *("buildings", "dwellings", "workplaces", "persons", "occupancies"),
    *("findings", "service_requests"),
}
# Every other table, with what it is for. A new table must be put here or into REGISTER.
OTHER = {
    "areas": "names of places",
    "audit_entries": "who did what; no personal data in details",
    "calendar_days": "holidays of a district",
    "campaigns": "plan",
    "checklist_items": "reference",
    "checklists": "reference",
    "code_entries": "reference",
    "device_users": "accounts",
    "devices": "accounts",
    "district_heads": "counters",
    "deliveries": "messages and how they went; numbers, codes and links only",
    "finding_steps": "the life of a hazard",
    "hazard_notices": "numbers and codes of papers left at doors",
    "hazard_rules": "what a district set for items of its checklists",
    "inbox_conflicts": "sealed bodies as sent",
    "inbox_events": "sealed bodies as sent",
    "inbox_numbers": "counters of phones, without what they sent",
    "installation": "one row",
    "merge_decisions": "which entries are one, by id",
    "notice_contacts": "offices that households may call",
    "notice_counters": "counters",
    "notice_findings": "which hazards a notice names",
    "mail_digests": "where staff who asked for it get a daily mail",
    "phases": "plan",
    "photos": "files of findings and visits",
    "privacy_notices": "reference",
    "recheck_terms": "how long a district lets a recheck wait for its photo",
    "register_choices": "sealed answers that people chose between",
    "register_clashes": "sealed answers of two visits",
    "return_reasons": "ready-made words of the district",
    "referral_routes": "which department gets what",
    "referral_terms": "how long each department has",
    "register_rules": "when the register of a district follows a visit",
    "reversed_returns": "decisions on visits that were taken back",
    "reviews": "decisions on visits",
    "rounds": "plan",
    "service_guides": "reference",
    "sign_ins": "accounts",
    "visit_intervals": "how often a district visits let dwellings",
    "tallies": "counters by grid",
    "throttles": "failed sign-ins",
    "tombstones": "ids to forget",
    "user_areas": "accounts",
    "users": "accounts",
    "visit_revisions": "sealed bodies as sent",
    "visits": "facts of the call for lists",
    "webhooks": "programs that a district tells",
}


def plain(columns: Iterable[str]) -> set[str]:
    """Names of facts: the three columns of a sealed value are one."""
    return {re.sub(r"_(?:sealed|index|masked)$", "", name) for name in columns}


def test_every_table_is_either_of_the_register_or_explained():
    assert set(Base.metadata.tables) == REGISTER | set(OTHER)


@pytest.mark.parametrize("table", sorted(REGISTER))
def test_every_fact_of_the_register_has_a_purpose_and_a_basis(table):
    facts = plain(Base.metadata.tables[table].columns.keys()) - BOOKKEEPING

    assert facts == set(USES[table])


def test_purposes_are_given_for_the_register_only():
    assert set(USES) == REGISTER
    assert all(
        isinstance(use.purpose, Purpose) and isinstance(use.basis, Basis)
        for uses in USES.values()
        for use in uses.values()
    )


def test_what_a_visit_keeps_by_itself_has_a_purpose_too():
    texts = {name for name in VisitBody().fields if name == "note"}

    assert set(SAID) == {"visits"}
    assert set(SAID["visits"]) == texts


def test_the_phone_asks_only_for_facts_with_a_purpose():
    about_homes = set(DwellingChanges().fields)
    about_people = set(OccupantChange().fields) - {"action", "occupancy", "person"}

    assert about_homes <= set(USES["dwellings"])
    assert about_people <= set(USES["persons"]) | set(USES["occupancies"])


def test_what_the_notice_calls_optional_rests_on_consent():
    optional = [
        USES["occupancies"]["reason"],
        USES["occupancies"]["intended_stay"],
        USES["service_requests"]["kind"],
    ]

    assert {use.basis for use in optional} == {Basis.CONSENT}
    assert USES["persons"]["document_number"] == Use(Purpose.REGISTRATION, Basis.STATUTORY)


def test_the_phone_asks_about_what_the_desk_calls_not_given():
    source = (Path(__file__).parents[2] / "static/js/phone/visit_checks.js").read_text("utf-8")
    names = re.search(r"const STATUTORY = \[(.*?)\];", source)

    assert names
    assert {name.strip(' "') for name in names[1].split(",")} == set(gaps.ASKED)
