"""Operations: cases. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Literal

from screening.client.connections import Connection
from screening.client.models.cases import (
    AccessShown,
    CaseChange,
    CaseRead,
    ConsentShown,
    ConsentsShown,
    ConsentWordsShown,
    EmergencyReason,
    IdentityChange,
    IdentityShown,
    MatchesShown,
    NewCase,
    NewCaseWorkplace,
    NewConsent,
    NewLink,
    PageAccessShown,
    PageCaseShown,
    WordShown,
)
from screening.client.models.shared import CaseShown, EmergencyShown, PageWorkplaceShown, WorkplaceShown


class CasesOperations(Connection):
    """The operations on cases."""

    def list_cases(
        self,
        *,
        status: Literal["open", "closed", "erased"] | None = None,
        site: str | None = None,
        mine: bool | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageCaseShown:
        """Cases within reach."""
        answered: PageCaseShown = self.call(
            "GET",
            "/api/v1/cases",
            PageCaseShown,
            query={"status": status, "site": site, "mine": mine, "limit": limit, "cursor": cursor},
        )
        return answered

    def create_case(self, body: NewCase, *, key: str | None = None) -> CaseShown:
        """Open a case."""
        answered: CaseShown = self.call("POST", "/api/v1/cases", CaseShown, body=body, key=key, creates=True)
        return answered

    def list_case_words(self) -> dict[str, list[WordShown]]:
        """The reasons to choose from."""
        answered: dict[str, list[WordShown]] = self.call(
            "GET", "/api/v1/case-words", dict[str, list[WordShown]]
        )
        return answered

    def read_case(self, id: str) -> CaseRead:
        """One case."""
        answered: CaseRead = self.call("GET", "/api/v1/cases/{id}", CaseRead, path={"id": id})
        return answered

    def change_case(self, id: str, body: CaseChange, *, seen: int | None = None) -> CaseRead:
        """Close or reopen a case."""
        answered: CaseRead = self.call(
            "PATCH", "/api/v1/cases/{id}", CaseRead, path={"id": id}, body=body, seen=seen, changes=True
        )
        return answered

    def read_identity(self, id: str) -> IdentityShown:
        """Who the person is."""
        answered: IdentityShown = self.call(
            "GET", "/api/v1/cases/{id}/identity", IdentityShown, path={"id": id}
        )
        return answered

    def change_identity(self, id: str, body: IdentityChange, *, seen: int | None = None) -> IdentityShown:
        """Record who the person is."""
        answered: IdentityShown = self.call(
            "PATCH",
            "/api/v1/cases/{id}/identity",
            IdentityShown,
            path={"id": id},
            body=body,
            seen=seen,
            changes=True,
        )
        return answered

    def read_matches(self, id: str) -> MatchesShown:
        """Other cases with the same document."""
        answered: MatchesShown = self.call("GET", "/api/v1/cases/{id}/matches", MatchesShown, path={"id": id})
        return answered

    def link_case(self, id: str, body: NewLink, *, key: str | None = None) -> CaseRead:
        """Link two cases of one person."""
        answered: CaseRead = self.call(
            "POST", "/api/v1/cases/{id}/links", CaseRead, path={"id": id}, body=body, key=key, creates=True
        )
        return answered

    def list_case_access(self, id: str) -> PageAccessShown:
        """Who may open a case."""
        answered: PageAccessShown = self.call(
            "GET", "/api/v1/cases/{id}/access", PageAccessShown, path={"id": id}
        )
        return answered

    def give_case_access(self, id: str, account: str) -> AccessShown:
        """Give a case to a colleague."""
        answered: AccessShown = self.call(
            "PUT", "/api/v1/cases/{id}/access/{account}", AccessShown, path={"id": id, "account": account}
        )
        return answered

    def end_case_access(self, id: str, account: str) -> None:
        """End a colleague's access."""
        self.call("DELETE", "/api/v1/cases/{id}/access/{account}", None, path={"id": id, "account": account})

    def list_case_workplaces(self, id: str) -> PageWorkplaceShown:
        """The workplaces of a case."""
        answered: PageWorkplaceShown = self.call(
            "GET", "/api/v1/cases/{id}/workplaces", PageWorkplaceShown, path={"id": id}
        )
        return answered

    def link_case_workplace(
        self, id: str, body: NewCaseWorkplace, *, key: str | None = None
    ) -> WorkplaceShown:
        """Link a case with a workplace."""
        answered: WorkplaceShown = self.call(
            "POST",
            "/api/v1/cases/{id}/workplaces",
            WorkplaceShown,
            path={"id": id},
            body=body,
            key=key,
            creates=True,
        )
        return answered

    def unlink_case_workplace(self, id: str, workplace: str) -> None:
        """End the link with a workplace."""
        self.call(
            "DELETE",
            "/api/v1/cases/{id}/workplaces/{workplace}",
            None,
            path={"id": id, "workplace": workplace},
        )

    def list_consent_words(self) -> ConsentWordsShown:
        """What to choose from for consent."""
        answered: ConsentWordsShown = self.call("GET", "/api/v1/consent-words", ConsentWordsShown)
        return answered

    def list_consents(self, id: str) -> ConsentsShown:
        """What the person agreed to."""
        answered: ConsentsShown = self.call(
            "GET", "/api/v1/cases/{id}/consents", ConsentsShown, path={"id": id}
        )
        return answered

    def record_consent(self, id: str, body: NewConsent, *, key: str | None = None) -> ConsentShown:
        """Record a yes, a no or a taking back."""
        answered: ConsentShown = self.call(
            "POST",
            "/api/v1/cases/{id}/consents",
            ConsentShown,
            path={"id": id},
            body=body,
            key=key,
            creates=True,
        )
        return answered

    def open_in_emergency(self, id: str, body: EmergencyReason, *, key: str | None = None) -> EmergencyShown:
        """Open a case in an emergency."""
        answered: EmergencyShown = self.call(
            "POST",
            "/api/v1/cases/{id}/break-glass",
            EmergencyShown,
            path={"id": id},
            body=body,
            key=key,
            creates=True,
        )
        return answered
