"""What happens at the receptor, step by step."""
