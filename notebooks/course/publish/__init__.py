"""What leaves the notebooks: handouts, slides, prints."""
