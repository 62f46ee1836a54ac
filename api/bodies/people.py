"""What requests about people carry, and what they are answered: accounts, sessions, tokens, sites."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from api.bodies.reading import Body, ContentId, Id, Line
from indicators.models import Text

# What is typed to sign in may be anything; how long a password has to be is said elsewhere, with its reason.
Secret = Annotated[str, StringConstraints(min_length=1, max_length=1000)]
Code = Annotated[str, StringConstraints(min_length=1, max_length=40)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
SiteCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$")]
Language = Literal["en", "ar"]
SiteKind = Literal["shelter", "embassy", "inspection", "detention", "hospital", "office", "other"]


# Signing in


class NameAndPassword(Body):
    """The first step of signing in."""

    name: Name
    password: Secret


class CodeGiven(Body):
    """The second step: six digits of the authenticator app, or a recovery code."""

    code: Code


class LinkAccepted(Body):
    """A link with a new password; the first administrator also brings the two names."""

    token: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    password: Secret
    sign_in_name: Name | None = None
    display_name: Name | None = None


class EnrolmentShown(BaseModel):
    """What an authenticator app needs: the address as a picture or a link, or the secret typed by hand."""

    secret: str
    address: str


class FirstStepShown(BaseModel):
    """The password was right. With `enrolment` the app is still to be set up; its first code finishes it."""

    step: Literal["second_factor"] = "second_factor"
    csrf_token: str
    expires_at: datetime
    enrolment: EnrolmentShown | None


class SignedInShown(BaseModel):
    """Signed in; `recovery_codes` are shown this once."""

    step: Literal["signed_in"] = "signed_in"
    csrf_token: str
    expires_at: datetime
    recovery_codes: tuple[str, ...]
    recovery_codes_left: int


class SessionShown(BaseModel):
    """The state of this browser's session."""

    step: Literal["none", "second_factor", "signed_in"]
    account: str | None = None
    csrf_token: str | None = Field(default=None, description="send it as `X-CSRF-Token` with every change")
    expires_at: datetime | None = None
    idle_minutes: int
    enrolment: EnrolmentShown | None = None
    organisation: bool = Field(description="whether one can sign in through an organisation")


# The own account


class MembershipShown(BaseModel):
    """A role, at a site or (null) at every site."""

    role: str
    site: str | None


class MeShown(BaseModel):
    """The own account and what it may do."""

    id: str
    sign_in_name: str
    display_name: str
    language: Language
    memberships: tuple[MembershipShown, ...]
    permissions: tuple[str, ...]
    recovery_codes_left: int
    version: int


class MeChange(Body):
    """What to change of the own account."""

    display_name: Name | None = None
    language: Language | None = None


class PasswordChange(Body):
    """The present password confirms the new one."""

    password: Secret
    new_password: Secret


class Confirmation(Body):
    """The present password and a fresh code, or a recovery code."""

    password: Secret
    code: Code


class PendingShown(BaseModel):
    """A new second factor that waits for its first code; send `pending` back with it."""

    enrolment: EnrolmentShown
    pending: str


class PendingFinished(Body):
    """The first code of a new second factor."""

    pending: Annotated[str, StringConstraints(min_length=1, max_length=2000)]
    code: Code


class RecoveryCodesShown(BaseModel):
    """New recovery codes, shown this once."""

    recovery_codes: tuple[str, ...]


class OwnSession(BaseModel):
    """A browser that is signed in."""

    id: str
    current: bool
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class OwnSessions(BaseModel):
    """Every browser that is signed in, the newest first."""

    items: list[OwnSession]


class SessionsEnded(BaseModel):
    """How many sessions were ended."""

    ended: int


# Accounts


class MembershipGiven(Body):
    """A role, at a site or, without one, at every site."""

    role: ContentId
    site: Id | None = None


class NewAccount(Body):
    """A new account; a person is sent the link of the answer, another system is given tokens."""

    kind: Literal["person", "service"] = "person"
    sign_in_name: Name
    display_name: Name
    language: Language = "en"
    memberships: Annotated[list[MembershipGiven], Field(max_length=50, default_factory=list)]


class AccountChange(Body):
    """What to change: names, language, or the status (`active` unlocks, `closed` is for good)."""

    display_name: Name | None = None
    language: Language | None = None
    status: Literal["active", "locked", "closed"] | None = None


class ResetAsked(Body):
    """Whether the second factor is taken away as well, because the telephone and the codes are gone."""

    second_factor: bool = False


class SubjectGiven(Body):
    """Who the account is at the organisation's identity provider: the claim `sub`, exactly."""

    subject: Line


class LinkShown(BaseModel):
    """A link that works once; shown this once. Give it to the person, and to nobody else."""

    address: str
    token: str
    expires_at: datetime


class AccountShown(BaseModel):
    """An account."""

    id: str
    kind: Literal["person", "service"]
    status: Literal["invited", "active", "locked", "closed"]
    sign_in_name: str
    display_name: str
    language: Language
    memberships: tuple[MembershipShown, ...]
    second_factor: bool
    connected: bool
    created_at: datetime
    closed_at: datetime | None
    version: int


class AccountMade(BaseModel):
    """A new account, with the link for a person."""

    account: AccountShown
    link: LinkShown | None


class ColleagueShown(BaseModel):
    """Somebody to hand over to."""

    id: str
    display_name: str
    roles: tuple[str, ...]


# Tokens and sites


class NewToken(Body):
    """A token for an account of another system: its scopes are permissions, its end at most a year away."""

    account: Id
    label: Name
    scopes: Annotated[list[ContentId], Field(min_length=1, max_length=60)]
    expires_at: AwareDatetime


class TokenShown(BaseModel):
    """A token without its text."""

    id: str
    account: str
    label: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None


class TokenIssued(BaseModel):
    """A new token; its text is shown this once."""

    token: str
    record: TokenShown


class NewSite(Body):
    """A place that works with the system."""

    code: SiteCode
    kind: SiteKind
    name: Text


class SiteChange(Body):
    """What to change of a site."""

    kind: SiteKind | None = None
    name: Text | None = None
    active: bool | None = None


class SiteShown(BaseModel):
    """A site."""

    id: str
    code: str
    kind: SiteKind
    name: Text
    active: bool
    version: int
