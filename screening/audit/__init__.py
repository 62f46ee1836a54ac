"""Who did what, in a chain in which nothing can be changed or taken out unnoticed."""
