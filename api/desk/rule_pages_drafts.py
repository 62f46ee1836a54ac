"""Drafts of the rules: begun, changed file by file as text, judged at once, compared with before."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Final, cast

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.access import Caller
from api.bodies.reading import RecordId
from api.desk.filling import looking, require_filled, status_of
from api.desk.forms import LONGEST_LINE, read_version, require_short, written
from api.desk.people import names_of
from api.desk.viewing import Posted, first, opens
from api.pages.fields import FieldFault, Fields
from api.pages.rendering import page
from api.routes.shared import engines_of, settings_of
from rules.program import Program
from screening.clock import day_in_kuwait
from screening.drafting import drafts
from screening.drafting.drafts import Draft
from screening.drafting.judgements import Judgement, SaidFault
from screening.drafting.overlays import content_paths, read_content
from screening.drafting.workshops import Workshop
from screening.refusals import Refused, refused

router = APIRouter(include_in_schema=False)

ContentPath = Annotated[str, Query(max_length=200)]
# What is said beside the file instead of on a page of its own: what was written is still there.
_BESIDE: Final = frozenset({"S222", "S223"})
_AROUND: Final = 2


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring lines of a file: kept, gone or new."""

    kind: str
    lines: tuple[str, ...]


def workshop_of(request: Request) -> Workshop:
    """Where drafts are judged; one for the whole application."""
    return cast(Workshop, request.app.state.workshop)


def program_in_force(request: Request, caller: Caller, draft: Draft) -> Program:
    """What interviews are read by today; a draft is compared with it."""
    today = day_in_kuwait(caller.service.clock())
    return engines_of(request).program_for(draft.rule_set, None, today)


def judgement_of(
    request: Request, caller: Caller, draft: Draft
) -> tuple[Judgement | None, FieldFault | None]:
    """What is said of a draft as it stands; worked out and kept if that was not done yet.

    Without an answer it says why: what takes too long must not keep anybody from the text.
    """
    before = program_in_force(request, caller, draft)
    if draft.judged is not None:
        known = Judgement.model_validate_json(draft.judged)
        # Where something was published meanwhile, what differs is told anew.
        if known.against == before.digest:
            return known, None
    if not draft.files and before.revision is None:
        # It is what came with the system, word for word.
        return Judgement(digest=before.digest, against=before.digest, faults=(), differences=()), None
    try:
        found = workshop_of(request).judge(draft.texts, draft.rule_set, before)
    except Refused as error:
        return None, FieldFault("judgement", "judgement", error.faults[0])
    with caller.work() as work:
        drafts.keep_judgement(work, draft.id, draft.version, found.model_dump_json())
    return found, None


def show_draft_page(
    request: Request, caller: Caller, id: str, fields: Fields, faults: tuple[FieldFault, ...] = ()
) -> Response:
    """The page of a draft; with faults where a step of it could not be taken."""
    draft, names = _read(caller, id)
    found, failed = judgement_of(request, caller, draft)
    permissions = caller.service.permissions
    return page(
        request,
        "desk/rules/draft.html",
        status_code=status_of(faults),
        draft=draft,
        names=names,
        found=found,
        faults=faults if failed is None else (*faults, failed),
        fields=fields,
        paths=_grouped(content_paths()),
        may_draft=may_draft(caller),
        may_approve=permissions.allowed(caller.actor, "rules.approve").anywhere,
        can_publish_here=settings_of(request).revisions_folder is not None,
    )


def may_draft(caller: Caller) -> bool:
    """Whether who looks may change drafts."""
    return caller.service.permissions.allowed(caller.actor, "rules.draft").anywhere


@router.get("/rules/drafts")
def show_drafts(request: Request, caller: Caller = opens("rules.read")) -> Response:
    """Every draft that was not put aside."""
    return _show_list(request, caller, {})


@router.post("/rules/drafts")
def begin_draft(request: Request, fields: Posted, caller: Caller = opens("rules.draft")) -> Response:
    """Begin a draft; its name says what it is for."""
    faults = (*require_filled(fields, "name"), *require_short(fields, name=LONGEST_LINE))
    if faults:
        return _show_list(request, caller, fields, faults)
    with caller.work() as work:
        made = drafts.make_draft(work, written(fields, "name") or "")
    return RedirectResponse(f"/rules/drafts/{made}", 303)


@router.get("/rules/drafts/{id}")
def show_draft(request: Request, id: RecordId, caller: Caller = opens("rules.read")) -> Response:
    """One draft: what is wrong with it, what it changes, and every file that can be changed."""
    return show_draft_page(request, caller, id, {})


@router.get("/rules/drafts/{id}/differences")
def show_draft_differences(request: Request, id: RecordId, caller: Caller = opens("rules.read")) -> Response:
    """What a draft changes, as sentences before and after, and the changed lines of its files."""
    draft, _ = _read(caller, id)
    found, failed = judgement_of(request, caller, draft)
    shipped = set(content_paths())
    return page(
        request,
        "desk/rules/differences.html",
        draft=draft,
        found=found,
        faults=() if failed is None else (failed,),
        files=[
            (path, compare_texts(read_content(path) if path in shipped else "", one.text))
            for path, one in draft.files.items()
        ],
    )


@router.get("/rules/drafts/{id}/file")
def show_draft_file(
    request: Request, id: RecordId, path: ContentPath, caller: Caller = opens("rules.read")
) -> Response:
    """One file of a draft as text, with what is wrong with it."""
    draft, _ = _read(caller, id)
    text, version = _text_of(draft, path)
    return _show_file(request, caller, draft, path, text, version)


@router.post("/rules/drafts/{id}/file")
def save_draft_file(
    request: Request,
    id: RecordId,
    path: ContentPath,
    fields: Posted,
    caller: Caller = opens("rules.draft"),
) -> Response:
    """Save a file as it was written, right or wrong, and say at once what is wrong with it."""
    text = first(fields, "text").replace("\r\n", "\n").replace("\r", "\n")
    try:
        with caller.work() as work:
            drafts.save_file(work, id, path, text, read_version(fields))
    except Refused as error:
        if error.faults[0].code not in _BESIDE:
            raise
        draft, _ = _read(caller, id)
        saved, version = _text_of(draft, path)
        return _show_file(
            request,
            caller,
            draft,
            path,
            text,
            version,
            faults=tuple(FieldFault("text", "text", one) for one in error.faults),
            saved=saved,
        )
    return RedirectResponse(f"/rules/drafts/{id}/file?path={path}&saved=yes", 303)


@router.post("/rules/drafts/{id}/take-back")
def take_back_file(
    request: Request, id: RecordId, fields: Posted, caller: Caller = opens("rules.draft")
) -> Response:
    """Give a file of a draft back its text from the system."""
    with caller.work() as work:
        drafts.take_back(work, id, first(fields, "path"), read_version(fields))
    return RedirectResponse(f"/rules/drafts/{id}", 303)


@router.post("/rules/drafts/{id}/drop")
def drop_one_draft(request: Request, id: RecordId, caller: Caller = opens("rules.draft")) -> Response:
    """Put a draft aside."""
    with caller.work() as work:
        drafts.drop_draft(work, id)
    return RedirectResponse("/rules/drafts", 303)


def compare_texts(before: str, after: str) -> list[Piece]:
    """The changed lines of a text, each with a few of those around it."""
    kinds = {" ": "kept", "-": "gone", "+": "new"}
    found: list[tuple[str, str]] = []
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), n=_AROUND, lineterm=""):
        if line.startswith(("---", "+++")):
            continue
        found.append(("place", line) if line.startswith("@@") else (kinds[line[0]], line[1:]))
    pieces: list[Piece] = []
    for kind, line in found:
        if pieces and pieces[-1].kind == kind:
            pieces[-1] = Piece(kind, (*pieces[-1].lines, line))
        else:
            pieces.append(Piece(kind, (line,)))
    return pieces


def _show_list(
    request: Request, caller: Caller, fields: Fields, faults: tuple[FieldFault, ...] = ()
) -> Response:
    with looking(caller) as work:
        found = drafts.list_drafts(work)
        names = names_of(work, [one.changed_by for one in found])
    return page(
        request,
        "desk/rules/drafts.html",
        status_code=status_of(faults),
        drafts=found,
        names=names,
        may_draft=may_draft(caller),
        fields=fields,
        faults=faults,
    )


def _show_file(
    request: Request,
    caller: Caller,
    draft: Draft,
    path: str,
    text: str,
    version: int,
    *,
    faults: tuple[FieldFault, ...] = (),
    saved: str | None = None,
) -> Response:
    """The page of a file; `saved` is what is stored where that is not what stands in the box."""
    found, failed = (None, None) if faults else judgement_of(request, caller, draft)
    here: Sequence[SaidFault] = () if found is None else [one for one in found.faults if one.file == path]
    elsewhere = 0 if found is None else len(found.faults) - len(here)
    return page(
        request,
        "desk/rules/file.html",
        status_code=409 if faults else 200,
        draft=draft,
        path=path,
        text=text,
        version=version,
        faults=faults if failed is None else (failed,),
        found=found,
        here=here,
        elsewhere=elsewhere,
        wrong={one.line for one in here},
        lines=text.split("\n"),
        saved="saved" in request.query_params,
        differs=None if saved is None else compare_texts(saved, text),
        may_draft=may_draft(caller) and draft.is_open,
    )


def _read(caller: Caller, id: str) -> tuple[Draft, dict[str, str]]:
    with looking(caller) as work:
        draft = drafts.read_draft(work, id)
        people = [draft.created_by, draft.changed_by, draft.asked_by, draft.decided_by]
        people += [one.changed_by for one in draft.files.values()]
        return draft, dict(names_of(work, people))


def _text_of(draft: Draft, path: str) -> tuple[str, int]:
    known = draft.files.get(path)
    if known is not None:
        return known.text, known.version
    try:
        return read_content(path), 0
    except KeyError:
        raise refused("S221", field="path", path=path) from None


def _grouped(paths: Sequence[str]) -> list[tuple[str, list[str]]]:
    groups: dict[str, list[str]] = {}
    for path in paths:
        groups.setdefault(path.rpartition("/")[0], []).append(path)
    return list(groups.items())
