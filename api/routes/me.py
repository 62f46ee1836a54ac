"""The own account: names, password, second factor, and the browsers that are signed in."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from api.access import Caller, requires
from api.bodies.people import (
    Confirmation,
    EnrolmentShown,
    MeChange,
    MembershipShown,
    MeShown,
    OwnSession,
    OwnSessions,
    PasswordChange,
    PendingFinished,
    PendingShown,
    RecoveryCodesShown,
    SessionsEnded,
    SignedInShown,
)
from api.bodies.reading import RecordId, reads
from api.problems import problem_responses
from api.routes.sign_in import answer_signed_in
from api.signing_in import clear_session, origin_of, sign_ins_of
from api.versions import SeenVersion, answer
from screening.people import accounts, second_factors, sessions
from screening.people.sign_ins import SignedIn
from screening.refusals import refused
from screening.storage.tables.people import Account
from screening.storage.versions import require_seen
from screening.work import Work

router = APIRouter(prefix="/api/v1/me", tags=["own account"])

_CHANGE = problem_responses(400, 401, 403, 410, 413, 415, 422, 429, 503)


@router.get("", summary="The own account", response_model=MeShown, responses=problem_responses(401, 403, 503))
def show_me(caller: Caller = requires("self.manage")) -> JSONResponse:
    """Show the own account, its roles and what they permit."""
    with caller.work(writes=False) as work:
        account = accounts.find_account(work, caller.actor.account_id)
        return answer(_show(work, account), version=account.version)


@router.patch(
    "",
    summary="Change the own name or language",
    response_model=MeShown,
    responses=problem_responses(400, 401, 403, 412, 413, 415, 422, 428, 503),
)
def change_me(
    seen: SeenVersion, caller: Caller = requires("self.manage"), body: MeChange = reads(MeChange)
) -> JSONResponse:
    """Change how others see one, or the language one reads; roles and the sign-in name are not one's own."""
    with caller.work() as work:
        account = accounts.find_account(work, caller.actor.account_id, to_change=True)
        require_seen(account, seen)
        if body.display_name is not None:
            accounts.rename(work, account, body.display_name)
        if body.language is not None:
            accounts.speak(work, account, body.language)
        return answer(_show(work, account), version=account.version)


@router.post("/password", summary="Change the password", response_model=SignedInShown, responses=_CHANGE)
def change_password(
    request: Request,
    caller: Caller = requires("self.manage"),
    body: PasswordChange = reads(PasswordChange),
) -> Response:
    """Change the password; every other browser is signed out and this one gets a new session."""
    sign_ins = sign_ins_of(request)
    opened = sign_ins.change_password(caller.actor, body.password, body.new_password, origin_of(request))
    with caller.work(writes=False) as work:
        account = accounts.find_account(work, caller.actor.account_id)
        left = second_factors.count_recovery_codes(work, account)
    return answer_signed_in(request, SignedIn(opened, (), left))


@router.post("/second-factor", summary="Begin to change the second factor", responses=_CHANGE)
def begin_second_factor(
    request: Request, caller: Caller = requires("self.manage"), body: Confirmation = reads(Confirmation)
) -> PendingShown:
    """Give a new secret; the present one works until the new one has shown a code."""
    found = sign_ins_of(request).begin_second_factor(
        caller.actor, body.password, body.code, origin_of(request)
    )
    return PendingShown(
        enrolment=EnrolmentShown(secret=found.enrolment.secret, address=found.enrolment.address),
        pending=found.sealed,
    )


@router.put(
    "/second-factor",
    summary="Finish changing the second factor",
    response_model=SignedInShown,
    responses=_CHANGE,
)
def finish_second_factor(
    request: Request,
    caller: Caller = requires("self.manage"),
    body: PendingFinished = reads(PendingFinished),
) -> Response:
    """Take the new second factor; every other browser is signed out, and the recovery codes are new."""
    done = sign_ins_of(request).finish_second_factor(
        caller.actor, body.pending, body.code, origin_of(request)
    )
    return answer_signed_in(request, done)


@router.post("/recovery-codes", summary="New recovery codes", responses=_CHANGE)
def renew_recovery_codes(
    request: Request, caller: Caller = requires("self.manage"), body: Confirmation = reads(Confirmation)
) -> RecoveryCodesShown:
    """Give new recovery codes, shown this once; those before no longer work."""
    codes = sign_ins_of(request).renew_recovery_codes(
        caller.actor, body.password, body.code, origin_of(request)
    )
    return RecoveryCodesShown(recovery_codes=tuple(codes))


@router.get("/sessions", summary="Where one is signed in", responses=problem_responses(401, 403, 503))
def list_own_sessions(request: Request, caller: Caller = requires("self.manage")) -> OwnSessions:
    """List the browsers that are signed in to the own account."""
    with caller.work(writes=False) as work:
        rows = sessions.list_sessions(work, caller.actor.account_id, sign_ins_of(request).rules)
        return OwnSessions(
            items=[
                OwnSession(
                    id=row.id,
                    current=row.id == caller.actor.session_id,
                    created_at=row.created_at,
                    last_seen_at=row.last_seen_at,
                    expires_at=row.expires_at,
                )
                for row in rows
            ]
        )


@router.delete("/sessions", summary="Sign out everywhere else", responses=problem_responses(401, 403, 503))
def end_other_sessions(caller: Caller = requires("self.manage")) -> SessionsEnded:
    """End every session of the own account but this one."""
    with caller.work() as work:
        account_id = caller.actor.account_id
        ended = sessions.end_sessions(work, account_id, "revoked", but=caller.actor.session_id)
        work.record("session.end_others", "account", account_id, count=ended)
        return SessionsEnded(ended=ended)


@router.delete(
    "/sessions/{id}",
    summary="Sign out one browser",
    status_code=204,
    responses=problem_responses(401, 403, 404, 503),
)
def end_own_session(request: Request, id: RecordId, caller: Caller = requires("self.manage")) -> Response:
    """End one session of the own account, which may be this one."""
    with caller.work() as work:
        sessions.end_session(work, id, caller.actor.account_id, "revoked")
        work.record("session.end", "session", id)
    response = Response(status_code=204)
    if id == caller.actor.session_id:
        clear_session(request, response)
    return response


def _show(work: Work, account: Account) -> MeShown:
    if account.language not in ("en", "ar"):
        raise refused("S136")
    names = accounts.open_names(work, account)
    permitted = [
        name for name in work.permissions.permissions if work.permissions.allowed(work.actor, name).anywhere
    ]
    return MeShown(
        id=account.id,
        sign_in_name=names.sign_in,
        display_name=names.display,
        language="ar" if account.language == "ar" else "en",
        memberships=tuple(
            MembershipShown(role=place.role, site=place.site_id)
            for place in accounts.places_of(work.session, account.id)
        ),
        permissions=tuple(permitted),
        recovery_codes_left=second_factors.count_recovery_codes(work, account),
        version=account.version,
    )
