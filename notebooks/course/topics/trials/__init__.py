"""Trials: effects, their uncertainty, how fast and how long."""
