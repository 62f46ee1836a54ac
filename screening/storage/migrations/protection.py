"""The triggers that refuse to change or delete what is only ever added to."""

from __future__ import annotations

from collections.abc import Iterable

from alembic import op

_FUNCTION = """
CREATE OR REPLACE FUNCTION screening_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is only added to', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""


def protect(tables: Iterable[str]) -> None:
    """Let the database refuse every UPDATE and DELETE of these tables, and TRUNCATE where there is one."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    if is_postgres:
        op.execute(_FUNCTION)
    for table in tables:
        if is_postgres:
            for name, when in _TRIGGERS.items():
                op.execute(
                    f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} "
                    f"FOR EACH {'STATEMENT' if when == 'TRUNCATE' else 'ROW'} "
                    "EXECUTE FUNCTION screening_refuse_change()"
                )
        else:
            for word in ("UPDATE", "DELETE"):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{word.lower()} BEFORE {word} ON {table} "
                    f"BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
                )


def unprotect(tables: Iterable[str]) -> None:
    """Take the triggers away: before a table is made anew, and before it is dropped."""
    is_postgres = op.get_bind().dialect.name == "postgresql"
    for table in tables:
        for name, when in _TRIGGERS.items():
            if is_postgres:
                op.execute(f"DROP TRIGGER {table}_{name} ON {table}")
            elif when != "TRUNCATE":
                op.execute(f"DROP TRIGGER {table}_{name}")


def forget_function() -> None:
    """Take away the function that the triggers called; only once no trigger is left."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION screening_refuse_change()")


_TRIGGERS = {"no_update": "UPDATE", "no_delete": "DELETE", "no_truncate": "TRUNCATE"}
