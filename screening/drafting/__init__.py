"""Drafts of the rules: files of the content, changed by reviewers and judged at once."""
