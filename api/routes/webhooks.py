"""The receiving systems that are told when a referral moves."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from api.access import Caller, requires
from api.bodies.reading import RecordId, reads
from api.bodies.referrals import (
    DeliveriesShown,
    DeliveryShown,
    NewWebhook,
    WebhookChange,
    WebhookShown,
    WebhooksShown,
)
from api.problems import problem_responses
from api.repetitions import Created, Repeatable
from api.versions import SeenVersion, answer
from screening.referrals.webhooks import (
    WebhookSeen,
    add_webhook,
    change_webhook,
    find_webhook,
    list_webhooks,
    read_deliveries,
    remove_webhook,
)
from screening.storage.versions import require_seen
from screening.work import Work

router = APIRouter(prefix="/api/v1", tags=["webhooks"])


@router.get("/webhooks", summary="The receiving systems", responses=problem_responses(401, 403, 422, 503))
def list_receiving_systems(caller: Caller = requires("webhooks.write")) -> WebhooksShown:
    """List the systems that are told; their secrets are not shown again."""
    with caller.work() as work:
        work.record("webhook.list", "webhook", "list")
        return WebhooksShown(items=[_show(one) for one in list_webhooks(work)])


@router.post(
    "/webhooks",
    status_code=201,
    summary="Add a receiving system",
    response_model=WebhookShown,
    responses=problem_responses(400, 401, 403, 409, 413, 415, 422, 503),
)
def add_receiving_system(
    request: Request,
    repetition: Repeatable,
    caller: Caller = requires("webhooks.write"),
    body: NewWebhook = reads(NewWebhook),
) -> JSONResponse:
    """Add a system to be told. The secret that signs its messages is in this answer and nowhere else."""
    hosts: frozenset[str] = request.app.state.webhook_hosts

    def create(work: Work) -> Created:
        made = add_webhook(
            work, label=body.label, url=body.url, events=body.events, site_id=body.site, allowed_hosts=hosts
        )
        return Created(_show(made), version=made.version, location=f"/api/v1/webhooks/{made.id}", secret=True)

    return repetition.once(caller, create)


@router.patch(
    "/webhooks/{id}",
    summary="Change what a system is told",
    response_model=WebhookShown,
    responses=problem_responses(400, 401, 403, 404, 412, 413, 415, 422, 428, 503),
)
def change_receiving_system(
    id: RecordId,
    seen: SeenVersion,
    caller: Caller = requires("webhooks.write"),
    body: WebhookChange = reads(WebhookChange),
) -> JSONResponse:
    """Change the events, or stop and go on telling; what waits for a stopped system waits on."""
    with caller.work() as work:
        webhook = find_webhook(work, id, lock=True)
        require_seen(webhook, seen)
        changed = change_webhook(work, webhook, events=body.events, active=body.active)
    return answer(_show(changed), version=changed.version)


@router.delete(
    "/webhooks/{id}",
    status_code=204,
    response_class=Response,
    summary="Forget a receiving system",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def remove_receiving_system(id: RecordId, caller: Caller = requires("webhooks.write")) -> Response:
    """Forget a system and what it was still to be told."""
    with caller.work() as work:
        remove_webhook(work, find_webhook(work, id, lock=True))
    return Response(status_code=204)


@router.get(
    "/webhooks/{id}/deliveries",
    summary="What a system was told",
    responses=problem_responses(401, 403, 404, 422, 503),
)
def list_deliveries(id: RecordId, caller: Caller = requires("webhooks.write")) -> DeliveriesShown:
    """List the newest hundred messages to a system, and how each was answered."""
    with caller.work() as work:
        webhook = find_webhook(work, id)
        work.record("webhook.deliveries", "webhook", webhook.id)
        rows = read_deliveries(work, webhook)
        return DeliveriesShown(
            items=[DeliveryShown.model_validate(row, from_attributes=True) for row in rows]
        )


def _show(one: WebhookSeen) -> WebhookShown:
    return WebhookShown(
        id=one.id,
        site=one.site_id,
        label=one.label,
        url=one.url,
        events=list(one.events),
        active=one.active,
        version=one.version,
        secret=one.secret,
    )
