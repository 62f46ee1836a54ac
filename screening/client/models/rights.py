"""Models: rights. Written by `python -m api.client_writing`."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from screening.papers.rights_cards import Number, RightsCard


class RightsShown(BaseModel):
    """The card, with whom to call and how old the knowledge of each number is."""

    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)

    card: RightsCard
    numbers: list[Number]
