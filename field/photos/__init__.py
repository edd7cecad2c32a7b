"""Photos of hazards: proved whole before they are acknowledged, freed of metadata, shown only as copies."""
