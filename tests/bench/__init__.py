"""Measures, each a ratio to a yardstick of the same run. Nothing here is a test that noise could fail."""
