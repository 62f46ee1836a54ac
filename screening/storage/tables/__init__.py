"""Every table, one file a subject; importing this package makes all of them known to `Base.metadata`."""

from typing import Final

from screening.storage.tables import (
    assessments,
    audit,
    base,
    cases,
    drafts,
    field,
    interviews,
    keys,
    operations,
    people,
    referrals,
    sites,
)
from screening.storage.tables.base import Base

# What is only ever added to: triggers of the database refuse to change or to delete it.
APPEND_ONLY: Final = (
    "answers",
    "assessments",
    "decisions",
    "consents",
    "case_events",
    "referral_events",
    "hand_overs",
    "audit_entries",
)

__all__ = [
    "APPEND_ONLY",
    "Base",
    "assessments",
    "audit",
    "base",
    "cases",
    "drafts",
    "field",
    "interviews",
    "keys",
    "operations",
    "people",
    "referrals",
    "sites",
]
