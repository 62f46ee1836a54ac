"""Operations: accounts. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Literal

from screening.client.connections import Connection
from screening.client.models.accounts import (
    AccountChange,
    AccountMade,
    AccountShown,
    LinkShown,
    NewAccount,
    PageAccountShown,
    PageColleagueShown,
    ResetAsked,
    SubjectGiven,
)


class AccountsOperations(Connection):
    """The operations on accounts."""

    def list_accounts(
        self,
        *,
        status: Literal["invited", "active", "locked", "closed"] | None = None,
        kind: Literal["person", "service"] | None = None,
        role: str | None = None,
        site: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageAccountShown:
        """Accounts, newest first."""
        answered: PageAccountShown = self.call(
            "GET",
            "/api/v1/accounts",
            PageAccountShown,
            query={
                "status": status,
                "kind": kind,
                "role": role,
                "site": site,
                "limit": limit,
                "cursor": cursor,
            },
        )
        return answered

    def create_account(self, body: NewAccount, *, key: str | None = None) -> AccountMade:
        """Make an account, or invite a person."""
        answered: AccountMade = self.call(
            "POST", "/api/v1/accounts", AccountMade, body=body, key=key, creates=True
        )
        return answered

    def show_account(self, id: str) -> AccountShown:
        """One account."""
        answered: AccountShown = self.call("GET", "/api/v1/accounts/{id}", AccountShown, path={"id": id})
        return answered

    def change_account(self, id: str, body: AccountChange, *, seen: int | None = None) -> AccountShown:
        """Rename, lock, unlock or close an account."""
        answered: AccountShown = self.call(
            "PATCH",
            "/api/v1/accounts/{id}",
            AccountShown,
            path={"id": id},
            body=body,
            seen=seen,
            changes=True,
        )
        return answered

    def grant_everywhere(self, id: str, role: str) -> AccountShown:
        """Give a role at every site."""
        answered: AccountShown = self.call(
            "PUT", "/api/v1/accounts/{id}/memberships/{role}", AccountShown, path={"id": id, "role": role}
        )
        return answered

    def withdraw_everywhere(self, id: str, role: str) -> AccountShown:
        """Take a role at every site away."""
        answered: AccountShown = self.call(
            "DELETE", "/api/v1/accounts/{id}/memberships/{role}", AccountShown, path={"id": id, "role": role}
        )
        return answered

    def grant_at_site(self, id: str, role: str, site: str) -> AccountShown:
        """Give a role at a site."""
        answered: AccountShown = self.call(
            "PUT",
            "/api/v1/accounts/{id}/memberships/{role}/{site}",
            AccountShown,
            path={"id": id, "role": role, "site": site},
        )
        return answered

    def withdraw_at_site(self, id: str, role: str, site: str) -> AccountShown:
        """Take a role at a site away."""
        answered: AccountShown = self.call(
            "DELETE",
            "/api/v1/accounts/{id}/memberships/{role}/{site}",
            AccountShown,
            path={"id": id, "role": role, "site": site},
        )
        return answered

    def reset_account(self, id: str, body: ResetAsked) -> LinkShown:
        """Make a link for a new password."""
        answered: LinkShown = self.call(
            "POST", "/api/v1/accounts/{id}/reset", LinkShown, path={"id": id}, body=body
        )
        return answered

    def connect_account(self, id: str, body: SubjectGiven) -> AccountShown:
        """Connect an account with an organisation."""
        answered: AccountShown = self.call(
            "PUT", "/api/v1/accounts/{id}/connection", AccountShown, path={"id": id}, body=body
        )
        return answered

    def disconnect_account(self, id: str) -> AccountShown:
        """Disconnect an account from its organisation."""
        answered: AccountShown = self.call(
            "DELETE", "/api/v1/accounts/{id}/connection", AccountShown, path={"id": id}
        )
        return answered

    def list_colleagues(
        self,
        *,
        role: str | None = None,
        site: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> PageColleagueShown:
        """Whom one can hand over to."""
        answered: PageColleagueShown = self.call(
            "GET",
            "/api/v1/colleagues",
            PageColleagueShown,
            query={"role": role, "site": site, "limit": limit, "cursor": cursor},
        )
        return answered
