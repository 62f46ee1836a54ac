"""`screening accounts`: for whoever runs the machine, when nobody who administers can sign in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from pydantic import ValidationError
from sqlalchemy import select

from screening.cli.installed import open_engines
from screening.cli.options import LangOption, new_group
from screening.cli.output import console, print_blocks
from screening.documents import Block
from screening.installations import attach
from screening.people import accounts, links
from screening.people.access import SYSTEM
from screening.people.accounts import find_by_name, open_names, places_of
from screening.people.links import Link, write_link
from screening.people.settings import SignInSettings
from screening.phrases import Language, say
from screening.refusals import Refused, refused
from screening.settings import faults_of, read_storage_settings
from screening.storage.tables.people import Account
from screening.work import Work

app = new_group()

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="cli.help.accounts.name")]


@app.command("list", help="cli.help.accounts.list")
def list_accounts(lang: LangOption = "en") -> None:
    """List every account with its state and its roles."""
    blocks = []
    with _work(writes=False) as work:
        for account in work.session.scalars(select(Account).order_by(Account.created_at, Account.id)):
            names = open_names(work, account)
            roles = sorted({place.role for place in places_of(work.session, account.id)})
            blocks.append(
                Block(
                    "plain",
                    0,
                    say(
                        "cli.accounts.line",
                        lang,
                        name=names.sign_in,
                        status=say(f"cli.accounts.status.{account.status}", lang),
                        roles=", ".join(roles),
                    ),
                )
            )
    print_blocks(console(), blocks or [Block("plain", 0, say("cli.accounts.none", lang))])


@app.command("first-link", help="cli.help.accounts.first_link")
def make_first_link(lang: LangOption = "en") -> None:
    """Make a new link for the first administrator, while there is none."""
    settings = _settings()
    with _work() as work:
        link = links.make_first_link(work, settings.first_link_lifetime)
    console().print(say("people.first_link", lang, hours=settings.first_link_hours), soft_wrap=True)
    _print_link(settings, link)


@app.command("reset", help="cli.help.accounts.reset")
def reset(
    name: NameArgument,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="cli.help.accounts.second_factor")
    ] = False,
    lang: LangOption = "en",
) -> None:
    """Make a link for a new password; with the option, the second factor is set up again as well."""
    settings = _settings()
    with _work() as work:
        account = _find(work, name)
        link = links.reset(work, account, settings.invitation_lifetime, second_factor=second_factor)
    console().print(say("cli.accounts.link", lang, hours=settings.invitation_hours), soft_wrap=True)
    _print_link(settings, link)


@app.command("lock", help="cli.help.accounts.lock")
def lock(name: NameArgument, lang: LangOption = "en") -> None:
    """Keep an account out; its sessions end now."""
    with _work() as work:
        accounts.lock(work, _find(work, name))
    _tell("locked", lang)


@app.command("unlock", help="cli.help.accounts.unlock")
def unlock(name: NameArgument, lang: LangOption = "en") -> None:
    """Let a locked account in again."""
    with _work() as work:
        accounts.unlock(work, _find(work, name))
    _tell("unlocked", lang)


@app.command("close", help="cli.help.accounts.close")
def close(name: NameArgument, lang: LangOption = "en") -> None:
    """End an account for good."""
    with _work() as work:
        accounts.close(work, _find(work, name))
    _tell("closed", lang)


def _find(work: Work, name: str) -> Account:
    account = find_by_name(work, name)
    if account is None:
        raise refused("S136")
    return account


def _tell(what: str, lang: Language) -> None:
    console().print(say(f"cli.accounts.{what}", lang), soft_wrap=True)


def _print_link(settings: SignInSettings, link: Link) -> None:
    # On a line of its own and never wrapped, so that it can be copied.
    console().print(write_link(settings, link), soft_wrap=True)


def _settings() -> SignInSettings:
    try:
        return SignInSettings()
    except ValidationError as error:
        raise Refused(faults_of(error)) from None


@contextmanager
def _work(*, writes: bool = True) -> Iterator[Work]:
    with open_engines() as engines:
        service = attach(read_storage_settings(), engines)
        try:
            with service.work(SYSTEM, writes=writes) as work:
                yield work
        finally:
            service.close()
