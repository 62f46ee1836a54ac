"""Interviews: answers that are never overwritten, what they come to so far, and the result that stays."""
