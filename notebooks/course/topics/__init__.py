"""One folder for each topic: its rows, charts, explorers, and what its models reproduce."""
