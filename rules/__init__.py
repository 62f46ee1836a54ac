"""What follows from what: rule sets, the canonical program, its executors and their results."""
