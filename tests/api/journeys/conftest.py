"""One served house for all journeys: people who sign in with a password and the code of their app."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page

from api.app import create_app
from api.settings import Settings
from screening.engines import Engines
from screening.installations import open_installation
from screening.people import links
from screening.people.access import SYSTEM
from screening.people.accounts import find_account, speak
from screening.people.settings import SignInSettings
from screening.people.sign_ins import From, SignIns
from screening.phrases import Language
from screening.work import Service
from tests.api.journeys.hands import Hand, Mouse
from tests.api.journeys.walking import Walker
from tests.browsers import OpenPage, serve
from tests.services import HandClock, World, make_world, storage_settings

# Invented; it opens nothing else.
PASSWORD = "seven quiet lamps over water"
WHO = ("interviewer", "colleague", "supervisor")
HERE = From("127.0.0.1")

Walk = Callable[..., Walker]


@dataclass(frozen=True)
class House:
    """A served desk, its clock, and the secrets in the telephones of its people."""

    address: str
    service: Service
    world: World
    clock: HandClock
    secrets: Mapping[str, str]

    def code_of(self, name: str) -> str:
        """What somebody's app shows now; never the same twice."""
        self.clock.move(seconds=30)
        return pyotp.TOTP(self.secrets[name]).at(int(self.clock.now.timestamp()))

    def speak(self, name: str, language: Language) -> None:
        """Keep a language with somebody's account."""
        with self.service.work(SYSTEM) as work:
            account = find_account(work, self.world[name].account_id, to_change=True)
            if account.language != language:
                speak(work, account, language)


@pytest.fixture(scope="session")
def house(
    kuwait_engines: Engines, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    file = tmp_path_factory.mktemp("house") / "screening.sqlite3"
    shutil.copy(sqlite_template, file)
    clock = HandClock()
    service = open_installation(storage_settings(f"sqlite:///{file}"), kuwait_engines, clock)
    world = make_world(service)
    secrets = {name: _enrol(service, world, clock, name) for name in WHO}
    with serve(create_app(Settings(workers=1), service=service)) as address:
        yield House(address, service, world, clock, secrets)
    service.close()


def _enrol(service: Service, world: World, clock: HandClock, name: str) -> str:
    doors = SignIns(service, SignInSettings())
    with service.work(world["administrator"]) as work:
        account = find_account(work, world[name].account_id, to_change=True)
        token = links.reset(work, account, timedelta(hours=1), second_factor=True).token
    first = doors.accept(token, PASSWORD, None, HERE)
    assert first.enrolment is not None
    secret = first.enrolment.secret
    doors.use_code(first.session.token, pyotp.TOTP(secret).at(int(clock.now.timestamp())), HERE)
    return secret


@pytest.fixture
def walk(open_page: OpenPage, house: House) -> Walk:
    """Somebody at a browser of his own, signed in with password and code, working with the hand given."""

    def begin(
        name: str = "interviewer",
        language: Language = "en",
        hand: Callable[[Page], Hand] = Mouse,
        **options: Any,
    ) -> Walker:
        page = open_page(base_url=house.address, locale=language, **options)
        scripts = options.get("java_script_enabled", True)
        walker = Walker(page, hand(page), language, scripts)
        walker.sign_in(name, PASSWORD, lambda: house.code_of(name))
        return walker

    return begin
