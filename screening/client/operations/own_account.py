"""Operations: own account. Written by `python -m api.client_writing`."""

from __future__ import annotations

from screening.client.connections import Connection
from screening.client.models.own_account import (
    Confirmation,
    MeChange,
    MeShown,
    OwnSessions,
    PasswordChange,
    PendingFinished,
    PendingShown,
    RecoveryCodesShown,
    SessionsEnded,
)
from screening.client.models.shared import SignedInShown


class OwnAccountOperations(Connection):
    """The operations on own account."""

    def show_me(self) -> MeShown:
        """The own account."""
        answered: MeShown = self.call("GET", "/api/v1/me", MeShown)
        return answered

    def change_me(self, body: MeChange, *, seen: int | None = None) -> MeShown:
        """Change the own name or language."""
        answered: MeShown = self.call("PATCH", "/api/v1/me", MeShown, body=body, seen=seen, changes=True)
        return answered

    def change_password(self, body: PasswordChange) -> SignedInShown:
        """Change the password."""
        answered: SignedInShown = self.call("POST", "/api/v1/me/password", SignedInShown, body=body)
        return answered

    def finish_second_factor(self, body: PendingFinished) -> SignedInShown:
        """Finish changing the second factor."""
        answered: SignedInShown = self.call("PUT", "/api/v1/me/second-factor", SignedInShown, body=body)
        return answered

    def begin_second_factor(self, body: Confirmation) -> PendingShown:
        """Begin to change the second factor."""
        answered: PendingShown = self.call("POST", "/api/v1/me/second-factor", PendingShown, body=body)
        return answered

    def renew_recovery_codes(self, body: Confirmation) -> RecoveryCodesShown:
        """New recovery codes."""
        answered: RecoveryCodesShown = self.call(
            "POST", "/api/v1/me/recovery-codes", RecoveryCodesShown, body=body
        )
        return answered

    def list_own_sessions(self) -> OwnSessions:
        """Where one is signed in."""
        answered: OwnSessions = self.call("GET", "/api/v1/me/sessions", OwnSessions)
        return answered

    def end_other_sessions(self) -> SessionsEnded:
        """Sign out everywhere else."""
        answered: SessionsEnded = self.call("DELETE", "/api/v1/me/sessions", SessionsEnded)
        return answered

    def end_own_session(self, id: str) -> None:
        """Sign out one browser."""
        self.call("DELETE", "/api/v1/me/sessions/{id}", None, path={"id": id})
