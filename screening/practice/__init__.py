"""Practice for those who learn to interview: invented people answer, and nothing is stored."""
