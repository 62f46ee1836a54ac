"""The `screening` command: what it writes where, and its exit status, on the small tree and as installed."""

from __future__ import annotations

import functools
import io
import json
import re
import shutil
import subprocess
import sys
from datetime import date
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from rules.revisions import publish
from screening.cli import main
from screening.demo_interviews import load_demo_interviews
from screening.engines import Engines
from screening.phrases import LANGUAGES, Language, say
from tests.screening.samples import CLEAR_ACCOUNT, TREE

INTERVIEW = {"instrument": "short", "as_of": "2026-11-01", "answers": CLEAR_ACCOUNT}


@pytest.fixture(autouse=True)
def small_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("installed", "demo"):
        monkeypatch.setattr(f"screening.cli.{module}.Engines", functools.partial(Engines, TREE))


@pytest.fixture
def interview(tmp_path: Path) -> str:
    path = tmp_path / "interview.json"
    path.write_text(json.dumps(INTERVIEW), encoding="utf-8")
    return str(path)


Captured = pytest.CaptureFixture[str]


def test_text_fits_eighty_columns_without_colours(interview: str, capsys: Captured) -> None:
    assert main(["assess", interview]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "\x1b" not in out
    assert max(len(line) for line in out.splitlines()) <= 80
    assert out.index("What cannot wait") < out.index("Result so far") < out.index("Recommended referrals")


def test_arabic_text_keeps_ids_in_isolates(interview: str, capsys: Captured) -> None:
    assert main(["assess", interview, "--lang", "ar"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("ما لا يحتمل الانتظار")
    assert "\u2068WK-F-01\u2069" in out
    assert "Rule " not in out


def test_what_was_published_here_is_in_force_on_the_command_line_too(
    interview: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    with Engines(TREE) as engines:
        program = engines.program_for("kuwait", "draft", date(2026, 11, 1))
    folder = tmp_path / "revisions"
    publish(program, (), folder / "kuwait", in_force_from=date(2026, 1, 1), approved_by=["Amal", "Badr"])
    monkeypatch.setenv("SCREENING_REVISIONS_FOLDER", str(folder))
    assert main(["assess", interview, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["revision"] == 1


def test_json_has_what_others_rely_on(interview: str, capsys: Captured) -> None:
    assert main(["assess", interview, "--format", "json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["outcome"] == "trafficking_indicated"
    promised = """outcome may_still_become urgent recommendations findings open_questions
        next_questions rule_set revision digest instrument as_of"""
    assert set(promised.split()) <= set(result)
    assert {"route", "urgency", "consent", "why"} <= set(result["recommendations"][0])
    assert {"id", "status", "support"} <= set(result["findings"][0])


def test_the_drawing_is_written_as_it_is(interview: str, capsys: Captured) -> None:
    assert main(["assess", interview, "--format", "mermaid"]) == 0
    assert capsys.readouterr().out.startswith("flowchart LR\n")


def test_yaml_says_the_same_as_json(interview: str, tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "interview.yaml"
    path.write_text(
        "instrument: short\nas_of: '2026-11-01'\nanswers:\n  locked_in: yes\n  hurt: {state: declined}\n",
        encoding="utf-8",
    )
    assert main(["assess", str(path), "--format", "json"]) == 0
    from_yaml = capsys.readouterr().out
    path = tmp_path / "same.json"
    answers = {"hurt": {"state": "declined"}, "locked_in": "yes"}
    path.write_text(json.dumps({**INTERVIEW, "answers": answers}), encoding="utf-8")
    assert main(["assess", str(path), "--format", "json"]) == 0
    assert capsys.readouterr().out == from_yaml


def test_standard_input_and_another_day(monkeypatch: pytest.MonkeyPatch, capsys: Captured) -> None:
    given = io.TextIOWrapper(io.BytesIO(json.dumps(INTERVIEW).encode()))
    monkeypatch.setattr(sys, "stdin", given)
    assert main(["assess", "-", "--format", "json", "--as-of", "2016-05-01"]) == 0
    assert json.loads(capsys.readouterr().out)["as_of"] == "2016-05-01"


def test_many_interviews_one_a_line_and_a_bad_line_does_not_stop_the_rest(
    tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "many.jsonl"
    good = json.dumps(INTERVIEW)
    bad_answer = json.dumps({**INTERVIEW, "answers": {"locked_in": True}})
    path.write_text("\n".join([good, "{not json", "", bad_answer, good]), encoding="utf-8")
    assert main(["assess", str(path)]) == 2
    out, err = capsys.readouterr()
    results = [json.loads(line) for line in out.splitlines()]
    assert [one["outcome"] for one in results] == ["trafficking_indicated"] * 2
    assert "many.jsonl:2: Y03" in err
    assert "many.jsonl:4: A0" in err
    assert "S015" in err
    assert "many.jsonl:1" not in err
    path.write_text(f"{good}\n{good}\n", encoding="utf-8")
    assert main(["assess", str(path)]) == 0
    assert capsys.readouterr().err == ""


def test_faults_of_writing_and_of_meaning_are_told_together(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "bad.json"
    path.write_text(
        '{"instrument": "shrt",\n "answers": {"locked_in": true,\n "hurrt": "now", "daily_hours": 1.5}}',
        encoding="utf-8",
    )
    assert main(["assess", str(path)]) == 2
    err = capsys.readouterr().err
    lines = [line for line in err.splitlines() if not line.startswith(" ")]
    assert [re.findall(r"bad\.json:(\d): .*?\b([A-Z])\d{3} ", line) for line in lines] == [
        [("1", "S")],
        [("2", "A")],
        [("3", "A")],
        [("3", "Y")],
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["assess", "nowhere.json"], "S001"),
        (["assess", "{tmp}"], "S001"),
        (["assess", "{interview}", "--as-of", "yesterday"], "S005"),
        (["assess", "{empty}"], "S013"),
        (["assess", "{lines}", "--format", "text"], "S014"),
        (["assess", "{interview}", "--format", "xml"], "S033"),
        (["assess", "{interview}", "--lang", "fr"], "S033"),
        (["assess", "{interview}", "--colour"], "S031"),
        (["assess"], "S032"),
        (["assess", "{interview}", "{interview}"], "S036"),
        (["asses", "{interview}"], "S035"),
        (["cases", "export", "KW-7Q4M-9KXD", "--identity=yes"], "S038"),
        (["rules", "show", "WK-01b"], "S010"),
        (["rules", "show", "WK-01a", "--rule-set", "kuwat"], "S008"),
        (["rules", "check", "{tmp}"], "S016"),
        (["questions", "shortt"], "S004"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_wrong_use_is_one_line_with_a_code_and_never_a_traceback(
    arguments: list[str], code: str, lang: str, interview: str, tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "empty.json").write_text(" \n", encoding="utf-8")
    (tmp_path / "many.jsonl").write_text("{}\n", encoding="utf-8")
    places = {
        "tmp": str(tmp_path),
        "interview": interview,
        "empty": str(tmp_path / "empty.json"),
        "lines": str(tmp_path / "many.jsonl"),
    }
    given = [argument.format(**places) for argument in arguments]
    if "fr" not in given:
        given += ["--lang", lang]
    assert main(given) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert code in err
    assert "Traceback" not in err
    if lang == "ar" and "fr" not in given:
        assert "←" in err


def test_the_nearest_id_is_offered(capsys: Captured) -> None:
    assert main(["rules", "show", "WK-F-91"]) == 2
    assert "did you mean `WK-F-01`?" in capsys.readouterr().err


def test_an_unforeseen_failure_is_a_line_too(
    interview: str, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Maria Santos")

    monkeypatch.setattr("screening.cli.assess.assess", fail)
    assert main(["assess", interview]) == 2
    err = capsys.readouterr().err
    assert "S034" in err
    assert "RuntimeError" in err
    assert "Maria" not in err


def test_a_clean_tree_is_clean_and_a_broken_one_shows_every_fault(tmp_path: Path, capsys: Captured) -> None:
    assert main(["rules", "check", str(TREE)]) == 0
    assert "No faults" in capsys.readouterr().out
    broken = tmp_path / "tree"
    shutil.copytree(TREE, broken)
    observations = broken / "rules/sets/kuwait/workplace/observations.yaml"
    text = observations.read_text(encoding="utf-8")
    observations.write_text(
        text.replace("observes: long_hours", "observes: long_houses").replace(
            "locked_in, is: yes", "lokked_in, is: yes"
        ),
        encoding="utf-8",
    )
    indicators = broken / "indicators/indicators/indicators.yaml"
    text = indicators.read_text(encoding="utf-8")
    indicators.write_text(text.replace(", ar: مدين", ""), encoding="utf-8")
    for lang, stops, keeps in (
        ("en", "Faults that stop everything", "Faults that keep a draft from being published"),
        ("ar", "أخطاء توقف كل شيء", "أخطاء تمنع نشر المسودة"),
    ):
        assert main(["rules", "check", str(broken), "--lang", lang]) == 1
        out = capsys.readouterr().out
        assert "`long_hours`" in out
        assert "`locked_in`" in out
        assert out.index(stops) < out.index(keeps)
        assert "\nrules/sets/kuwait/workplace/observations.yaml:1: R0" in out


def test_a_rule_is_shown_as_a_sentence_with_its_sources(capsys: Captured) -> None:
    assert main(["rules", "show", "WK-01a"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "Rule WK-01a concludes the indicator “Hours beyond the limit” when:" in out
    assert "Source: Labour law, article 22 (text read)" in out
    assert main(["rules", "show", "WK-01a", "--lang", "ar"]) == 0
    assert "المادة" in capsys.readouterr().out


def test_rules_are_listed(capsys: Captured) -> None:
    assert main(["rules", "list"]) == 0
    out = capsys.readouterr().out
    assert "WK-F-06" in out
    assert max(len(line) for line in out.splitlines()) <= 80


def test_questions_for_people_and_for_programs(capsys: Captured) -> None:
    assert main(["questions", "short"]) == 0
    text = capsys.readouterr().out
    assert "Who locks you in?" in text
    assert "It applies only when:" in text
    assert main(["questions", "short", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert rows[1]["id"] == "danger_now"
    assert rows[1]["core"] is True


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_demo_screens_every_shipped_interview_with_its_reasons(
    lang: Language, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setattr("screening.cli.demo.Engines", Engines)
    assert main(["demo", "--lang", lang]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    flat = bare(out)
    interviews = load_demo_interviews()
    for interview in interviews:
        assert interview.id in out
        assert bare(interview.story.say(lang)) in flat
        if interview.authority is not None:
            assert bare(interview.authority.label.say(lang)) in flat
    assert flat.count(bare(say("cli.demo.ours", lang, label=""))) == len(interviews)
    assert not re.search(r"\bnot (a |identified as )?victim|ليس ضحية|ليست ضحية", out)


def bare(text: str) -> str:
    """Text without isolates and line breaks, to be looked for."""
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


def test_the_command_is_installed_under_its_name() -> None:
    (found,) = entry_points(group="console_scripts", name="screening")
    assert found.load() is main


def run(*arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from screening.cli import main; raise SystemExit(main())", *arguments]
    return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)


def test_the_installed_command_screens_with_the_shipped_rules() -> None:
    body = {
        "instrument": "intake",
        "as_of": "2026-11-01",
        "answers": {
            "documents_holder": "employer",
            "daily_hours": 15,
            "locked_in": "yes",
            "threats_made": {"state": "declined"},
        },
    }
    done = run("assess", "-", "--format", "json", text=json.dumps(body))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    result = json.loads(done.stdout)
    assert result["engine_check"] == "agrees"
    assert result["rule_set"] == "kuwait"
    again = run("assess", "-", "--format", "json", text=json.dumps(body))
    assert again.stdout == done.stdout


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    start = f'"{sys.executable}" -c "from screening.cli import main; raise SystemExit(main())"'
    command = f"{start} questions intake | head -1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in done.stderr


SHELL_START = f'"{sys.executable}" -c "from screening.cli import main; raise SystemExit(main())"'


def test_a_locale_without_arabic_changes_no_byte_of_a_result() -> None:
    command = f"PYTHONIOENCODING=ascii {SHELL_START} questions complaint --lang ar"
    found, ascii_ = (
        subprocess.run(["sh", "-c", one], capture_output=True, timeout=60, check=False)
        for one in (f"{SHELL_START} questions complaint --lang ar", command)
    )
    assert ascii_.returncode == 0, ascii_.stderr
    assert ascii_.stdout == found.stdout


@pytest.mark.parametrize(
    ("redirection", "said"),
    [("- <&-", "S013 "), ("/dev/zero", "/dev/zero: Y004 "), ("- < /dev/zero", "Y004 ")],
)
def test_what_never_ends_or_was_never_opened_is_refused(redirection: str, said: str) -> None:
    command = f"{SHELL_START} assess {redirection}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(said)
