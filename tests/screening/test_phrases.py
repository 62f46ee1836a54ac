"""Every sentence exists in both languages, with its plural forms, and none names a person as anything."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import api
import screening
from indicators.models import Text
from screening.phrases import (
    FIRST_STRONG_ISOLATE,
    LANGUAGES,
    POP_ISOLATE,
    isolate_numbers,
    list_either,
    make_printable,
    phrases,
    say,
    say_both,
    slots_of,
)

ARABIC_LETTER = re.compile("[\u0621-\u064a]")
FORBIDDEN = {"en": re.compile(r"\bvictims?\b", re.IGNORECASE), "ar": re.compile("ضحية|ضحايا|الضحية")}


def every_form() -> list[tuple[str, str, str]]:
    return [
        (phrase.id, lang, text)
        for phrase in phrases().values()
        for lang, forms in phrase.forms.items()
        for text in forms.values()
    ]


def test_no_sentence_says_that_somebody_is_or_is_not_a_victim() -> None:
    assert [(id, text) for id, lang, text in every_form() if FORBIDDEN[lang].search(text)] == []


def test_arabic_sentences_are_arabic_and_english_ones_are_not() -> None:
    for id, lang, text in every_form():
        bare = re.sub(r"\{[a-z_]+\}", "", text)
        if not re.search(r"\w", bare):
            continue
        assert bool(ARABIC_LETTER.search(bare)) == (lang == "ar"), (id, text)


def test_every_form_fills_only_slots_that_the_whole_phrase_has() -> None:
    for phrase in phrases().values():
        known = slots_of(phrase.forms["en"]["other"]) | {phrase.count}
        for lang in LANGUAGES:
            for text in phrase.forms[lang].values():
                assert slots_of(text) <= known, phrase.id


def test_every_phrase_is_said_somewhere() -> None:
    packages = (Path(screening.__file__).parent, Path(api.__file__).parent)
    files = [path for package in packages for path in sorted(package.rglob("*.py"))]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    exact = set(re.findall(r'"([a-z_]+(?:\.[a-z_0-9]+)*)"', source))
    openings = set(re.findall(r'f"([a-z_]+(?:\.[a-z_0-9]+)*\.?)\{', source))
    endings = set(re.findall(r'\{[a-z_]+\}((?:\.[a-z_]+)+)"', source))
    unsaid = [
        id
        for id in phrases()
        if id not in exact
        and not any(opening and id.startswith(opening) for opening in openings)
        and not any(id.endswith(ending) for ending in endings)
    ]
    assert unsaid == []


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "لا يوجد سؤال أساسي مفتوح"),
        (1, "سؤال أساسي واحد"),
        (2, "سؤالان أساسيان"),
        (3, "أسئلة أساسية"),
        (10, "أسئلة أساسية"),
        (11, "سؤالاً أساسياً"),
        (99, "سؤالاً أساسياً"),
        (100, "سؤال أساسي مفتوحاً"),
        (103, "أسئلة أساسية"),
    ],
)
def test_arabic_counts_in_six_forms(count: int, words: str) -> None:
    assert words in say("unknown.core", "ar", count=count, total=120)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "No core"), (1, "One of"), (2, "2 of 14"), (11, "11 of 14")]
)
def test_english_counts_in_two_forms_and_says_none_as_none(count: int, words: str) -> None:
    assert say("unknown.core", "en", count=count, total=14).startswith(words)


def test_ids_and_numbers_are_isolated_in_arabic_so_that_they_do_not_turn_the_line() -> None:
    text = say("line.rule", "ar", rule="L91-M-04", rationale="سيطرة")
    assert f"{FIRST_STRONG_ISOLATE}L91-M-04{POP_ISOLATE}" in text
    assert FIRST_STRONG_ISOLATE not in say("line.rule", "en", rule="L91-M-04", rationale="Control.")


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("المادة 22(4)", ["22(4)"]),
        ("المادتان 12 و22(4)", ["12", "22(4)"]),
        ("المادة 12(أ)", ["12"]),
        ("القرار 2194/2016.", ["2194/2016"]),
        ("التوصيات", []),
    ],
)
def test_a_number_keeps_its_brackets_on_their_side(text: str, kept: list[str]) -> None:
    isolated = isolate_numbers(text)
    assert re.findall(f"{FIRST_STRONG_ISOLATE}(.*?){POP_ISOLATE}", isolated) == kept
    assert isolated.replace(FIRST_STRONG_ISOLATE, "").replace(POP_ISOLATE, "") == text


def test_arabic_inside_an_english_sentence_is_isolated() -> None:
    text = say("line.rule", "en", rule="L91-M-04", rationale="سيطرة")
    assert f"{FIRST_STRONG_ISOLATE}سيطرة{POP_ISOLATE}" in text


def test_isolates_are_balanced_however_deep_sentences_stand_in_one_another() -> None:
    inner = say_both(
        "answer.value.person", question=Text(en="Q?", ar="س؟"), value=list_either([Text(en="a", ar="أ")])
    )
    text = say("answer.other_side", "ar", sentence=inner)
    counted = Counter(text)
    assert counted[FIRST_STRONG_ISOLATE] == counted[POP_ISOLATE] > 2


def test_a_slot_cannot_move_the_cursor_or_forge_a_line() -> None:
    text = say("line.rule", "en", rule="X\x1b[2J\n", rationale="a\u202eb")
    assert "\x1b" not in text
    assert "\n" not in text
    assert "\u202e" not in text
    assert make_printable("سؤال؟") == "سؤال؟"


def test_a_missing_slot_or_phrase_is_loud() -> None:
    with pytest.raises(KeyError):
        say("line.rule", "en", rule="X")
    with pytest.raises(KeyError):
        say("no.such.phrase", "en")
    with pytest.raises(TypeError):
        say("next.helps", "en", count="three")
