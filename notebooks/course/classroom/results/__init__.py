"""What a class has done: its files read, each with care, and what they say about people, questions and beliefs."""
