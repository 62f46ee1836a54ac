"""The pages: templates, languages, static files, and what every page shares (docs/developers/pages.md)."""
