"""Backups while the program runs, each verified before phones are told of it; and restoring one under a new epoch."""
