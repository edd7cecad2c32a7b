"""Checklists of safety items, versioned, and the code lists and notices that phones carry."""
