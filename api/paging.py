"""Pages of long lists: `limit` and `cursor` in, `items` and `next_cursor` out.

    @router.get("/cases")
    def list_cases(pages: Pages, caller: Caller = requires("cases.read")) -> Page[CaseShown]:
        with caller.work() as work:
            found = take(work.session, select(Case).where(…), pages, [Case.created_at, Case.id])
            return page(found, show_case)

A cursor holds the keys of the last entry shown and nothing else. It is not signed: whatever it says, the
list is filtered by what the caller may see. Whoever changes it gets another place of his own list, or S230.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from api.problems import refuse
from screening.storage.slices import MOST, USUAL, Asked, Part, Slice

Item = TypeVar("Item")
Shown = TypeVar("Shown")

_LONGEST = 400


class Page(BaseModel, Generic[Shown]):
    """Some entries of a list; with `next_cursor` there are more."""

    items: list[Shown]
    next_cursor: str | None = Field(description="send it as `cursor` for the entries that follow")


def write_cursor(following: tuple[Part, ...] | None) -> str | None:
    """The text that stands for a place in a list."""
    if following is None:
        return None
    text = json.dumps(following, separators=(",", ":"), ensure_ascii=True)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str | None) -> tuple[Part, ...] | None:
    """The place in a list; raises `RequestRefused` with S230 for what no list ever gave out."""
    if cursor is None:
        return None
    try:
        if len(cursor) > _LONGEST or not cursor.isascii():
            raise ValueError("not a cursor")
        padded = cursor + "=" * (-len(cursor) % 4)
        found: Any = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(found, list) or not found:
            raise ValueError("not a cursor")
        if not all(isinstance(part, str | int) and not isinstance(part, bool) for part in found):
            raise ValueError("not a cursor")
    except (ValueError, binascii.Error, RecursionError) as error:
        raise refuse("S230", field="cursor") from error
    parts: list[Part] = found
    return tuple(parts)


def read_pages(
    limit: Annotated[
        int,
        Query(description="how many entries at most", json_schema_extra={"minimum": 1, "maximum": MOST}),
    ] = USUAL,
    cursor: Annotated[str | None, Query(description="`next_cursor` of the page before")] = None,
) -> Asked:
    """What a request asks of a list."""
    if not 1 <= limit <= MOST:
        raise refuse("S243", field="limit", limit=MOST)
    return Asked(limit, read_cursor(cursor))


Pages = Annotated[Asked, Depends(read_pages)]


def page(found: Slice[Item], show: Callable[[Item], Shown]) -> Page[Shown]:
    """The page of a slice, each entry as `show` gives it."""
    return Page(items=[show(item) for item in found.items], next_cursor=write_cursor(found.following))
