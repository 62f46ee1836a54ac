"""What is said aloud to a person: short sentences and everyday words, in both languages.

`python -m tests.content.test_spoken_wording --write` writes `docs/reviewers/reading-level.md` from the bank.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from indicators.catalogue import Catalogue
from indicators.content import load_catalogue
from indicators.yaml_reading import read_yaml

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "reviewers" / "reading-level.md"
LANGUAGES = ("en", "ar")
SENTENCE_ENDS = re.compile(r"(?<=[.?!؟])\s+")
WORD = re.compile(r"[\w']+")
# Short vowels and lengthening strokes are written or not at will.
MARKS = re.compile("[\u064b-\u0652\u0640]")
JOINED = frozenset("وفبلك")


@dataclass(frozen=True)
class Spoken:
    """One sentence as it is said: where it stands, in which language, and its words."""

    place: str
    language: str
    sentence: str
    instruments: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        return WORD.findall(MARKS.sub("", self.sentence).lower())


@cache
def bank() -> Catalogue:
    catalogue, _ = load_catalogue()
    return catalogue


@cache
def limits() -> dict[str, Any]:
    return dict(read_yaml((HERE / "words_not_spoken.yaml").read_text(encoding="utf-8")).plain())


@cache
def spoken() -> tuple[Spoken, ...]:
    """Every sentence of the questions that are put to the person, and of the answers that are read out."""
    asked_in = {
        name: tuple(
            instrument.instrument
            for instrument in bank().instruments.values()
            if any(name in section.questions for section in instrument.sections)
        )
        for name in bank().questions
    }
    found = []
    for name, question in bank().questions.items():
        if question.answered_by != "person":
            continue
        texts = [(name, question.text), *((f"{name}: {item.id}", item.text) for item in question.options)]
        for place, text in texts:
            for language in LANGUAGES:
                said = getattr(text, language)
                assert said is not None, place
                found += [
                    Spoken(place, language, sentence, asked_in[name])
                    for sentence in SENTENCE_ENDS.split(said)
                ]
    return tuple(found)


def unfit_words(said: Spoken) -> Iterator[str]:
    listed = limits()[said.language]
    for word in said.words:
        if any(
            form in listed["whole"] or form.startswith(tuple(listed["begins"])) for form in bare_forms(word)
        ):
            yield word


def bare_forms(word: str) -> Iterator[str]:
    """The word, and the word without the small Arabic words that are written joined to it."""
    yield word
    for length in (1, 2):
        joined, rest = word[:length], word[length:]
        if len(rest) > 2 and set(joined) <= JOINED:
            yield rest
    if word.startswith("لل"):
        yield "ال" + word[2:]


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(language: str) -> None:
    most = limits()["most_words_in_a_sentence"][language]
    assert [
        (item.place, item.sentence)
        for item in spoken()
        if item.language == language and len(item.words) > most
    ] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_legal_word_and_no_name_for_the_crime_or_the_person(language: str) -> None:
    assert [
        (item.place, word) for item in spoken() if item.language == language for word in unfit_words(item)
    ] == []


@pytest.mark.parametrize(
    ("language", "sentence", "word"),
    [
        ("en", "Are you a victim?", "victim"),
        ("en", "Was it human trafficking?", "trafficking"),
        ("ar", "هل أنت ضحيّة؟", "ضحية"),
        ("ar", "هل هذا اتجار بالأشخاص؟", "اتجار"),
        ("ar", "هل هذا المكان للضحايا؟", "للضحايا"),
        ("ar", "هل يتعلق الأمر بالاتجار؟", "بالاتجار"),
    ],
)
def test_the_list_finds_what_it_is_for(language: str, sentence: str, word: str) -> None:
    assert word in list(unfit_words(Spoken("a question", language, sentence, ())))


def test_questions_of_the_person_are_all_looked_at() -> None:
    assert len({item.place for item in spoken() if ":" not in item.place}) > 120
    assert {item.language for item in spoken()} == set(LANGUAGES)


def test_the_page_for_reviewers_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run it as a module with --write"


def page() -> str:
    """The page of reading levels: limits, figures by instrument, and the longest sentences."""
    most = limits()["most_words_in_a_sentence"]
    lines = [
        "# Reading level of what is said aloud",
        "",
        "Written by `python -m tests.content.test_spoken_wording --write`; not edited by hand. It looks at",
        "the questions put to the person and at the answers read out, not at what only the interviewer sees.",
        "",
        f"A sentence has at most {most['en']} words in English and {most['ar']} in Arabic (Arabic joins",
        "small words to the next, so it needs fewer). Words nobody should have to know, and the words for",
        "the crime and the person, are listed in `tests/content/words_not_spoken.yaml`; none is spoken.",
        "",
        "Figures count words. They do not show whether a sentence is natural: a speaker of each language",
        "reads them aloud.",
        "",
        "## By instrument",
        "",
        "| instrument | spoken questions | words a sentence, English: mean, most | Arabic: mean, most |",
        "|---|---|---|---|",
    ]
    for name in sorted(bank().instruments):
        questions = [item for item in spoken() if ":" not in item.place and name in item.instruments]
        cells = []
        for language in LANGUAGES:
            counts = [len(item.words) for item in questions if item.language == language]
            cells.append(f"{sum(counts) / len(counts):.1f}, {max(counts)}")
        lines.append(f"| `{name}` | {len({item.place for item in questions})} | {cells[0]} | {cells[1]} |")
    for language, title in (("en", "English"), ("ar", "Arabic")):
        lines += ["", f"## The longest in {title}", "", "| words | where | sentence |", "|---|---|---|"]
        longest = sorted(
            (item for item in spoken() if item.language == language),
            key=lambda item: (-len(item.words), item.place, item.sentence),
        )
        lines += [f"| {len(item.words)} | `{item.place}` | {item.sentence} |" for item in longest[:15]]
    return "\n".join(lines) + "\n"


if __name__ == "__main__" and "--write" in sys.argv:
    PAGE.write_text(page(), encoding="utf-8")
