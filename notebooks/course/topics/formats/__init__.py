"""Treatment formats: products, settings, days and weeks of care."""
