"""What drugs do to breathing, alone and together."""
