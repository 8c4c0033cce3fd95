"""What a bound drug does: activation, reserve, and drugs that compete for one receptor."""
