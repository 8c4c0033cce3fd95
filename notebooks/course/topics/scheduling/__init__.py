"""Law: schedules, findings, jurisdictions."""
