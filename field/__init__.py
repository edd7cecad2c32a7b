"""Doorstep's rooms, in rank order; a room imports only from rooms before it."""

RANKS = (
    "core",
    "audit",
    "accounts",
    "places",
    "people",
    "campaigns",
    "checklists",
    "visits",
    "photos",
    "hazards",
    "referrals",
    "reviews",
    "merges",
    "sync",
    "coverage",
    "ledgers",
    "notifications",
    "administration",
    "backups",
    "demo",
)
