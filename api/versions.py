"""Versions of records over HTTP: the `ETag` of what was read comes back as `If-Match` of what changes it.

@router.patch("/cases/{id}")
def change_case(id: str, seen: SeenVersion, …) -> JSONResponse:
    with caller.work() as work:
        case = work.require_case(id, "cases.update")   # in PostgreSQL: with_for_update()
        require_seen(case, seen)                        # S232, 412
        …
        return answer(show_case(case), version=case.version)
"""

from __future__ import annotations

import re
from typing import Annotated, Final

from fastapi import Depends, Header
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from api.problems import refuse

_ONE: Final = re.compile(r'\s*(?:W/)?"([0-9]{1,15})"\s*\Z')


def etag(version: int) -> str:
    """The `ETag` of a version: `"3"`."""
    return f'"{version}"'


def read_seen_version(
    if_match: Annotated[
        str | None, Header(alias="If-Match", description='the `ETag` that was read, such as `"3"`')
    ] = None,
) -> int:
    """The version that the caller saw; S231 (428) unless the request names exactly one.

    `*` is refused as well: it would overwrite what nobody looked at.
    """
    found = _ONE.match(if_match or "")
    if found is None:
        raise refuse("S231", field="If-Match")
    return int(found[1])


SeenVersion = Annotated[int, Depends(read_seen_version)]


def answer(
    shown: BaseModel, *, status: int = 200, version: int | None = None, location: str | None = None
) -> JSONResponse:
    """The response that shows a record, with its version as `ETag` and, if it is new, where it is."""
    headers = {} if version is None else {"ETag": etag(version)}
    if location is not None:
        headers["Location"] = location
    return JSONResponse(shown.model_dump(mode="json"), status_code=status, headers=headers)
