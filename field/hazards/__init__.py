"""Hazards: each belongs to a dwelling and has a life of its own until it is gone."""
