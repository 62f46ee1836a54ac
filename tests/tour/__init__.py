"""The tour: pictures of every page in both languages, taken of an invented site, and a walk through them."""
