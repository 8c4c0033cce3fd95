"""Levels in blood over time, by route."""
