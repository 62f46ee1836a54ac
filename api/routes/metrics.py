"""Counts for those who run the service."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access import Caller, requires
from api.metrics import MEDIA_TYPE, Metrics
from api.problems import problem_responses

router = APIRouter(tags=["service"])


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    response_class=Response,
    responses={
        200: {
            "description": "Prometheus text; no id, no name, no answer in it.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **problem_responses(401, 403, 429, 503),
    },
)
def show_metrics(request: Request, caller: Caller = requires("metrics.read")) -> Response:
    """Write every counter of this process, or of all where they share a folder."""
    metrics = cast(Metrics, request.app.state.metrics)
    with caller.work(writes=False) as work:
        return Response(metrics.write(work.session, work.now), media_type=MEDIA_TYPE)
