"""Readings of the naltrexone trials."""
