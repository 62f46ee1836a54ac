"""The addresses of the field form: its shell for everybody, bundle and records for inspectors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse, Response

from api.access import Caller, public, requires
from api.bodies.reading import reads
from api.field.bodies import RecordRefused, RecordsAnswered, RecordTaken, SealedBody, SealedRecords
from api.field.bundles import make_bundle
from api.field.shells import FILES, HEADERS, MANIFEST, PAGE, WORKER, Shell, ShellFile
from api.pages.assets import accepts_gzip
from api.problems import refuse, write_problem
from api.routes.shared import ReaderLanguage
from indicators.errors import AnswersError
from screening.field_records.receiving import receive_record
from screening.phrases import Language
from screening.sittings.programs import load_program
from screening.storage.tables.interviews import StoredProgram

_FOR_EVER = "public, max-age=31536000, immutable"


def field_routes(app: FastAPI) -> APIRouter:
    """The routes of the field form, with its shell read once."""
    shell = Shell(app.state.pages.settings.leave_address)
    router = APIRouter(include_in_schema=False)

    @router.get(PAGE, dependencies=[public(counted=False)])
    async def show_field_form(request: Request) -> Response:
        """The page; the same for everybody, with nothing in it."""
        return _send(request, shell.page, {"Cache-Control": "no-cache"})

    @router.get(WORKER, dependencies=[public(counted=False)])
    async def send_field_worker(request: Request) -> Response:
        """The service worker; it may stand in for the page above its own folder, and for nothing else."""
        return _send(request, shell.worker, {"Cache-Control": "no-cache", "Service-Worker-Allowed": PAGE})

    @router.get(MANIFEST, dependencies=[public(counted=False)])
    async def send_field_manifest(request: Request) -> Response:
        """What installing needs to know."""
        return _send(request, shell.manifest, {"Cache-Control": "no-cache"})

    @router.get(FILES + "/{digest}/{name}", dependencies=[public(counted=False)])
    async def send_field_file(request: Request, digest: str, name: str) -> Response:
        """A file of the shell. A page from before an update asks under an old digest and keeps nothing."""
        found = shell.files.get(name)
        if found is None:
            raise refuse("S022")
        return _send(request, found, {"Cache-Control": _FOR_EVER if digest == shell.digest else "no-store"})

    router.add_api_route("/field/bundle", read_field_bundle, methods=["GET"])
    router.add_api_route("/field/programs/{digest}", read_field_program, methods=["GET"])
    router.add_api_route("/field/records", send_field_records, methods=["POST"])
    return router


def read_field_bundle(request: Request, caller: Caller = requires("visits.write")) -> Response:
    """What a device takes along."""
    text = json.dumps(make_bundle(caller), ensure_ascii=False).encode()
    return _send(request, ShellFile.of("bundle.json", text), {"Cache-Control": "no-store"})


def read_field_program(request: Request, digest: str, caller: Caller = requires("visits.write")) -> Response:
    """The canonical text of a program that a bundle named, byte for byte."""
    with caller.service.database.reading() as session:
        if session.get(StoredProgram, digest) is None:
            raise refuse("S022")
        text = load_program(session, digest, None).to_json().encode()
    return _send(request, ShellFile.of("program.json", text), {"Cache-Control": "no-store"})


def send_field_records(
    lang: ReaderLanguage,
    caller: Caller = requires("visits.write"),
    body: SealedRecords = reads(SealedRecords),
) -> JSONResponse:
    """Take sealed records, each with an answer of its own: one that is wrong keeps no other back."""
    answered = RecordsAnswered(records=[_take(caller, one, lang) for one in body.records])
    return JSONResponse(answered.model_dump(mode="json"))


def _take(caller: Caller, sealed: SealedBody, lang: Language) -> RecordTaken | RecordRefused:
    try:
        receipt = receive_record(caller.service, caller.actor, sealed.opened(), request_id=caller.request_id)
    except AnswersError as error:
        with caller.work() as work:
            work.record("field_record.refuse", "field_record", sealed.id, code=error.faults[0].code)
        return RecordRefused(id=sealed.id, problem=write_problem(error.faults, lang))
    return RecordTaken(
        id=receipt.id,
        status="repeated" if receipt.repeated else "saved",
        case_number=receipt.case_number,
        differs=receipt.differs,
        waits=receipt.waits,
    )


def _send(request: Request, file: ShellFile, more: Mapping[str, str]) -> Response:
    headers: dict[str, Any] = {**HEADERS, **more, "Vary": "Accept-Encoding"}
    body = file.body
    if file.compressed is not None and accepts_gzip(request):
        body = file.compressed
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, media_type=file.media_type)
