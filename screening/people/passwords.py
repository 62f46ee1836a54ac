"""Passwords: argon2id, a length, and a list of what is tried first; no rules about kinds of characters."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type

from indicators.errors import ContentError, Fault, fault
from indicators.models import Content
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import SomeOf
from screening.refusals import Refused

LEAST: Final = 12
# Longer ones would only cost time; nobody types them and managers make shorter ones.
MOST: Final = 256

# The second choice of RFC 9106 (64 MiB, three passes) with one lane: a small server has few cores, and
# several people sign in at the same moment when a shift begins. About a tenth of a second on such a machine.
MEMORY_KIB: Final = 65_536
PASSES: Final = 3
LANES: Final = 1
# Each takes that memory: without a bound, a flood of sign-ins would take the machine.
_AT_ONCE: Final = 4

_FEWEST_DISTINCT: Final = 5
_SHORTEST_RUN: Final = 3
_FILE: Final = "screening/people/common_passwords.yaml"
_REPLACED: Final = str.maketrans("@043157$!+", "aoaeistsit")
_ARABIC_FORMS: Final = str.maketrans("أإآٱةىؤئ", "ااااهيوي")


class CommonPasswords(Content):
    """What people try first."""

    words: SomeOf[str]
    runs: SomeOf[str]


@dataclass(frozen=True, slots=True)
class Verified:
    """Whether a password was right, and its hash under today's parameters if the stored one is of others."""

    right: bool
    new_hash: str | None = None


class Hasher:
    """Hashes and verifies passwords, a few at a time, and never inside a transaction: it takes long."""

    def __init__(self, passes: int = PASSES, memory_kib: int = MEMORY_KIB, lanes: int = LANES) -> None:
        self._hasher = PasswordHasher(
            time_cost=passes, memory_cost=memory_kib, parallelism=lanes, type=Type.ID
        )
        self._turns = threading.BoundedSemaphore(_AT_ONCE)
        # Verified in place of the hash of a name that nobody has, so that both take the same time.
        self._nobody = _hash_of_nobody(passes, memory_kib, lanes)

    def hash(self, password: str) -> str:
        """Return the hash to keep."""
        with self._turns:
            return self._hasher.hash(normal(password))

    def verify(self, kept: str | None, password: str) -> Verified:
        """Compare with the hash that is kept; without one it takes as long and is never right."""
        with self._turns:
            try:
                self._hasher.verify(kept if kept is not None else self._nobody, normal(password)[: MOST + 1])
            except (VerificationError, InvalidHashError):
                return Verified(False)
            if kept is None:
                return Verified(False)
            stale = self._hasher.check_needs_rehash(kept)
            return Verified(True, self._hasher.hash(normal(password)) if stale else None)


@cache
def _hash_of_nobody(passes: int, memory_kib: int, lanes: int) -> str:
    hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=lanes, type=Type.ID)
    return hasher.hash("nobody has this password")


def normal(password: str) -> str:
    """Return the form that is hashed: the same for every keyboard and system (Unicode NFKC)."""
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, names: Iterable[str] = (), field: str = "password") -> None:
    """Raise `Refused` with S129 or S130 unless a new password is long enough and none of the common ones.

    `names` are those of its owner.
    """
    text = normal(password)
    wrong: Fault | None = None
    if not LEAST <= len(text) <= MOST:
        wrong = fault("S129", field=field, least=LEAST, most=MOST)
    elif is_common(text, names):
        wrong = fault("S130", field=field)
    if wrong is not None:
        raise Refused([wrong])


def is_common(password: str, names: Iterable[str] = ()) -> bool:
    """Whether a password is nothing but common words, its owner's names, digits, signs and repetitions.

    Or one of those most often found among leaked passwords, said once or again, with no more than its own
    length of digits and signs around it.
    """
    folded = _fold(password)
    if len(set(folded)) < _FEWEST_DISTINCT:
        return True
    own = {part for name in names for part in (_letters(_fold(name)), *map(_letters, _fold(name).split()))}
    known = load_common_passwords().words
    words = {_letters(_fold(word)) for word in known} | {part for part in own if len(part) > 1}
    core = folded.strip("".join(letter for letter in set(folded) if not letter.isalpha()))
    leaked, plain = load_leaked_passwords(), core.translate(_REPLACED)
    tried = (folded, core, plain) if 2 * len(core) >= len(folded) else (folded,)
    if not leaked.isdisjoint(map(_once, tried)):
        return True
    return any(_is_made_of(text, words) for text in (_letters(folded), _letters(plain)))


@cache
def load_common_passwords() -> CommonPasswords:
    """Return the shipped list; raises `ContentError` with every fault of the file."""
    node, faults = parse_yaml((files("screening") / "people" / "common_passwords.yaml").read_bytes(), _FILE)
    found = None if node is None else validate(CommonPasswords, node, faults)
    if found is None or faults:
        raise ContentError(tuple(faults))
    return found


@cache
def load_leaked_passwords() -> frozenset[str]:
    """Return the passwords that stand most often in what was leaked from other services, folded."""
    # Only a process in which somebody chooses a password needs the list and its fifteen megabytes.
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    return frozenset(_fold(one) for one in FREQUENCY_LISTS["passwords"])


@cache
def _runs() -> tuple[str, ...]:
    return tuple(run for text in load_common_passwords().runs for run in (_fold(text), _fold(text)[::-1]))


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_ARABIC_FORMS)
    # Without vowel signs and the stroke that lengthens an Arabic word: they are seldom typed twice the same.
    return "".join(letter for letter in plain if not unicodedata.combining(letter) and letter != "\u0640")


def _once(text: str) -> str:
    """A text that is only another one said again and again, once."""
    return text[: (text + text).find(text, 1)]


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalpha())


def _is_made_of(text: str, words: set[str]) -> bool:
    """Whether a text is words and pieces of runs, one after another; an empty one had no letter at all."""
    longest = max(map(len, words))
    reached = {0}
    for begin in range(len(text)):
        if begin not in reached:
            continue
        for end in range(begin + 1, min(begin + max(longest, len(text)), len(text)) + 1):
            piece = text[begin:end]
            if piece in words or (len(piece) >= _SHORTEST_RUN and any(piece in run for run in _runs())):
                reached.add(end)
    return len(text) in reached
