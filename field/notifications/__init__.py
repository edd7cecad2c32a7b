"""Telling people and other programs: a daily mail of numbers and links, signed webhooks; both off until set up."""
