"""The pages for those who are signed in: what each role works with, one file of routes an area."""
