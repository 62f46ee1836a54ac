"""Operations: signing in. Written by `python -m api.client_writing`."""

from __future__ import annotations

from screening.client.connections import Connection
from screening.client.models.shared import SignedInShown
from screening.client.models.signing_in import (
    CodeGiven,
    FirstStepShown,
    LinkAccepted,
    NameAndPassword,
    SessionShown,
)


class SigningInOperations(Connection):
    """The operations on signing in."""

    def sign_in(self, body: NameAndPassword) -> FirstStepShown:
        """Sign in: name and password."""
        answered: FirstStepShown = self.call("POST", "/api/v1/sign-in", FirstStepShown, body=body)
        return answered

    def sign_out(self) -> None:
        """Sign out."""
        self.call("DELETE", "/api/v1/sign-in", None)

    def give_second_factor(self, body: CodeGiven) -> SignedInShown:
        """Sign in: the code of the authenticator app."""
        answered: SignedInShown = self.call("POST", "/api/v1/sign-in/second-factor", SignedInShown, body=body)
        return answered

    def give_recovery_code(self, body: CodeGiven) -> SignedInShown:
        """Sign in: a recovery code."""
        answered: SignedInShown = self.call("POST", "/api/v1/sign-in/recovery", SignedInShown, body=body)
        return answered

    def show_session(self) -> SessionShown:
        """The state of this browser's session."""
        answered: SessionShown = self.call("GET", "/api/v1/session", SessionShown)
        return answered

    def accept_invitation(self, body: LinkAccepted) -> FirstStepShown:
        """Accept a link: set a password."""
        answered: FirstStepShown = self.call("POST", "/api/v1/invitations/accept", FirstStepShown, body=body)
        return answered
