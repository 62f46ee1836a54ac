"""The field form: an installable page for inspectors that works without a network."""
