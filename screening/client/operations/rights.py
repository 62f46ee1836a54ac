"""Operations: rights. Written by `python -m api.client_writing`."""

from __future__ import annotations

from typing import Literal

from screening.client.connections import Connection
from screening.client.models.rights import RightsShown


class RightsOperations(Connection):
    """The operations on rights."""

    def show_rights_card(self) -> RightsShown:
        """What a person may know and keep."""
        answered: RightsShown = self.call("GET", "/api/v1/rights-card", RightsShown)
        return answered

    def print_rights_card(self, *, lang: Literal["en", "ar", "both"] | None = None) -> str:
        """The rights card on paper."""
        answered: str = self.call("GET", "/api/v1/rights-card/print", str, query={"lang": lang})
        return answered
