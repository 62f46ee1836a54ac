"""What runs a canonical program: the reference evaluator, and durable_rules in worker processes."""
