"""Brings the catalogues of `locale/` up to what the templates say: `make messages`.

A folder of templates has its own catalogue (`desk/interviews/` → `interviews.po`), so
that people who write different pages do not meet in one file; what stands outside a folder, and what several
folders say, is in `common.po`.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from babel.messages.extract import extract_from_file
from babel.messages.pofile import write_po

from api.pages.catalogues import PLURALS, messages_of, new_catalogue, read_catalogues
from screening.phrases import Language

HOUSE: Final = Path(__file__).resolve().parents[1]
COMMON: Final = "common"
# Folders that every page draws on.
_SHARED: Final = frozenset({"macros"})
_OPTIONS: Final = {"trimmed": "true", "newstyle_gettext": "true", "extensions": "jinja2.ext.do"}
TRANSLATED: Final[Language] = "ar"

# (context, singular, plural): what makes two messages one.
Key = tuple[str | None, str, str | None]


def find_messages(templates: Path = HOUSE / "templates") -> dict[str, list[Key]]:
    """What the templates say, by the area whose catalogue it belongs to, in the order of the templates."""
    found: dict[Key, list[str]] = {}
    for path in sorted(templates.rglob("*.html")):
        parts = path.relative_to(templates).parts
        area = COMMON if len(parts) == 1 or parts[0] in _SHARED else parts[-2]
        for key in _extract(path):
            found.setdefault(key, []).append(area)
    areas: dict[str, list[Key]] = {}
    for key, said_in in found.items():
        owner = said_in[0] if len(set(said_in)) == 1 else COMMON
        areas.setdefault(owner, []).append(key)
    return areas


def update_catalogues(language: Language = TRANSLATED) -> dict[str, str]:
    """The text of every catalogue by area as it should be: new messages empty, old ones gone."""
    known: dict[Key, object] = {}
    for _, catalogue in read_catalogues(language):
        for message in messages_of(catalogue):
            if message.string:
                known[key_of(message.context, message.id)] = message.string
    return {area: _write(area, keys, known, language) for area, keys in sorted(find_messages().items())}


def key_of(context: str | None, message: str | Iterable[str]) -> Key:
    """What identifies a message."""
    if isinstance(message, str):
        return (context, message, None)
    singular, plural = message
    return (context, singular, plural)


def _extract(path: Path) -> Iterator[Key]:
    messages = extract_from_file(
        "jinja2.ext:babel_extract",
        path,
        keywords={
            "gettext": None,
            "ngettext": (1, 2),
            "pgettext": ((1, "c"), 2),
            "npgettext": ((1, "c"), 2, 3),
            "_": None,
        },
        options=_OPTIONS,
    )
    for _, message, _, context in messages:
        yield key_of(context, message)


def _write(area: str, keys: list[Key], known: dict[Key, object], language: Language) -> str:
    catalogue = new_catalogue(language)
    for key in keys:
        context, singular, plural = key
        identity = singular if plural is None else (singular, plural)
        catalogue.add(identity, known.get(key, ""), context=context)  # type: ignore[arg-type]
    text = io.BytesIO()
    write_po(text, catalogue, omit_header=True, width=0, no_location=True, sort_output=False)
    heading = (
        f"# {area}: what the templates say, in Arabic. English is what the templates say.\n"
        'msgid ""\nmsgstr ""\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n'
        f'"Language: {language}\\n"\n'
        f'"Plural-Forms: {PLURALS[language]}\\n"\n\n'
    )
    return heading + text.getvalue().decode("utf-8").strip() + "\n"


def main() -> int:
    """Write the catalogues; say what still waits for a translator."""
    folder = HOUSE / "locale" / TRANSLATED
    wanted = update_catalogues()
    for area, text in wanted.items():
        (folder / f"{area}.po").write_text(text, encoding="utf-8")
    for path in folder.glob("*.po"):
        if path.stem not in wanted:
            path.unlink()
    waiting = [
        f"{area}: {message.id}"
        for area, catalogue in read_catalogues(TRANSLATED)
        for message in messages_of(catalogue)
        if not (all(message.string) if isinstance(message.string, tuple) else message.string)
    ]
    sys.stdout.writelines(f"to translate: {line}\n" for line in waiting)
    return 1 if waiting else 0


if __name__ == "__main__":
    raise SystemExit(main())
