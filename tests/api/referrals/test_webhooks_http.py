"""Receiving systems over HTTP, what they are told of a referral, and the settings about them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.examples import example_ids, operation_examples
from api.settings import Settings, read_settings
from indicators.errors import ContentError
from screening.engines import Engines
from screening.referrals.events import load_referral_book
from screening.referrals.settings import ReferralSettings
from screening.storage.tables.referrals import Delivery
from tests.api.referrals.conftest import API, Counter, code_of
from tests.services import fresh_settings

HOOK = {
    "label": "case system",
    "url": "https://93.184.215.14/hook",
    "events": ["referral.sent", "referral.accepted", "referral.declined", "referral.created"],
}


def add(counter: Counter, headers: Any = None, **more: Any) -> Any:
    return counter["administrator"].post(f"{API}/webhooks", json={**HOOK, **more}, headers=headers)


def test_a_receiving_system_from_beginning_to_end(counter: Counter) -> None:
    client = counter["administrator"]
    key = {"Idempotency-Key": "once"}
    made = add(counter, headers=key)
    assert made.status_code == 201, made.text
    shown = made.json()
    assert len(shown["secret"]) >= 40
    # Shown once: sending it again neither makes another nor tells the secret.
    assert code_of(add(counter, headers=key)) == (409, "S235")
    (listed,) = client.get(f"{API}/webhooks").json()["items"]
    assert listed == {**shown, "secret": None}
    address = made.headers["location"]
    assert code_of(client.patch(address, json={"active": False})) == (428, "S231")
    changed = client.patch(address, json={"active": False}, headers={"If-Match": made.headers["etag"]})
    assert (changed.json()["active"], changed.headers["etag"]) == (False, '"2"')
    assert changed.json()["secret"] is None
    assert code_of(client.patch(address, json={"active": True}, headers={"If-Match": '"1"'})) == (412, "S232")
    assert client.delete(address).status_code == 204
    assert code_of(client.get(f"{address}/deliveries")) == (404, "S150")
    assert client.get(f"{API}/webhooks").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"url": "http://93.184.215.14/"}, (422, "S187")),
        ({"url": "https://10.0.0.1/"}, (422, "S187")),
        ({"url": "https://user:word@93.184.215.14/"}, (422, "S187")),
        ({"url": "ftp://93.184.215.14/"}, (422, "S239")),
        ({"events": ["referral.snet"]}, (422, "S180")),
        ({"events": []}, (422, "S242")),
        ({"site": "0" * 32}, (422, "S194")),
        ({"secret": "mine"}, (422, "S238")),
    ],
)
def test_what_cannot_be_added(counter: Counter, body: dict[str, Any], expected: tuple[int, str]) -> None:
    assert code_of(add(counter, **body)) == expected


def test_only_administrators_see_them(counter: Counter) -> None:
    made = add(counter).json()
    address = f"{API}/webhooks/{made['id']}"
    for name in ("supervisor", "interviewer", "auditor"):
        client = counter[name]
        assert code_of(client.get(f"{API}/webhooks")) == (403, "S121")
        assert code_of(client.get(f"{address}/deliveries")) == (403, "S121")
        assert code_of(client.post(f"{API}/webhooks", json=HOOK)) == (403, "S121")
        assert code_of(client.patch(address, json={}, headers={"If-Match": '"1"'})) == (403, "S121")
        assert code_of(client.delete(address)) == (403, "S121")


def test_address_and_secret_are_sealed(counter: Counter) -> None:
    made = add(counter, url="https://93.184.215.14/ZAMARKER").json()
    from screening.storage.tables.referrals import Webhook

    with counter.world.service.database.reading() as session:
        row = session.get_one(Webhook, made["id"])
        assert b"ZAMARKER" not in row.url
        assert made["secret"].encode() not in row.secret


def test_a_message_says_where_a_referral_stands_and_nothing_of_the_person(counter: Counter) -> None:
    hook = add(counter).json()
    case = counter.case()
    values = {"full_name": "ZANAME", "languages": "ZATONGUE", "telephone": "+965 5555 0123"}
    counter["interviewer"].patch(f"{API}/cases/{case}/identity", json=values, headers={"If-Match": '"0"'})
    sent = counter.sent(case=case, message="ZAMESSAGE", because="ZAWHY", share=["full_name"])
    counter.record(sent["id"], "declined", reason="pregnancy_or_children", note="ZANOTE")
    client = counter["administrator"]
    listed = client.get(f"{API}/webhooks/{hook['id']}/deliveries").json()["items"]
    assert sorted(one["event"] for one in listed) == [
        "referral.created",
        "referral.declined",
        "referral.sent",
    ]
    assert {one["status"] for one in listed} == {"waiting"}
    with counter.world.service.database.reading() as session:
        bodies = [json.loads(row.body) for row in session.query(Delivery)]
    for body in bodies:
        assert set(body) == {"at", "delivery", "event", "id", "referral", "service", "status", "version"}
        assert body["id"] == sent["id"]
    text = json.dumps(bodies)
    assert re.findall("ZA[A-Z]+|5555", text) == []
    for hidden in (case, sent["case_number"], "pregnancy", '"shelter"'):
        assert hidden not in text
    # What it is told is enough to answer: the id, and the version for `If-Match`.
    newest = max(bodies, key=lambda body: int(body["version"]))
    shown = counter["interviewer"].get(f"{API}/referrals/{newest['id']}")
    assert shown.headers["etag"] == f'"{newest["version"]}"'


def test_every_example_is_taken(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    examples, ids = operation_examples(), example_ids()
    for example in examples["add_receiving_system"].values():
        text = json.dumps(example["value"]).replace(ids["site"], counter.world.site_a)
        made = counter["administrator"].post(f"{API}/webhooks", json=json.loads(text))
        assert made.status_code == 201, made.text
    for version, example in enumerate(examples["change_receiving_system"].values(), start=1):
        changed = counter["administrator"].patch(
            made.headers["location"], json=example["value"], headers={"If-Match": f'"{version}"'}
        )
        assert changed.status_code == 200, changed.text


# Settings


def test_hosts_are_read_with_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCREENING_WEBHOOK_HOSTS", " Inside.example, 10.0.0.1:8443,, ")
    assert read_settings().allowed_hosts == {"inside.example", "10.0.0.1:8443"}
    monkeypatch.delenv("SCREENING_WEBHOOK_HOSTS")
    assert ReferralSettings().allowed_hosts == frozenset()


SHIPPED = Path(__file__).parents[3] / "screening"


def test_a_folder_of_ones_own_replaces_what_is_in_it(kuwait_engines: Engines, tmp_path: Path) -> None:
    text = (SHIPPED / "referrals" / "events.yaml").read_text("utf-8")
    assert "next_hours: 72" in text
    (tmp_path / "events.yaml").write_text(text.replace("next_hours: 72", "next_hours: 48"), "utf-8")
    app = create_app(fresh_settings(tmp_path, referral_folder=tmp_path), kuwait_engines)
    sent = app.state.guidance.book.event("sent")
    assert sent.next_hours == 48
    assert app.state.guidance.duty.value == "ask_a_lawyer"
    assert len(app.state.mechanism.stages) == 6
    app.state.service.close()


@pytest.mark.parametrize(
    ("find", "put", "code"),
    [
        ("to: sent", "to: snet", "C005"),
        ("from: [created, sent]", "from: [created, snet]", "C005"),
        ("how: [handed_to_person,", "how: [handed,", "C005"),
        ("permission: referrals.answer", "permission: referrals.anything", None),
        ("- {id: today,", "- {id: tomorrow,", "C003"),
        ("  - id: printed\n", "  - id: copied\n", "C003"),
        ("  - id: explained\n", "  - id: told\n", "C003"),
        (
            "  - id: accepted\n    label: {en: The service takes",
            "  - id: sent\n    label: {en: The service takes",
            "C008",
        ),
        ("only_if_recommended: [embassy, voluntary_return]\n", "", "C003"),
        ("longest_days: 400", "longest_days: 0", None),
        ("ar: أُرسلت إلى الجهة", "xx: أُرسلت إلى الجهة", None),
    ],
)
def test_a_broken_folder_stops_the_start(
    kuwait_engines: Engines, tmp_path: Path, find: str, put: str, code: str | None
) -> None:
    text = (SHIPPED / "referrals" / "events.yaml").read_text("utf-8")
    assert find in text
    (tmp_path / "events.yaml").write_text(text.replace(find, put, 1), "utf-8")
    with pytest.raises(ContentError) as caught:
        load_referral_book(tmp_path)
    codes = {fault.code for fault in caught.value.faults}
    assert code is None or code in codes, codes
    assert all(fault.line for fault in caught.value.faults)
    with pytest.raises(ContentError):
        create_app(fresh_settings(tmp_path, referral_folder=tmp_path), kuwait_engines)


def test_words_that_somebody_configured_cannot_let_a_referral_leave_without_a_yes(
    counter: Counter, app: Any, tmp_path: Path
) -> None:
    from dataclasses import replace

    text = (SHIPPED / "referrals" / "events.yaml").read_text("utf-8")
    loose = text.replace("needs_consent: true", "needs_consent: false").replace(
        "from: [sent, followed_up]\n    to: accepted", "from: [created, sent, followed_up]\n    to: accepted"
    )
    assert loose != text
    (tmp_path / "events.yaml").write_text(loose, "utf-8")
    app.state.guidance = replace(app.state.guidance, book=load_referral_book(tmp_path))
    shown = counter.written()
    counter.agree(shown["case"], state="withdrawn")
    assert code_of(counter.record(shown["id"], "sent", how="letter")) == (422, "S182")
    assert code_of(counter.record(shown["id"], "accepted")) == (422, "S182")


def test_settings_of_referrals_are_settings_of_the_service() -> None:
    assert set(ReferralSettings.model_fields) <= set(Settings.model_fields)
