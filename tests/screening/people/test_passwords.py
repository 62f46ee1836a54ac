"""Passwords as they are shipped: parameters, equal work, forms of Unicode, and what is tried first."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.people import passwords
from screening.people.one_time_texts import hash_token, new_token
from screening.people.passwords import Hasher, check_password, is_common, load_common_passwords
from screening.refusals import Refused


@pytest.fixture(scope="module")
def shipped() -> Hasher:
    return Hasher()


def test_the_shipped_parameters(shipped: Hasher) -> None:
    kept = shipped.hash("maple river cloud seven")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=1$")
    assert shipped.verify(kept, "maple river cloud seven") == passwords.Verified(True)
    assert not shipped.verify(kept, "maple river cloud eight").right
    assert len(kept) <= 200, "the column holds no more"


def test_without_a_hash_nothing_is_right_not_even_its_stand_in(shipped: Hasher) -> None:
    assert not shipped.verify(None, "nobody has this password").right
    assert not shipped.verify("not a hash", "anything at all").right


def test_a_hash_of_other_parameters_is_renewed(shipped: Hasher) -> None:
    old = Hasher(passes=1, memory_kib=64, lanes=1).hash("maple river cloud seven")
    found = shipped.verify(old, "maple river cloud seven")
    assert found.right
    assert str(found.new_hash).startswith("$argon2id$v=19$m=65536,t=3")
    assert shipped.verify(old, "wrong").new_hash is None


def test_forms_of_unicode_are_one_password() -> None:
    quick = Hasher(passes=1, memory_kib=64, lanes=1)
    kept = quick.hash("Ａé﷼ maple river")
    assert quick.verify(kept, "Ae\u0301ریال maple river").right


def test_only_a_few_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = Hasher(passes=1, memory_kib=64, lanes=1)
    running, most, lock = 0, 0, threading.Lock()
    full, one_too_many = threading.Event(), threading.Event()

    class Slow:
        def hash(self, _: str) -> str:
            nonlocal running, most
            with lock:
                running += 1
                most = max(most, running)
                if running == 4:
                    full.set()
                if running > 4:
                    one_too_many.set()
            # Four are there at once, however slowly threads begin; a fifth is given the time to come.
            assert full.wait(60)
            one_too_many.wait(0.1)
            with lock:
                running -= 1
            return "x"

    monkeypatch.setattr(quick, "_hasher", Slow())
    threads = [threading.Thread(target=quick.hash, args=("x",)) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 4


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "Password2026!!",
        "p@$$w0rd-1234",
        "kuwait-kuwait",
        "iloveyou-iloveyou",
        "123456789012345",
        "zyxwvutsrqponm",
        "asdfghjkl;12345",
        "ababababababab",
        "correct horse battery staple",
        "محمد محمد محمد",
        "كلمة السر 2026",
        "letmein letmein",
        "Ministry of Interior",
        "hunter.smith.1970",
    ],
)
def test_what_is_tried_first(password: str) -> None:
    assert is_common(password, ["Hunter Smith"])


@pytest.mark.parametrize(
    "password",
    [
        "whosyourdaddy",
        "WebSolutions",
        "polniypizdec0211",
        "elephant2026!",
        "1999-Samantha",
        "el3ph@nt-2026",
        "corvettecorvette",
        "needforspeed!",
    ],
)
def test_what_stands_among_leaked_passwords(password: str) -> None:
    """One of them is refused, also with a year beside it or said twice; no list of ours has these."""
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        "elephant corvette lantern",
        "elephant-8841-9302-7716",
        "maple river cloud seven",
        "شجرة زيتون قديمة بعيدة",
        "tr0ub4dor&3 xylophone",
        "kV8#mw2!pQz9",
        "ලස්සන ගෙදරක් තියෙනවා",
        "我家门前有两棵枣树另一棵也是",
        "12345 maple 67890",
    ],
)
def test_what_is_taken(password: str) -> None:
    check_password(password, ["Hunter Smith"])


def test_every_leaked_password_that_is_long_enough_is_refused() -> None:
    long = [word for word in passwords.load_leaked_passwords() if len(word) >= passwords.LEAST]
    assert len(long) > 200
    assert not [word for word in long if not is_common(word)]


def test_the_list_itself_is_refused() -> None:
    long = [word for word in load_common_passwords().words if len(word) >= passwords.LEAST]
    assert long
    for word in long:
        assert is_common(word), word


@given(st.text(max_size=300))
def test_any_text_is_judged_without_failing(text: str) -> None:
    codes = []
    try:
        check_password(text)
    except Refused as error:
        codes = [one.code for one in error.faults]
    assert codes in ([], ["S129"], ["S130"])


def test_tokens_are_random_and_hashed() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 43 and hash_token(token) != token for token in tokens)
