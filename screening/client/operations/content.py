"""Operations: content. Written by `python -m api.client_writing`."""

from __future__ import annotations

from indicators.models import Source
from screening.client.connections import Connection
from screening.client.models.content import (
    InstrumentList,
    InstrumentShown,
    ProblemShown,
    RuleSetList,
    RuleSetShown,
)
from screening.descriptions import Description


class ContentOperations(Connection):
    """The operations on content."""

    def list_instruments(self) -> InstrumentList:
        """Every instrument."""
        answered: InstrumentList = self.call("GET", "/api/v1/instruments", InstrumentList)
        return answered

    def show_instrument(self, id: str) -> InstrumentShown:
        """One instrument with its questions."""
        answered: InstrumentShown = self.call(
            "GET", "/api/v1/instruments/{id}", InstrumentShown, path={"id": id}
        )
        return answered

    def show_source(self, id: str) -> Source:
        """One source with its confidence."""
        answered: Source = self.call("GET", "/api/v1/sources/{id}", Source, path={"id": id})
        return answered

    def list_rule_sets(self) -> RuleSetList:
        """Every rule set."""
        answered: RuleSetList = self.call("GET", "/api/v1/rule-sets", RuleSetList)
        return answered

    def show_rule_set(self, id: str) -> RuleSetShown:
        """One rule set with its program."""
        answered: RuleSetShown = self.call("GET", "/api/v1/rule-sets/{id}", RuleSetShown, path={"id": id})
        return answered

    def show_rule(self, id: str) -> Description:
        """A rule as a sentence, with its sources."""
        answered: Description = self.call("GET", "/api/v1/rules/{id}", Description, path={"id": id})
        return answered

    def show_problem(self, code: str) -> ProblemShown:
        """What a problem code means."""
        answered: ProblemShown = self.call(
            "GET", "/api/v1/problems/{code}", ProblemShown, path={"code": code}
        )
        return answered
