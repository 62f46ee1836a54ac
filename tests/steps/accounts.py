"""What people tell, sentence by sentence in both languages, and the answers that each stands for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from indicators.errors import nearest
from indicators.yaml_reading import read_yaml

ACCOUNTS = Path(__file__).with_name("accounts.yaml")


@cache
def read_accounts() -> tuple[Mapping[str, Any], ...]:
    """Return every sentence with its answers, as the file has them."""
    plain: Any = read_yaml(ACCOUNTS.read_text(encoding="utf-8"), ACCOUNTS.name).plain()
    return tuple(plain)


def read_account(sentences: Iterable[str]) -> dict[str, Any]:
    """Return the answers of an account; lists of several sentences are put together."""
    known = {text: item["answers"] for item in read_accounts() for text in (item["en"], item["ar"])}
    answers: dict[str, Any] = {}
    for sentence in sentences:
        assert sentence in known, f"no sentence `{sentence}`; did you mean `{nearest(sentence, known)}`?"
        for question, answer in known[sentence].items():
            answers[question] = _join(question, answers.get(question), answer)
    return answers


def _join(question: str, before: Any, answer: Any) -> Any:
    if before is None or before == answer:
        return answer
    if isinstance(before, list) and isinstance(answer, list):
        return [*before, *(one for one in answer if one not in before)]
    raise AssertionError(f"two sentences of this account answer `{question}` differently")
