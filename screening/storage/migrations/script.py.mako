"""${message.capitalize()}."""

# ruff: noqa: E501 - written by a program

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}

UTC_TIME = sa.String(27).with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    """Make the next version."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Make the version before."""
    ${downgrades if downgrades else "pass"}
