"""Help and wrong use, in the language of whoever asks: every command, argument and option."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from typer.core import TyperArgument, TyperGroup
from typer.main import get_group

from screening.cli import app, main
from screening.cli.help_texts import isolate_code, language_given, language_of_help, name_of, put_words
from screening.cli.options import new_group
from screening.phrases import LANGUAGES, Language, knows, say

Captured = pytest.CaptureFixture[str]

ARABIC_LETTER = re.compile("[\u0621-\u064a]")
ISOLATED = re.compile("\u2068[^\u2069]*\u2069")


@pytest.fixture(autouse=True)
def system_without_language(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COLUMNS", "80")


def walk(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    if isinstance(command, TyperGroup):
        for name, one in command.commands.items():
            yield from walk(one, (*path, name))


COMMANDS = list(walk(get_group(app)))


def flat(text: str) -> str:
    return " ".join(re.sub("[\u2068\u2069]", "", text).split())


def test_the_tree_is_walked_to_its_leaves() -> None:
    paths = {path for path, _ in COMMANDS}
    assert {(), ("assess",), ("rules", "show"), ("retention", "run"), ("webhooks", "deliver")} <= paths
    assert len(paths) > 30


def test_every_command_argument_and_option_names_a_phrase() -> None:
    words = [
        (path, getattr(one, "name", ""), one.help)
        for path, command in COMMANDS
        for one in (command, *command.params)
    ]
    assert [(path, name) for path, name, help in words if help is None or not knows(help)] == []


def test_what_an_option_takes_is_shown() -> None:
    assert [
        (path, one.name)
        for path, command in COMMANDS
        for one in command.params
        if one.metavar is None and not getattr(one, "is_flag", False)
    ] == []


@pytest.mark.parametrize("help", [None, "Made up on the spot."])
def test_an_option_or_command_without_words_in_both_languages_does_not_start(help: str | None) -> None:
    for command_help, option_help in ((help, "cli.help.file"), ("cli.help.demo", help)):
        group = new_group(help="cli.help.all")

        @group.command("new", help=command_help)
        def new(name: str = typer.Option("", "--name", help=option_help)) -> None:
            """Words for programmers."""

        with pytest.raises(KeyError):
            put_words(get_group(group), "ar")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(path) for path, _ in COMMANDS])
def test_help_is_whole_in_each_language(
    path: tuple[str, ...], command: Any, lang: Language, capsys: Captured
) -> None:
    assert main([*path, "--help", "--lang", lang]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert max(cell_len(line) for line in out.splitlines()) <= 80
    shown = flat(out)
    assert " ".join(["screening", *path, "[OPTIONS]"]) in shown
    for one in (command, *command.params):
        assert say(one.help, lang) in shown
    for parameter in command.params:
        assert name_of(parameter) in shown
        assert isinstance(parameter, TyperArgument) or parameter.opts[0] in shown
    for one in getattr(command, "commands", {}).values():
        assert f"{one.name} {say(one.help, lang)}" in shown
    if lang == "ar":
        assert re.findall("[A-Za-z]+", ISOLATED.sub("", out)) == []
    else:
        assert not ARABIC_LETTER.search(out)
        assert "\u2068" not in out


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [30, 40, 60])
def test_no_word_is_cut_in_a_narrow_window(
    width: int, lang: Language, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    for path in (["assess"], ["restore"], ["cases", "erase"]):
        assert main([*path, "--help", "--lang", lang]) == 0
        out = capsys.readouterr().out
        assert max(cell_len(line) for line in out.splitlines()) <= width
        assert "…" not in out
        assert say("cli.help.lang", lang) in flat(out)


def test_required_and_default_are_said(capsys: Captured) -> None:
    assert main(["rules", "show", "--help"]) == 0
    shown = flat(capsys.readouterr().out)
    assert "dated value or source. Required." in shown
    assert "--rule-set ID The id of a rule set. Default: kuwait." in shown
    assert main(["rules", "show", "--help", "--lang", "ar"]) == 0
    assert "القيمة الافتراضية: \u2068kuwait\u2069." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("environment", "arguments", "lang"),
    [
        ({}, [], "en"),
        ({"LANG": "C"}, [], "en"),
        ({"LANG": "ar_KW.UTF-8"}, [], "ar"),
        ({"LANG": "ar"}, [], "ar"),
        ({"LANG": "arn_CL.UTF-8"}, [], "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "ar_KW.UTF-8"}, [], "ar"),
        ({"LANG": "ar_KW.UTF-8", "LC_ALL": "C"}, [], "en"),
        ({"LANG": "ar_KW.UTF-8", "LC_ALL": ""}, [], "ar"),
        ({"LANG": "ar_KW.UTF-8"}, ["--lang", "en"], "en"),
        ({"LANG": "C"}, ["--lang", "ar"], "ar"),
        ({"LANG": "C"}, ["--lang=ar"], "ar"),
    ],
)
def test_the_language_of_help(
    environment: dict[str, str],
    arguments: list[str],
    lang: Language,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    heading = say("cli.usage.commands", lang)
    for given in (["--help", *arguments], [*arguments, "--help"], [*arguments, "rules", "--help"]):
        assert main(given) == 0
        assert heading in capsys.readouterr().out.splitlines()
    assert main(["rules", "show", *arguments]) == 2
    err = capsys.readouterr().err
    assert err.startswith("S032 ")
    assert bool(ARABIC_LETTER.search(err)) == (lang == "ar")


def test_the_last_language_counts_and_none_after_the_end_of_options() -> None:
    assert language_given(["--lang", "ar", "assess", "--lang", "en"]) == "en"
    assert language_given(["assess", "--", "--lang", "ar"]) is None
    assert language_given(["assess", "--lang"]) is None
    assert language_of_help(["--lang", "fr"], {"LANG": "ar_KW"}) == "ar"


def test_the_language_of_a_run_may_stand_before_the_command(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    # What a run writes may be read by a program: it follows `--lang` and no system.
    monkeypatch.setenv("LANG", "ar_KW.UTF-8")
    for arguments, lang in (
        (["questions", "complaint"], "en"),
        (["--lang", "ar", "questions", "complaint"], "ar"),
        (["--lang", "ar", "questions", "complaint", "--lang", "en"], "en"),
    ):
        assert main(arguments) == 0
        out = capsys.readouterr().out
        assert bool(ARABIC_LETTER.search(out)) == (lang == "ar")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("arguments", [[], ["rules"]])
def test_no_command_shows_the_help_and_counts_as_wrong_use(
    arguments: list[str], lang: Language, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.setenv("LANG", {"en": "C", "ar": "ar_KW.UTF-8"}[lang])
    assert main(arguments) == 2
    out, err = capsys.readouterr()
    assert err == ""
    assert out.startswith(say("cli.usage", lang, usage="").rstrip("\u2068\u2069"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("arguments", "code", "named"),
    [
        (["asses"], "S035", "`assess`"),
        (["rules", "--", "shwo"], "S035", "`show`"),
        (["rules", "show"], "S032", "`ID`"),
        (["--lang", "{lang}"], "S032", "`COMMAND`"),
        (["cases", "erase", "KW-1", "--confirm", "KW-1"], "S032", "`--reason`"),
        (["questions", "short", "--format", "xml"], "S033", "`json`"),
        (["--lang", "fr", "demo"], "S033", "`ar`"),
        (["demo", "--colour"], "S031", "`--colour`"),
        (["demo", "again"], "S036", "`--help`"),
        (["audit", "verify", "--head=a", "--head"], "S037", "`--head`"),
        (["accounts", "reset", "x", "--second-factor=no"], "S038", "`--second-factor`"),
    ],
)
def test_wrong_use_is_told_in_our_words(
    arguments: list[str],
    code: str,
    named: str,
    lang: Language,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Captured,
) -> None:
    monkeypatch.setenv("LANG", {"en": "C", "ar": "ar_KW.UTF-8"}[lang])
    assert main([argument.format(lang=lang) for argument in arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith(f"{code} ")
    assert named in err
    if lang == "ar":
        assert re.findall("[A-Za-z]+", re.sub("`[^`]*`", "", err).removeprefix(code)) == []


def test_wrong_use_of_a_kind_we_have_no_words_for_is_told_as_it_came(
    monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    def fail(*_: object) -> None:
        raise typer.BadParameter("Too blue.")

    monkeypatch.setattr("screening.cli.demo._screen", fail)
    assert main(["demo"]) == 2
    assert capsys.readouterr().err.startswith("S002 the command was used wrongly: Too blue\n")


def test_code_words_keep_their_direction() -> None:
    assert isolate_code("رقم مثل KW-7Q4M-9KXD.") == "رقم مثل \u2068KW-7Q4M-9KXD\u2069."
    assert isolate_code("(من غير --for-real)") == "(من غير \u2068--for-real\u2069)"
    assert isolate_code("ملف `.jsonl`، و`-`") == "ملف \u2068`.jsonl`\u2069، و\u2068`-`\u2069"
