"""Accounts, tokens and sites over HTTP, by an administrator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from screening.people.accounts import Place
from screening.storage.tables.audit import AuditEntry
from screening.storage.tables.people import ApiToken
from screening.work import Service
from tests.api.people.conftest import PASSWORD, Browser, Someone
from tests.services import HandClock

OpenBrowser = Callable[..., Browser]
MakeSomeone = Callable[..., Someone]


def code_of(answer: Any) -> str:
    return str(answer.json()["code"])


@pytest.fixture
def boss(administrator: Someone, open_browser: OpenBrowser) -> Browser:
    return administrator.sign_in(open_browser())


@pytest.fixture
def site(boss: Browser) -> str:
    body = {"code": "shelter-1", "kind": "shelter", "name": {"en": "First shelter", "ar": "المأوى الأول"}}
    return str(boss.post("/sites", body).json()["id"])


def test_from_invitation_to_closing(
    boss: Browser, site: str, open_browser: OpenBrowser, clock: HandClock
) -> None:
    body = {
        "sign_in_name": "huda",
        "display_name": "هدى كريم",
        "language": "ar",
        "memberships": [{"role": "interviewer", "site": site}],
    }
    made = boss.post("/accounts", body)
    assert made.status_code == 201
    account, link = made.json()["account"], made.json()["link"]
    assert (account["status"], account["memberships"]) == ("invited", [{"role": "interviewer", "site": site}])
    assert link["address"] == f"http://localhost:8000/invitation?token={link['token']}"
    assert made.headers["location"] == f"/api/v1/accounts/{account['id']}"
    assert code_of(boss.post("/accounts", body)) == "S135"
    hers = open_browser()
    accepted = hers.post("/invitations/accept", {"token": link["token"], "password": PASSWORD})
    huda = Someone(account["id"], "huda", PASSWORD, accepted.json()["enrolment"]["secret"], clock, [])
    assert hers.post("/sign-in/second-factor", {"code": huda.fresh_code()}).status_code == 200
    shown = boss.get(f"/accounts/{huda.id}")
    assert (shown.json()["status"], shown.json()["second_factor"]) == ("active", True)

    granted = boss.send("PUT", f"/accounts/{huda.id}/memberships/supervisor/{site}").json()
    assert {"role": "supervisor", "site": site} in granted["memberships"]
    assert hers.get("/me").status_code == 401, "a change of roles signs out"
    huda.sign_in(hers)
    assert "cases.assign" in hers.get("/me").json()["permissions"]
    boss.send("DELETE", f"/accounts/{huda.id}/memberships/supervisor/{site}")
    huda.sign_in(hers)
    assert "cases.assign" not in hers.get("/me").json()["permissions"]

    seen = boss.get(f"/accounts/{huda.id}").headers["etag"]
    locked = boss.send("PATCH", f"/accounts/{huda.id}", {"status": "locked"}, if_match=seen)
    assert locked.json()["status"] == "locked"
    assert hers.get("/me").status_code == 401
    assert code_of(hers.post("/sign-in", {"name": "huda", "password": PASSWORD})) == "S124"
    stale = boss.send("PATCH", f"/accounts/{huda.id}", {"status": "active"}, if_match=seen)
    assert (stale.status_code, code_of(stale)) == (412, "S232")
    boss.send("PATCH", f"/accounts/{huda.id}", {"status": "active"}, if_match=locked.headers["etag"])
    huda.sign_in(hers)

    reset = boss.post(f"/accounts/{huda.id}/reset", {"second_factor": True}).json()
    assert "/new-password?token=" in reset["address"]
    assert code_of(hers.post("/sign-in", {"name": "huda", "password": PASSWORD})) == "S124"
    again = hers.post("/invitations/accept", {"token": reset["token"], "password": PASSWORD}).json()
    assert again["enrolment"]["secret"] != huda.secret

    seen = boss.get(f"/accounts/{huda.id}").headers["etag"]
    closed = boss.send("PATCH", f"/accounts/{huda.id}", {"status": "closed"}, if_match=seen)
    assert closed.json()["status"] == "closed"
    assert [one["id"] for one in boss.get("/accounts?status=closed").json()["items"]] == [huda.id]


def test_a_repeated_invitation_does_not_show_the_link_again(boss: Browser) -> None:
    body = {"sign_in_name": "huda", "display_name": "Huda"}
    headers = {"idempotency_key": "one"}
    assert boss.post("/accounts", body, **headers).status_code == 201
    assert code_of(boss.post("/accounts", body, **headers)) == "S235"


def test_nobody_raises_himself(boss: Browser, administrator: Someone) -> None:
    assert code_of(boss.send("PUT", f"/accounts/{administrator.id}/memberships/auditor")) == "S132"
    seen = boss.get(f"/accounts/{administrator.id}").headers["etag"]
    closing = boss.send("PATCH", f"/accounts/{administrator.id}", {"status": "closed"}, if_match=seen)
    assert (closing.status_code, code_of(closing)) == (403, "S132")


def test_lists_are_filtered(boss: Browser, site: str, make_someone: MakeSomeone) -> None:
    make_someone("here", Place("interviewer", site))
    make_someone("everywhere", Place("auditor"))
    boss.post("/accounts", {"kind": "service", "sign_in_name": "system", "display_name": "System"})

    def names(query: str) -> set[str]:
        return {one["sign_in_name"] for one in boss.get(f"/accounts?{query}").json()["items"]}

    assert names("role=interviewer") == {"here"}
    assert names(f"site={site}") == {"here", "everywhere", "amina.admin"}
    assert names("kind=service") == {"system"}
    assert names("limit=1") == {"system"}
    assert code_of(boss.get("/accounts?rolle=auditor")) == "S027"


def test_reading_accounts_leaves_a_trace(boss: Browser, administrator: Someone, service: Service) -> None:
    """Who works here is worth knowing: a look at the list or at one account is on record."""
    browser = {"accept": "text/html"}

    assert boss.get("/accounts?role=administrator").status_code == 200
    assert boss.get(f"/accounts/{administrator.id}").status_code == 200
    assert boss.client.get("/administration/accounts", headers=browser).status_code == 200
    assert boss.client.get(f"/administration/accounts/{administrator.id}", headers=browser).status_code == 200
    looked = select(AuditEntry).where(AuditEntry.action.in_(["account.list", "account.read"]))
    with service.database.reading() as session:
        found = [
            (row.actor, row.action, row.object_id, row.detail)
            for row in session.scalars(looked.order_by(AuditEntry.seq))
        ]
    listed = (administrator.id, "account.list", "list", {"count": 1})
    read = (administrator.id, "account.read", administrator.id, {})
    assert found == [listed, read, listed, read]


# Tokens


def system_with_token(boss: Browser, site: str, clock: HandClock, **more: Any) -> tuple[str, Any]:
    body = {
        "kind": "service",
        "sign_in_name": f"system {clock()}",
        "display_name": "Case system",
        "memberships": [{"role": "service", "site": site}],
    }
    account = boss.post("/accounts", body).json()["account"]["id"]
    token = {
        "account": account,
        "label": "case system",
        "scopes": ["cases.read"],
        "expires_at": (clock() + timedelta(days=30)).isoformat(),
    } | more
    return account, boss.post("/tokens", token)


def test_a_token_from_issue_to_revocation(
    boss: Browser, site: str, open_browser: OpenBrowser, clock: HandClock, service: Service
) -> None:
    _, issued = system_with_token(boss, site, clock)
    assert issued.status_code == 201
    token, record = issued.json()["token"], issued.json()["record"]
    assert token.startswith("kws_")
    system = open_browser()
    bearer = {"authorization": f"Bearer {token}"}
    assert system.get("/cases", **bearer).status_code == 200
    clock.move(hours=1)
    assert system.get("/cases", **bearer).status_code == 200
    clock.move(days=1)
    assert system.get("/cases", **bearer).status_code == 200
    assert code_of(system.post("/cases", {"site": site}, **bearer)) == "S121"
    with service.database.reading() as session:
        rows = session.scalars(select(AuditEntry.action).where(AuditEntry.object_id == record["id"])).all()
        assert [action for action in rows if action == "token.use"] == ["token.use"] * 2, "once a day"
        assert "access.refused" in rows
        assert session.get_one(ApiToken, record["id"]).token_hash not in token
    boss_again = boss.get("/session").json()["step"]
    assert boss_again == "none", "a day later the administrator signs in again"


def test_a_revoked_or_ended_token_is_nothing(
    boss: Browser, site: str, open_browser: OpenBrowser, clock: HandClock, administrator: Someone
) -> None:
    _, issued = system_with_token(boss, site, clock)
    bearer = {"authorization": f"Bearer {issued.json()['token']}"}
    system = open_browser()
    assert system.get("/cases", **bearer).status_code == 200
    clock.move(days=31)
    assert code_of(system.get("/cases", **bearer)) == "S120"
    administrator.sign_in(boss)
    _, second = system_with_token(boss, site, clock)
    bearer = {"authorization": f"Bearer {second.json()['token']}"}
    assert system.get("/cases", **bearer).status_code == 200
    assert boss.send("DELETE", f"/tokens/{second.json()['record']['id']}").status_code == 204
    assert code_of(system.get("/cases", **bearer)) == "S120"
    assert second.json()["token"] not in boss.get("/tokens").text


def test_a_token_does_no_more_than_its_account_may_now(
    boss: Browser, site: str, open_browser: OpenBrowser, clock: HandClock
) -> None:
    account, issued = system_with_token(boss, site, clock)
    bearer = {"authorization": f"Bearer {issued.json()['token']}"}
    system = open_browser()
    assert boss.send("DELETE", f"/accounts/{account}/memberships/service/{site}").status_code == 200
    assert code_of(system.get("/cases", **bearer)) == "S121"
    seen = boss.get(f"/accounts/{account}").headers["etag"]
    boss.send("PATCH", f"/accounts/{account}", {"status": "locked"}, if_match=seen)
    assert code_of(system.get("/cases", **bearer)) == "S120"


def test_tokens_that_are_not_issued(
    boss: Browser, site: str, clock: HandClock, administrator: Someone
) -> None:
    late = (clock() + timedelta(days=366)).isoformat()
    for more, code in (
        ({"scopes": ["accounts.read"]}, "S138"),
        ({"scopes": ["cases.raed"]}, "S138"),
        ({"scopes": []}, "S242"),
        ({"expires_at": late}, "S139"),
        ({"expires_at": clock().isoformat()}, "S139"),
        ({"account": administrator.id}, "S140"),
        ({"account": "0" * 32}, "S136"),
        ({"label": "  "}, "S147"),
    ):
        clock.move(seconds=1)
        _, refused = system_with_token(boss, site, clock, **more)
        assert code_of(refused) == code, more


def test_a_token_needs_no_token_of_a_page(
    boss: Browser, site: str, open_browser: OpenBrowser, clock: HandClock
) -> None:
    _, issued = system_with_token(boss, site, clock, scopes=["cases.create"])
    system = open_browser()
    bearer = {"authorization": f"Bearer {issued.json()['token']}"}
    assert system.post("/cases", {"site": site}, **bearer).status_code == 201


def test_a_header_decides_over_a_cookie(boss: Browser) -> None:
    assert code_of(boss.get("/accounts", authorization="Bearer kws_nothing")) == "S120"
    assert code_of(boss.get("/accounts", authorization="Basic YTpi")) == "S120"


# Sites


def test_sites(boss: Browser, site: str) -> None:
    body = {"code": "shelter-1", "kind": "office", "name": {"en": "Other", "ar": "آخر"}}
    again = boss.post("/sites", body)
    assert (again.status_code, code_of(again)) == (409, "S142")
    shown = boss.get(f"/sites/{site}")
    changed = boss.send("PATCH", f"/sites/{site}", {"active": False}, if_match=shown.headers["etag"])
    assert changed.json()["active"] is False
    assert boss.get("/sites?active=true").json()["items"] == []
    person = {"sign_in_name": "x", "display_name": "X", "memberships": [{"role": "auditor", "site": site}]}
    assert code_of(boss.post("/accounts", person)) == "S141"
    assert code_of(boss.get(f"/sites/{'0' * 32}")) == "S136"
