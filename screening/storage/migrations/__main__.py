"""Writes the next revision from the difference between the tables and the newest revision.

    python -m screening.storage.migrations "what changed"    the next one
    python -m screening.storage.migrations --again           the newest one anew, as long as nobody has it

Read it before it is committed: moved data is for people, and so are the triggers of a table made anew.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config

from screening.storage import schemas
from screening.storage.databases import Database
from screening.storage.tables import APPEND_ONLY

_VERSIONS = Path(__file__).parent / "versions"


def main() -> int:
    """Write the revision; 2 if nobody said what changed."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)  # noqa: T201
        return 2
    message = sys.argv[1]
    if message == "--again":
        newest = sorted(_VERSIONS.glob("v*.py"))[-1]
        message = newest.stem.partition("_")[2].replace("_", " ")
        newest.unlink()
    number = f"{len(schemas.known()) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'compared.sqlite3'}")
        if schemas.known():
            schemas.upgrade(database)
        with database.engine.connect() as connection:
            config = Config(attributes={"connection": connection})
            config.set_main_option("script_location", str(_VERSIONS.parent))
            config.set_main_option("path_separator", "os")
            config.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
            command.revision(config, message=message, autogenerate=True, rev_id=number)
        database.close()
    (written,) = _VERSIONS.glob(f"v{number}_*.py")
    text = written.read_text("utf-8")
    if number == "0001":
        text = _protect(text)
    written.write_text(text, "utf-8")
    for arguments in (["format", "--quiet"], ["check", "--fix", "--quiet"]):
        subprocess.run([sys.executable, "-m", "ruff", *arguments, str(written)], check=True)
    return 0


def _protect(text: str) -> str:
    tables = ", ".join(f'"{name}"' for name in APPEND_ONLY)
    return (
        text.replace(
            "\n\nrevision =",
            "\n\nfrom screening.storage.migrations.protection import forget_function, protect, unprotect"
            "\n\nrevision =",
            1,
        )
        .replace("\n\n\ndef upgrade", f"\n\nPROTECTED = ({tables})\n\n\ndef upgrade", 1)
        .replace("\n\n\ndef downgrade", "\n    protect(PROTECTED)\n\n\ndef downgrade", 1)
        .replace('before."""\n', 'before."""\n    unprotect(PROTECTED)\n    forget_function()\n', 1)
    )


if __name__ == "__main__":
    sys.exit(main())
