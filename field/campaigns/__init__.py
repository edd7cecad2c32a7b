"""Campaigns, their phases, and the rounds that workers walk."""
