"""Every table, one file a subject; importing this package makes all of them known to `Base.metadata`."""

from screening.storage.tables import (
    assessments,
    audit,
    base,
    cases,
    interviews,
    keys,
    operations,
    people,
    referrals,
    sites,
)
from screening.storage.tables.base import Base

__all__ = [
    "Base",
    "assessments",
    "audit",
    "base",
    "cases",
    "interviews",
    "keys",
    "operations",
    "people",
    "referrals",
    "sites",
]
