"""What words mean: questions, answers, tests, indicators and their sources."""
