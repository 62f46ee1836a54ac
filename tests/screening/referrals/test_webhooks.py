"""Messages to other systems, to a real one that listens: signed, tried again, never twice, never inside."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from screening.cli import main
from screening.engines import Engines
from screening.installations import open_installation
from screening.referrals import senders
from screening.referrals.addresses import is_public, read_address
from screening.referrals.senders import BackgroundDelivery, http_sender
from screening.referrals.webhooks import (
    DELIVERY,
    EVENT,
    SIGNATURE,
    WebhookSeen,
    add_webhook,
    announce,
    change_webhook,
    check_address,
    deliver_due,
    find_webhook,
    remove_webhook,
)
from screening.refusals import Refused
from screening.storage.tables.referrals import Delivery
from tests.screening.referrals.receivers import Receiver, listening, make_certificate
from tests.services import MASTER_KEY, HandClock, World, make_world, storage_settings

HERE = frozenset({"127.0.0.1"})


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with listening() as one:
        yield one


def listen_to(world: World, url: str, hosts: frozenset[str] = HERE, **more: Any) -> WebhookSeen:
    with world.service.work(world["administrator"]) as work:
        return add_webhook(
            work, label="case system", url=url, events=["referral.sent"], allowed_hosts=hosts, **more
        )


def tell(world: World, count: int = 1, site: str | None = None) -> None:
    with world.service.work(world["interviewer"]) as work:
        for number in range(count):
            announce(work, "referral.sent", site_id=site or world.site_a, id=f"{number:032x}", status="sent")


def deliveries(world: World) -> list[Delivery]:
    with world.service.database.reading() as session:
        found = list(session.scalars(select(Delivery).order_by(Delivery.created_at, Delivery.id)))
        session.expunge_all()
        return found


def deliver(world: World, hosts: frozenset[str] = HERE) -> int:
    return deliver_due(world.service, http_sender(hosts), hosts).delivered


def resolve_to(monkeypatch: pytest.MonkeyPatch, *answers: str) -> list[str]:
    """Names stand for these numbers, one after the other, and the last stays. Returns who is asked for."""
    asked: list[str] = []
    left = list(answers)
    others = socket.getaddrinfo

    def look_up(host: str, port: Any, *args: Any, **more: Any) -> Any:
        if host != "receiver.example":
            return others(host, port, *args, **more)
        asked.append(host)
        number = left.pop(0) if len(left) > 1 else left[0]
        family = socket.AF_INET6 if ":" in number else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (number, port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def calls(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Nobody is called; returns whom somebody tried to call."""
    made: list[Any] = []

    def connect(address: Any, *args: Any, **more: Any) -> Any:
        made.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(senders.socket, "create_connection", connect)
    return made


# What arrives


def test_a_message_is_signed_and_says_no_more(world: World, receiver: Receiver, clock: HandClock) -> None:
    made = listen_to(world, receiver.url)
    assert made.secret is not None
    tell(world)
    assert deliver(world) == 1
    (got,) = receiver.received
    assert got.path == "/hook?x=1"
    moment, signature = (part.partition("=")[2] for part in got.headers[SIGNATURE].split(","))
    assert int(moment) == int(clock.now.timestamp())
    expected = hmac.new(made.secret.encode(), moment.encode() + b"." + got.body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(signature, expected)
    forged = hmac.new(made.secret.encode(), moment.encode() + b"." + got.body + b" ", hashlib.sha256)
    assert signature != forged.hexdigest()
    body = json.loads(got.body)
    assert set(body) == {"at", "delivery", "event", "id", "status"}
    assert got.headers[DELIVERY] == body["delivery"]
    assert got.headers[EVENT] == "referral.sent"
    assert deliver(world) == 0


def test_only_those_who_listen_to_it_there_hear_of_it(world: World, receiver: Receiver) -> None:
    listen_to(world, receiver.url, site_id=world.site_b)
    stopped = listen_to(world, receiver.url)
    with world.service.work(world["administrator"]) as work:
        change_webhook(work, find_webhook(work, stopped.id), active=False)
    tell(world)
    assert deliveries(world) == []
    tell(world, site=world.site_b)
    assert deliver(world) == 1


def test_what_waits_for_a_stopped_system_waits_and_what_is_forgotten_goes(
    world: World, receiver: Receiver
) -> None:
    made = listen_to(world, receiver.url)
    tell(world)
    with world.service.work(world["administrator"]) as work:
        change_webhook(work, find_webhook(work, made.id), active=False)
    assert deliver(world) == 0
    with world.service.work(world["administrator"]) as work:
        change_webhook(work, find_webhook(work, made.id), active=True)
    assert deliver(world) == 1
    tell(world)
    with world.service.work(world["administrator"]) as work:
        remove_webhook(work, find_webhook(work, made.id))
    assert (deliver(world), deliveries(world)) == (0, [])


# What does not arrive


def test_it_is_tried_again_later_and_later(world: World, receiver: Receiver, clock: HandClock) -> None:
    listen_to(world, receiver.url)
    tell(world)
    receiver.answers = [500] * 7 + [200]
    for minutes in (1, 5, 30, 120, 480, 1440, 1440):
        assert deliver(world) == 0
        (row,) = deliveries(world)
        assert (row.status, row.last_status) == ("waiting", 500)
        assert row.next_at == clock.now + timedelta(minutes=minutes)
        clock.move(minutes=minutes, seconds=-1)
        before = len(receiver.received)
        assert deliver(world) == 0
        assert len(receiver.received) == before
        clock.move(seconds=1)
    assert deliver(world) == 1
    (row,) = deliveries(world)
    assert (row.status, row.attempts, row.last_status, row.next_at) == ("delivered", 8, 200, None)
    assert len({got.headers[DELIVERY] for got in receiver.received}) == 1
    # Signed anew each time: who holds an old message cannot send it as a new one.
    assert len({got.headers[SIGNATURE] for got in receiver.received}) == 8


def test_it_is_given_up_after_the_eighth_time(world: World, clock: HandClock) -> None:
    with listening() as gone:
        url = gone.url
    listen_to(world, url)
    tell(world)
    for _ in range(9):
        assert deliver(world) == 0
        clock.move(days=1)
    (row,) = deliveries(world)
    assert (row.status, row.attempts, row.last_status) == ("failed", 8, None)
    assert row.done_at is not None


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed(world: World, receiver: Receiver, status: int) -> None:
    listen_to(world, receiver.url)
    tell(world)
    receiver.answers = [status]
    assert deliver(world) == 0
    assert [got.path for got in receiver.received] == ["/hook?x=1"]
    (row,) = deliveries(world)
    assert (row.status, row.last_status) == ("waiting", status)


def test_who_answers_letter_by_letter_is_cut_off(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "_SECONDS_IN_ALL", 0.5)
    receiver.drips = True
    began = time.monotonic()
    with pytest.raises(OSError, match=r".*"):
        http_sender(HERE)(receiver.url, b"{}", {})
    assert time.monotonic() - began < 20


def test_one_that_cannot_be_called_holds_up_nobody(
    world: World, receiver: Receiver, clock: HandClock
) -> None:
    listen_to(world, "http://inside.example/", frozenset({"inside.example"}))
    listen_to(world, receiver.url)
    tell(world)
    # The operator names `inside.example` no longer: it may not be called, and the other hears all the same.
    assert deliver(world) == 1
    assert sorted(row.status for row in deliveries(world)) == ["delivered", "waiting"]
    assert all(row.attempts == 1 for row in deliveries(world))


# Where it may go


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "https://user:password@example.org/",
        "https://user@example.org/",
        "https://:@example.org/",
        "https://@example.org/",
        "https://example.org\\@127.0.0.1/",
        "https://example.org/#part",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://[2002:a00:1::]/",
        "https://10.1.2.3/",
        "https://169.254.169.254/latest/meta-data",
        "https://100.64.0.1/",
        "https://224.0.0.1/",
        "https://0.0.0.0/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://example.org:99999/",
        "https:///path",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://exa mple.org/",
    ],
)
def test_addresses_that_may_not_be_called(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    look_up = socket.getaddrinfo

    def numbers_only(host: str, *args: Any, **more: Any) -> Any:
        if host == "example.org":
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]
        return look_up(host, *args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", numbers_only)
    with pytest.raises(Refused) as caught:
        check_address(url, frozenset())
    assert caught.value.faults[0].code == "S187"
    check_address("https://example.org:8443/hook?a=b", frozenset())


def test_an_operator_can_name_hosts(receiver: Receiver) -> None:
    for hosts in ({"127.0.0.1"}, {f"127.0.0.1:{receiver.port}"}):
        check_address(receiver.url, frozenset(hosts))
    with pytest.raises(Refused):
        check_address(receiver.url, frozenset({"127.0.0.1:1"}))
    with pytest.raises(Refused):
        check_address(receiver.url.replace("//", "//user:word@"), HERE)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07:6820:80da:af6b:8b2c", True),
        ("192.168.1.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:192.168.1.1", False),
        ("64:ff9b::c0a8:101", False),
        ("2002:c0a8:101::", False),
        ("239.1.1.1", False),
        ("240.0.0.1", False),
    ],
)
def test_what_counts_as_public(address: str, public: bool) -> None:
    assert is_public(address) is public


def test_the_address_that_was_checked_is_the_one_that_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    asked, made = resolve_to(monkeypatch, "93.184.215.14", "127.0.0.1"), calls(monkeypatch)
    with pytest.raises(OSError, match=r".*"):
        http_sender()("https://receiver.example/", b"{}", {})
    assert asked == ["receiver.example"]
    assert made == [("93.184.215.14", 443)]


def test_a_name_that_leads_inside_afterwards_is_not_called(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolve_to(monkeypatch, "93.184.215.14")
    listen_to(world, "https://receiver.example/", frozenset())
    tell(world)
    made = calls(monkeypatch)
    # It leads inside when it is sent; and it leads inside only after it was looked at a first time.
    for answers in (("10.0.0.1",), ("93.184.215.14", "10.0.0.1")):
        resolve_to(monkeypatch, *answers)
        assert deliver(world, frozenset()) == 0
        assert made == []
        world.service.clock.move(minutes=10)  # type: ignore[attr-defined]


def test_proxies_of_the_environment_are_not_used(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with listening() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert http_sender(HERE)(receiver.url, b"{}", {}) == 204
        assert proxy.received == []


def test_certificates_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = make_certificate(tmp_path)
    hosts = frozenset({"localhost", "127.0.0.1"})
    with listening(certificate) as receiver:
        with pytest.raises(OSError, match="certificate"):
            http_sender(hosts)(receiver.url, b"{}", {})
        assert receiver.received == []
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        assert http_sender(hosts)(receiver.url, b"{}", {}) == 204
        # The same machine under a name that the certificate does not know.
        with pytest.raises(OSError, match="certificate"):
            http_sender(hosts)(receiver.url.replace("localhost", "127.0.0.1"), b"{}", {})


def test_an_address_is_read_in_one_way() -> None:
    place = read_address("https://Receiver.Example/a/b?c=d")
    assert (place.secure, place.host, place.port, place.target) == (
        True,
        "receiver.example",
        443,
        "/a/b?c=d",
    )


# Two at once


def test_two_at_once_send_each_message_once(world: World, receiver: Receiver) -> None:
    listen_to(world, receiver.url)
    tell(world, 60)
    failures: list[BaseException] = []
    barrier = threading.Barrier(3)

    def work_off() -> None:
        try:
            barrier.wait(60)
            send = http_sender(HERE)
            while deliver_due(world.service, send, HERE).tried:
                pass
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failures.append(error)

    threads = [threading.Thread(target=work_off) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failures == []
    ids = [got.headers[DELIVERY] for got in receiver.received]
    assert (len(ids), len(set(ids))) == (60, 60)
    assert {row.status for row in deliveries(world)} == {"delivered"}


def test_what_another_process_took_and_left_is_taken_up_again(
    world: World, receiver: Receiver, clock: HandClock
) -> None:
    listen_to(world, receiver.url)
    tell(world)

    def die(url: str, body: bytes, headers: dict[str, str]) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(world.service, die, HERE)
    assert deliver(world) == 0
    clock.move(minutes=15)
    assert deliver(world) == 1


def test_the_background_delivers_and_stops(world: World, receiver: Receiver) -> None:
    listen_to(world, receiver.url)
    tell(world)
    background = BackgroundDelivery(world.service, HERE, seconds=0.05)
    background.start()
    background.start()
    until = time.monotonic() + 60
    while deliveries(world)[0].status != "delivered" and time.monotonic() < until:
        time.sleep(0.05)
    background.stop()
    assert len(receiver.received) == 1
    tell(world)
    time.sleep(0.3)
    assert len(receiver.received) == 1


def test_nothing_more_is_sent_once_it_stops(world: World, receiver: Receiver) -> None:
    listen_to(world, receiver.url)
    tell(world, 3)
    done = deliver_due(world.service, http_sender(HERE), HERE, stopping=lambda: bool(receiver.received))
    assert (done.tried, len(receiver.received)) == (1, 1)


# From the command line


def test_from_the_command_line(
    tmp_path: Path,
    kuwait_engines: Engines,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    receiver: Receiver,
) -> None:
    import structlog

    before = structlog.get_config()
    url = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    service = open_installation(storage_settings(url), kuwait_engines, HandClock())
    world = make_world(service)
    listen_to(world, receiver.url)
    tell(world, 25)
    service.close()
    monkeypatch.setenv("SCREENING_DATABASE_URL", url)
    monkeypatch.setenv("SCREENING_MASTER_KEY", MASTER_KEY)
    try:
        # Without the setting, an address on this machine is not called.
        assert main(["webhooks", "deliver"]) == 1
        assert "Delivered: 0. Still waiting: 25." in capsys.readouterr().out
        assert receiver.received == []
        with world.service.database.writing() as session:
            for row in session.scalars(select(Delivery)):
                row.next_at = HandClock().now
        monkeypatch.setenv("SCREENING_WEBHOOK_HOSTS", " 127.0.0.1 , other.example")
        assert main(["webhooks", "deliver", "--lang", "ar"]) == 0
        assert "سُلّمت: \u206825\u2069" in capsys.readouterr().out
        assert len(receiver.received) == 25
    finally:
        structlog.configure(**before)
        world.service.close()
