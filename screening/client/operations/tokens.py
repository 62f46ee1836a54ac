"""Operations: tokens. Written by `python -m api.client_writing`."""

from __future__ import annotations

from screening.client.connections import Connection
from screening.client.models.tokens import NewToken, PageTokenShown, TokenIssued


class TokensOperations(Connection):
    """The operations on tokens."""

    def list_tokens(
        self, *, account: str | None = None, limit: int | None = None, cursor: str | None = None
    ) -> PageTokenShown:
        """Tokens, newest first."""
        answered: PageTokenShown = self.call(
            "GET",
            "/api/v1/tokens",
            PageTokenShown,
            query={"account": account, "limit": limit, "cursor": cursor},
        )
        return answered

    def issue_token(self, body: NewToken, *, key: str | None = None) -> TokenIssued:
        """Issue a token."""
        answered: TokenIssued = self.call(
            "POST", "/api/v1/tokens", TokenIssued, body=body, key=key, creates=True
        )
        return answered

    def revoke_token(self, id: str) -> None:
        """Revoke a token."""
        self.call("DELETE", "/api/v1/tokens/{id}", None, path={"id": id})
