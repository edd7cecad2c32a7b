"""Journeys through the whole program: a real server, a real browser, and what goes wrong between them."""
