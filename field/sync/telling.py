"""For how long, and of how much, a phone is told what became of things."""

from datetime import timedelta

TOLD_FOR = timedelta(days=30)
MOST = 30
