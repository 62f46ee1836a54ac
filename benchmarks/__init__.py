"""How fast the house is, beside named peers in the same run; `python -m benchmarks` writes the page."""
