"""What keeps the course true and whole: refresh, staleness, glossary, short answers, data dictionary."""
