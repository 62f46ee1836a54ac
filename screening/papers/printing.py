"""From data to a tagged PDF (PDF/UA-1), in memory: nothing of it is ever written to a disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any, Final

import typst

_FOLDER: Final = files("screening") / "papers"


def print_pdf(template: str, pages: Sequence[Mapping[str, Any]]) -> bytes:
    """Return the PDF of a template, once for each of these data; `lang` in each is its language.

    Only the shipped fonts are used, so it looks the same everywhere. What the data holds stays text: a `#` or
    a `*` in a name is printed as it is.
    """
    with as_file(_FOLDER / "fonts") as fonts:
        compiler = typst.Compiler(
            input=_template(template),
            root=str(fonts),
            # Its types take folders and the input for one kind of thing; fonts are read once as their own.
            font_paths=typst.Fonts(include_system_fonts=False, font_paths=[str(fonts)]),
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps(pages, ensure_ascii=False)},
        )
        made = compiler.compile(format="pdf", pdf_standards=["ua-1"])
    if not isinstance(made, bytes):
        raise TypeError("one document was expected")
    return made


@cache
def _template(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
