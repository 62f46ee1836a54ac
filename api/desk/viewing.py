"""Who looks at a page of the desk: the session's person, the navigation, and what a form of a page sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

import anyio
from fastapi import Depends, Request

from api.access import Caller, requires, service_of
from api.desk.navigation import links_for
from api.pages.fields import Fields
from api.pages.forms import read_form
from api.pages.preferences import Preferences
from api.pages.viewers import SessionEnd, Viewer
from api.routes.shared import SettingsHeld
from api.signing_in import FormTokenRead, find_held, origin_of, sign_ins_of
from screening.people.accounts import find_account, open_names, speak
from screening.people.sessions import SEEN_EVERY
from screening.people.sign_ins import Held
from screening.phrases import Language

KEEP_ADDRESS: Final = "/session/keep"
SIGN_OUT_ADDRESS: Final = "/sign-out"
ACCOUNT_ADDRESS: Final = "/account"
# A tab that was opened to sign in again says so to the others and is done.
SIGN_IN_AGAIN_ADDRESS: Final = "/sign-in?to=/signed-in"
_WARN: Final = timedelta(minutes=2)


def meet(request: Request) -> None:
    """Put the signed-in person on the request, for the page and for a problem that takes its place."""
    held = find_held(request)
    if held is None or held.step != "signed_in" or getattr(request.state, "viewer", None) is not None:
        return
    with service_of(request).work(held.actor, writes=False) as work:
        account = find_account(work, held.account_id)
        name, language = open_names(work, account).display, account.language
        # Tabs tell each other that a session goes on; a page never carries the id of an account for that.
        who = work.vault.lookup(work.session, "viewer", account.id)[:32]
    request.state.viewer = Viewer(
        name=name,
        who=who,
        sign_out_address=SIGN_OUT_ADDRESS,
        language="ar" if language == "ar" else "en",
        session=_end_of(request, held),
        account_address=ACCOUNT_ADDRESS,
    )
    request.state.desk = links_for(request, held.actor)


def opens(permission: str) -> Any:
    """A dependency of every page: gives the `Caller`, as `requires` does, and shows who it is.

    Who is not signed in is led to sign in, and comes back to the page that was asked for.
    """

    def find_caller(
        request: Request, _met: Annotated[None, Depends(meet)], caller: Caller = requires(permission)
    ) -> Caller:
        return caller

    return Depends(find_caller)


async def _read_fields(
    request: Request, settings: SettingsHeld, _read: FormTokenRead
) -> dict[str, list[str]]:
    return await read_form(request, settings.largest_body_kib)


# What a form sent: every field by name with its values.
Posted = Annotated[dict[str, list[str]], Depends(_read_fields)]


def first(fields: Fields, name: str) -> str:
    """The first value of a field as it was typed, or nothing."""
    values = fields.get(name, ())
    return values[0] if values else ""


async def remember_choice(request: Request, chosen: Preferences) -> None:
    """Keep the language that was chosen with the account of who is signed in."""
    await anyio.to_thread.run_sync(keep_language, request, chosen.language)


def keep_language(request: Request, language: Language) -> None:
    """Keep the language with the account of who is signed in, if it is another than before."""
    held = find_held(request)
    if held is None or held.step != "signed_in":
        return
    with sign_ins_of(request).service.work(held.actor, origin_of(request).request_id) as work:
        account = find_account(work, held.account_id, to_change=True)
        if account.language != language:
            speak(work, account, language)


def _end_of(request: Request, held: Held) -> SessionEnd:
    settings = sign_ins_of(request).settings
    left = held.expires_at - service_of(request).clock()
    # Being seen is written down once in a while only: the server may count from that much earlier.
    seconds = min(settings.session_idle - SEEN_EVERY, left).total_seconds()
    return SessionEnd(
        seconds=max(0, int(seconds)),
        warn_seconds=int(_WARN.total_seconds()),
        keep_address=KEEP_ADDRESS,
        sign_in_address=SIGN_IN_AGAIN_ADDRESS,
    )
