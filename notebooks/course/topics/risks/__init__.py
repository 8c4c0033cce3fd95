"""Risks and side effects, compared fairly."""
