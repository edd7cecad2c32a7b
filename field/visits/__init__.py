"""Visits: what was said and seen at a door, never changed after acceptance, only followed by revisions."""
