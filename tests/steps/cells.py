"""What a cell of a feature's table means: an answer, a state, or one line of a list."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from indicators.errors import nearest
from indicators.forms import QuestionForm

STATES = {
    "(not known)": "not_known",
    "(declined)": "declined",
    "(not asked)": "not_asked",
    "(لا يعرف)": "not_known",
    "(امتنع عن الجواب)": "declined",
    "(لم يُسأل)": "not_asked",
}
COMPLETE = "(complete)"
RANGE = re.compile(r"(\d+) to (\d+)\Z")

Table = Sequence[Sequence[str]]


def read_answer_cell(form: QuestionForm, cell: str) -> Any:
    """Return the answer that a cell says, as a request writes it; what it says wrongly is passed on."""
    if cell in STATES:
        return {"state": STATES[cell]}
    if form.type == "several_choices":
        listed = cell.removesuffix(COMPLETE).strip()
        options = [part.strip() for part in listed.split(",") if part.strip()]
        return {"value": options, "complete": True} if cell.endswith(COMPLETE) else options
    if form.type in ("whole_number", "number_range"):
        found = RANGE.match(cell)
        if found:
            return {"value": {"from": int(found[1]), "to": int(found[2])}}
        return int(cell)
    return cell


def read_answers_table(forms: Mapping[str, QuestionForm], table: Table) -> dict[str, Any]:
    """Return the answers of a table whose rows are a question and an answer, below a row of headings."""
    answers: dict[str, Any] = {}
    for question, cell in table[1:]:
        assert question in forms, f"no question `{question}`; did you mean `{nearest(question, forms)}`?"
        assert question not in answers, f"`{question}` is answered twice"
        answers[question] = read_answer_cell(forms[question], cell)
    return answers


def column(table: Table) -> list[str]:
    """Return the cells of a table with one column and no heading."""
    assert all(len(row) == 1 for row in table), "expected is one column"
    return [row[0] for row in table]


def split_list(text: str) -> list[str]:
    """Return the parts of a list in one line: `a, b and c`, or `-` for none."""
    if text.strip() in ("-", ""):
        return []
    return [part.strip() for part in re.split(r",| and |،", text) if part.strip()]
