"""What the application holds for referrals: configured words and stages, and the background delivery."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable

from fastapi import FastAPI

from screening.engines import Engines
from screening.referral_stages import (
    DUTY_FILE,
    STAGES_FILE,
    ReferralMechanism,
    load_duty_to_report,
    load_referral_mechanism,
)
from screening.referrals.events import EVENTS_FILE, load_referral_book
from screening.referrals.referrals import Guidance
from screening.referrals.senders import BackgroundDelivery
from screening.referrals.settings import ReferralSettings
from screening.work import Service


def prepare_referrals(app: FastAPI, service: Service, settings: ReferralSettings) -> BackgroundDelivery:
    """Give the application its words, stages and duty; raises `ContentError` with what is wrong in a file.

    The delivery that is returned has not begun.
    """
    app.state.guidance, app.state.mechanism = load_guidance(service.engines, settings)
    app.state.webhook_hosts = settings.allowed_hosts
    return BackgroundDelivery(service, settings.allowed_hosts)


def load_guidance(engines: Engines, settings: ReferralSettings) -> tuple[Guidance, ReferralMechanism]:
    """What people have configured for referrals; raises `ContentError` with what is wrong in a file."""
    sources = engines.catalogue().sources
    shipped = files("screening")

    def folder(name: str, usual: Traversable) -> Traversable:
        own = settings.referral_folder
        return own if own is not None and (own / name).is_file() else usual

    mechanism = shipped / "referral_mechanism"
    guidance = Guidance(
        engines=engines,
        book=load_referral_book(folder(EVENTS_FILE, shipped / "referrals")),
        duty=load_duty_to_report(sources, folder(DUTY_FILE, mechanism)),
    )
    return guidance, load_referral_mechanism(sources, folder(STAGES_FILE, mechanism))
