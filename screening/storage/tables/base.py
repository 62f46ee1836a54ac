"""What all tables share: names of constraints, and the kinds of columns."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, ClassVar

from sqlalchemy import LargeBinary, MetaData, String
from sqlalchemy.orm import DeclarativeBase, mapped_column

from screening.storage.types import ID_LENGTH, UtcTime, new_id

# Constraints need names of their own, or a migration cannot find them again on another database.
_NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UtcTime}


# An opaque id that the table gives itself.
Key = Annotated[str, mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)]
# The id of a row of another table; the foreign key is given beside it.
Ref = Annotated[str, mapped_column(String(ID_LENGTH))]
# An id of the content (question, route, rule set) or a word of a closed list.
Word = Annotated[str, mapped_column(String(64))]
Digest = Annotated[str, mapped_column(String(80))]
# What only `screening.vault` can read: bound to its table, column and row.
Sealed = Annotated[bytes, mapped_column(LargeBinary)]
