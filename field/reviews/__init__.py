"""The team lead's review: what waits, what was decided, and why."""
