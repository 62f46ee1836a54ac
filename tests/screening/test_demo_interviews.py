"""The shipped interviews to try: complete in both languages, invented or with their sources."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from screening.demo_interviews import load_demo_interviews
from screening.phrases import LANGUAGES


def test_there_are_enough_of_both_kinds_and_each_says_where_it_comes_from() -> None:
    interviews = load_demo_interviews()
    published = [one for one in interviews if not one.invented]
    assert len(published) == 8
    assert len(interviews) - len(published) >= 12
    assert len({one.id for one in interviews}) == len(interviews)
    for one in published:
        assert one.sources
        assert one.authority is not None
    assert list(interviews[: len(published)]) == published


def test_every_title_story_and_label_is_there_in_both_languages() -> None:
    for one in load_demo_interviews():
        texts = [one.title, one.story]
        if one.authority is not None:
            texts += [one.authority.label, one.authority.body, one.authority.basis]
        for text in texts:
            assert text.en.strip(), one.id
            assert text.ar.strip(), one.id
    assert LANGUAGES == ("en", "ar")


BOTH = "{en: x, ar: س}"


@pytest.mark.parametrize(
    "extra",
    [
        "",
        "  invented: true\n  source: {title: T}\n",
        "  invented: true\n  mood: sad\n",
    ],
)
def test_an_interview_from_nowhere_or_with_unknown_keys_is_refused(tmp_path: Path, extra: str) -> None:
    head = f"- id: X-1\n  title: {BOTH}\n  story: {BOTH}\n"
    text = f"{head}{extra}  interview: {{instrument: short, answers: {{}}}}\n"
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ValidationError):
        load_demo_interviews(tmp_path)


def test_one_source_may_stand_alone_and_a_name_be_written_once(tmp_path: Path) -> None:
    text = (
        f"- id: X-1\n  title: {BOTH}\n  story: {BOTH}\n  source: {{title: The Times, address: a.example}}\n"
        f"  authority: {{label: Trafficking, body: {BOTH}, basis: {BOTH}}}\n"
        "  interview: {instrument: short, answers: {locked_in: yes}}\n"
    )
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    (one,) = load_demo_interviews(tmp_path)
    assert one.sources[0].title.ar == "The Times"
    assert one.authority is not None
    assert one.authority.label.ar == "Trafficking"
    assert one.interview["answers"] == {"locked_in": "yes"}
