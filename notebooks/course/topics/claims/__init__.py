"""Claims of two clinic articles, their verdicts, and the learner's own."""
