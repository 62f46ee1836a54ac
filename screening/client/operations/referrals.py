"""Operations: referrals. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Literal

from screening.client.connections import Connection
from screening.client.models.referrals import (
    NewReferralBody,
    PageReferralRow,
    ProposalsShown,
    ReferralAnswered,
    ReferralEventBody,
    ReferralShown,
    StageBody,
    StagesShown,
)


class ReferralsOperations(Connection):
    """The operations on referrals."""

    def list_proposals(self, id: str) -> ProposalsShown:
        """What the final assessments of a case recommend."""
        answered: ProposalsShown = self.call(
            "GET", "/api/v1/cases/{id}/proposals", ProposalsShown, path={"id": id}
        )
        return answered

    def list_written_referrals(
        self,
        *,
        case: str | None = None,
        site: str | None = None,
        status: str | None = None,
        service: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageReferralRow:
        """Referrals within reach, newest first."""
        answered: PageReferralRow = self.call(
            "GET",
            "/api/v1/referrals",
            PageReferralRow,
            query={
                "case": case,
                "site": site,
                "status": status,
                "service": service,
                "limit": limit,
                "cursor": cursor,
            },
        )
        return answered

    def write_new_referral(self, body: NewReferralBody, *, key: str | None = None) -> ReferralShown:
        """Write a referral."""
        answered: ReferralShown = self.call(
            "POST", "/api/v1/referrals", ReferralShown, body=body, key=key, creates=True
        )
        return answered

    def show_referral(self, id: str) -> ReferralShown:
        """One referral."""
        answered: ReferralShown = self.call("GET", "/api/v1/referrals/{id}", ReferralShown, path={"id": id})
        return answered

    def record_referral_event(
        self, id: str, body: ReferralEventBody, *, seen: int | None = None
    ) -> ReferralShown | ReferralAnswered:
        """Record what happened to a referral."""
        answered: ReferralShown | ReferralAnswered = self.call(
            "POST",
            "/api/v1/referrals/{id}/events",
            ReferralShown | ReferralAnswered,
            path={"id": id},
            body=body,
            seen=seen,
            changes=True,
        )
        return answered

    def print_referral_form(self, id: str, *, lang: Literal["en", "ar", "both"] | None = None) -> str:
        """The form to print and sign."""
        answered: str = self.call(
            "GET", "/api/v1/referrals/{id}/form", str, path={"id": id}, query={"lang": lang}
        )
        return answered

    def list_stages(self, id: str) -> StagesShown:
        """The stages a case was in."""
        answered: StagesShown = self.call("GET", "/api/v1/cases/{id}/stages", StagesShown, path={"id": id})
        return answered

    def enter_case_stage(self, id: str, body: StageBody) -> StagesShown:
        """Move a case to a stage."""
        answered: StagesShown = self.call(
            "POST", "/api/v1/cases/{id}/stages", StagesShown, path={"id": id}, body=body
        )
        return answered
