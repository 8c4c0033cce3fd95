"""What *opioid* means: definitions, structures, the card sort, and two histories."""
