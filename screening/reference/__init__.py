"""The reference: pages in Markdown, in both languages, made from the content and nothing else.

`python -m screening.reference` writes `docs/reference/`; with `--check` it only compares.
"""

from screening.reference.examples import Examples
from screening.reference.libraries import Library, open_library
from screening.reference.pages import generate

__all__ = ["Examples", "Library", "generate", "open_library"]
