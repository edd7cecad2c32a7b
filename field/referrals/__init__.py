"""Hazards that departments have: their inbox, the district's routing table, pressing for what is late."""
