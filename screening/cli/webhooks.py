"""`screening webhooks`: tell receiving systems now, beside a server or without one."""

from __future__ import annotations

import typer
from pydantic import ValidationError
from sqlalchemy import func, select

from screening.cli.installed import open_engines
from screening.cli.options import LangOption, new_group
from screening.cli.output import console
from screening.installations import attach
from screening.phrases import say
from screening.referrals.senders import http_sender
from screening.referrals.settings import ReferralSettings
from screening.referrals.webhooks import deliver_due
from screening.refusals import Refused
from screening.settings import faults_of, read_storage_settings
from screening.storage.tables.referrals import Delivery

app = new_group()


@app.command("deliver", help="cli.help.webhooks.deliver")
def deliver(lang: LangOption = "en") -> None:
    """Send every message that is due; end with 1 if some wait on."""
    hosts = _allowed_hosts()
    with open_engines() as engines:
        service = attach(read_storage_settings(), engines)
        try:
            send = http_sender(hosts)
            delivered = 0
            while (done := deliver_due(service, send, hosts)).tried:
                delivered += done.delivered
            with service.database.reading() as session:
                waiting = session.scalar(
                    select(func.count()).select_from(Delivery).where(Delivery.status == "waiting")
                )
        finally:
            service.close()
    console().print(say("cli.webhooks.delivered", lang, count=delivered, waiting=waiting or 0))
    if waiting:
        raise typer.Exit(1)


def _allowed_hosts() -> frozenset[str]:
    try:
        return ReferralSettings().allowed_hosts
    except ValidationError as error:
        raise Refused(faults_of(error)) from None
