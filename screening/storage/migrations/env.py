"""What Alembic runs around every migration: the connection is given, and so is its transaction."""

from __future__ import annotations

from alembic import context

from screening.storage.migrations.comparisons import OPTIONS
from screening.storage.tables import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, **OPTIONS
)
with context.begin_transaction():
    context.run_migrations()
