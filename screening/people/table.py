"""`python -m screening.people.table`: writes `docs/access.md`, who may do what, for people to read.

With `--check` nothing is written, and the status is 1 if the page is not what the table says.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from screening.people.access import Permissions, load_permissions
from screening.phrases import Language, say

PAGE: Final = Path("docs/access.md")
_LANGUAGES: Final[tuple[Language, Language]] = ("en", "ar")


def write_page(permissions: Permissions) -> str:
    """Return the page: in both languages, every permission a line, every role a column."""
    lines = [f"# {say('people.table.title', 'en')}", "", f"<!-- {say('people.table.made', 'en')} -->"]
    for lang in _LANGUAGES:
        lines += ["", *_write(permissions, lang)]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or compare it; 1 if it is another one."""
    parser = argparse.ArgumentParser(prog="python -m screening.people.table")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("page", nargs="?", type=Path, default=PAGE)
    given = parser.parse_args(arguments)
    page = write_page(load_permissions())
    if given.check:
        return int(not given.page.exists() or given.page.read_text("utf-8") != page)
    given.page.write_text(page, "utf-8")
    return 0


def _write(permissions: Permissions, lang: Language) -> list[str]:
    direction = "rtl" if lang == "ar" else "ltr"
    reaches = {reach: say(f"people.table.{reach}", lang) for reach in ("own", "site", "all", "none")}
    heading = ["", say("people.table.permission", lang)]
    heading += [role.label.say(lang) for role in permissions.roles.values()]
    lines = [f'<div dir="{direction}" lang="{lang}">', "", say("people.table.intro", lang), ""]
    lines += [_row(heading), _row(["---"] * len(heading))]
    for permission in permissions.permissions.values():
        cells = [f"`{permission.id}`", permission.label.say(lang)]
        cells += [reaches[permission.reach.get(role, "none")] for role in permissions.roles]
        lines.append(_row(cells))
    return [*lines, "", "</div>"]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    sys.exit(main())
