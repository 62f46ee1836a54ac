"""What a form of a record page says when something is wrong with it."""

from __future__ import annotations

import unicodedata
from typing import Final

from api.pages.fields import FieldFault, Fields, control_id
from indicators.errors import fault
from screening.refusals import Refused

# As long as a note may be over HTTP.
LONGEST_NOTE: Final = 4000
LONGEST_LINE: Final = 200
# What ends the request instead of being shown beside a field: the page itself is no longer the right one.
_NOT_OF_A_FIELD: Final = frozenset(
    {"S101", "S103", "S107", "S108", "S120", "S121", "S122", "S126", "S127", "S150", "S154"}
)


def faults_of(error: Refused, *fields: str, **renamed: str) -> tuple[FieldFault, ...]:
    """The faults of a refusal beside the fields of a form; the first field takes what names none of them.

    `renamed` gives the field for a name of the interface. What a form cannot mend is raised again.
    """
    if error.faults[0].code in _NOT_OF_A_FIELD:
        raise error
    found = []
    for one in error.faults:
        name = renamed.get(one.field or "", one.field or "")
        field = name if name in fields else fields[0]
        found.append(FieldFault(field, control_id(field), one))
    return tuple(found)


def written(fields: Fields, name: str) -> str | None:
    """A text as it was typed, without its ends and without what no keyboard writes; None for nothing."""
    values = fields.get(name, ())
    text = values[0].replace("\r\n", "\n") if values else ""
    kept = "".join(one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs"))
    return kept.strip() or None


def read_version(fields: Fields) -> int:
    """The version that a form was shown with; 0 where the page had none, which no stored record has."""
    typed = (fields.get("version") or ("",))[0]
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 16 else 0


def require_chosen(fields: Fields, *names: str) -> tuple[FieldFault, ...]:
    """A fault for each of these choices that nobody made."""
    return tuple(
        FieldFault(name, control_id(name), fault("A080", field=name))
        for name in names
        if not any(fields.get(name, ()))
    )


def require_written(fields: Fields, *names: str) -> tuple[FieldFault, ...]:
    """A fault for each of these texts that is empty."""
    return tuple(
        FieldFault(name, control_id(name), fault("A081", field=name))
        for name in names
        if written(fields, name) is None
    )


def require_short(fields: Fields, **most: int) -> tuple[FieldFault, ...]:
    """A fault for each text that is longer than it may be."""
    return tuple(
        FieldFault(name, control_id(name), fault("A069", field=name, most=limit))
        for name, limit in most.items()
        if len(written(fields, name) or "") > limit
    )
