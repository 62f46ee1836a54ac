"""Operations: webhooks. Written by `python -m api.client_writing`."""

from __future__ import annotations

from screening.client.connections import Connection
from screening.client.models.webhooks import (
    DeliveriesShown,
    NewWebhook,
    WebhookChange,
    WebhookShown,
    WebhooksShown,
)


class WebhooksOperations(Connection):
    """The operations on webhooks."""

    def list_receiving_systems(self) -> WebhooksShown:
        """The receiving systems."""
        answered: WebhooksShown = self.call("GET", "/api/v1/webhooks", WebhooksShown)
        return answered

    def add_receiving_system(self, body: NewWebhook, *, key: str | None = None) -> WebhookShown:
        """Add a receiving system."""
        answered: WebhookShown = self.call(
            "POST", "/api/v1/webhooks", WebhookShown, body=body, key=key, creates=True
        )
        return answered

    def change_receiving_system(
        self, id: str, body: WebhookChange, *, seen: int | None = None
    ) -> WebhookShown:
        """Change what a system is told."""
        answered: WebhookShown = self.call(
            "PATCH",
            "/api/v1/webhooks/{id}",
            WebhookShown,
            path={"id": id},
            body=body,
            seen=seen,
            changes=True,
        )
        return answered

    def remove_receiving_system(self, id: str) -> None:
        """Forget a receiving system."""
        self.call("DELETE", "/api/v1/webhooks/{id}", None, path={"id": id})

    def list_deliveries(self, id: str) -> DeliveriesShown:
        """What a system was told."""
        answered: DeliveriesShown = self.call(
            "GET", "/api/v1/webhooks/{id}/deliveries", DeliveriesShown, path={"id": id}
        )
        return answered
