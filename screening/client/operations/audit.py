"""Operations: audit. Written by `python -m api.client_writing`."""

from __future__ import annotations

from datetime import datetime

from screening.client.connections import Connection
from screening.client.models.audit import (
    AuditHeadShown,
    AuditVerificationAsked,
    AuditVerificationShown,
    PageAuditEntryShown,
)


class AuditOperations(Connection):
    """The operations on audit."""

    def list_audit_entries(
        self,
        *,
        actor: str | None = None,
        case: str | None = None,
        action: str | None = None,
        from_: datetime | None = None,
        to: datetime | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageAuditEntryShown:
        """Who did what, newest first."""
        answered: PageAuditEntryShown = self.call(
            "GET",
            "/api/v1/audit/entries",
            PageAuditEntryShown,
            query={
                "actor": actor,
                "case": case,
                "action": action,
                "from": from_,
                "to": to,
                "limit": limit,
                "cursor": cursor,
            },
        )
        return answered

    def show_audit_head(self) -> AuditHeadShown:
        """The last entry, to be kept elsewhere."""
        answered: AuditHeadShown = self.call("GET", "/api/v1/audit/head", AuditHeadShown)
        return answered

    def verify_audit_chain(self, body: AuditVerificationAsked) -> AuditVerificationShown:
        """Whether the chain is whole."""
        answered: AuditVerificationShown = self.call(
            "POST", "/api/v1/audit/verify", AuditVerificationShown, body=body
        )
        return answered
