"""Counts that cannot point at a person: what is small is not shown, nor what would give it away."""
