"""What a record of the field form holds once it is opened; anything else is refused as a whole."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from indicators.json_reading import parse_json
from screening.phrases import Language
from screening.refusals import refused

# The instrument that inspectors use at a workplace.
INSTRUMENT: Final = "inspection"
# Years that a clock can show: those before and after are no days of the rules either.
_FIRST, _LAST = 2000, 2199

_Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
_Digest = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
# A code of ours or a number of a register; a name is neither asked for nor taken.
_Number = Annotated[str, StringConstraints(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class VisitTold(_Part):
    """The visit that a worker was met on; every record of a visit tells the same."""

    id: _Id
    site: _Id
    workplace_kind: Literal["company", "household", "other"]
    number_kind: Literal["code", "register"]
    number: _Number


class Told(_Part):
    """One screening as the device finished it."""

    form: Literal[1]
    id: _Id
    account: _Id
    visit: VisitTold
    position: Annotated[int, Field(ge=1, le=9999)]
    language: Language
    instrument: Literal["inspection"]
    rule_set: Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]{1,64}$")]
    program: _Digest
    revision: Annotated[int, Field(ge=1)] | None
    as_of: date
    finished_at: AwareDatetime
    answers: dict[str, Any]
    result_digest: _Digest


def read_told(text: bytes) -> Told:
    """The screening of an opened record; raises `Refused` with S292 for what is not understood."""
    node, faults = parse_json(text)
    if node is None or faults:
        raise refused("S292")
    try:
        told = Told.model_validate_json(text)
    except ValidationError as error:
        raise refused("S292") from error
    if not all(_FIRST <= one.year <= _LAST for one in (told.finished_at, told.as_of)):
        raise refused("S292")
    return told
