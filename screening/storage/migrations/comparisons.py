"""How tables are compared with the database, and how a difference is written down as a migration."""

from __future__ import annotations

from typing import Any, Final, Literal

from alembic.autogenerate.api import AutogenContext

from screening.storage.types import UtcTime


def _write_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    # A migration stands on its own: it says what the column was then, whatever the class becomes.
    return "UTC_TIME" if kind == "type" and isinstance(item, UtcTime) else False


OPTIONS: Final[dict[str, Any]] = {
    "render_item": _write_type,
    "compare_type": True,
    # SQLite changes a column only by making the table anew.
    "render_as_batch": True,
    "transactional_ddl": True,
    "transaction_per_migration": False,
}
