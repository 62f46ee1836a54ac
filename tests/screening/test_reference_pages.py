"""The reference is what the content says: as committed, complete, linked, with confidence in sight."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path, PurePosixPath

import pytest

from indicators.errors import fault_definitions
from screening.phrases import FIRST_STRONG_ISOLATE, POP_ISOLATE, say
from screening.reference import Examples, Library, generate, open_library
from screening.reference.__main__ import find_differences, main, write
from screening.reference.count_pages import reachable
from screening.reference.referral_pages import referral_pages
from screening.reference.sheets import Sheet, code, escape
from screening.reference.source_pages import articles_named

HERE = Path(__file__).resolve().parents[2]
REFERENCE = HERE / "docs" / "reference"
EXAMPLES = Examples(HERE / "tests", "../../tests")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')
LINK = re.compile(r"\]\(([^)\s]*)\)")


@pytest.fixture(scope="module")
def library() -> Library:
    return open_library()


@pytest.fixture(scope="module")
def pages(library: Library) -> dict[str, str]:
    return generate(library, EXAMPLES)


def placed(pages: dict[str, str]) -> dict[str, set[str]]:
    """The ids that have a place, by language."""
    return {
        "en": {
            one for path, text in pages.items() if not path.startswith("ar/") for one in ANCHOR.findall(text)
        },
        "ar": {one for path, text in pages.items() if path.startswith("ar/") for one in ANCHOR.findall(text)},
    }


def test_the_committed_pages_are_as_generated(pages: dict[str, str]) -> None:
    differing = find_differences(REFERENCE, pages)
    assert differing == [], "run `make reference` and commit what it writes"


def test_the_same_content_gives_the_same_pages(library: Library, pages: dict[str, str]) -> None:
    assert generate(open_library(), EXAMPLES) == pages


def test_a_changed_missing_or_left_over_page_is_noticed(pages: dict[str, str], tmp_path: Path) -> None:
    some = {path: pages[path] for path in ("README.md", "ar/README.md", "routes.md")}
    write(tmp_path, some)
    assert find_differences(tmp_path, some) == []
    (tmp_path / "routes.md").write_text(some["routes.md"] + "more\n", encoding="utf-8")
    (tmp_path / "ar" / "README.md").unlink()
    (tmp_path / "old.md").write_text(some["README.md"], encoding="utf-8")
    (tmp_path / "by_hand.md").write_text("# Written by people\n", encoding="utf-8")
    assert find_differences(tmp_path, some) == ["ar/README.md", "old.md", "routes.md"]
    write(tmp_path, some)
    assert find_differences(tmp_path, some) == []
    assert not (tmp_path / "old.md").exists()
    assert (tmp_path / "by_hand.md").exists()


def test_the_command_writes_and_then_finds_nothing_to_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--out", str(tmp_path / "pages"), "--examples", str(HERE / "tests")]
    assert main([*arguments, "--check"]) == 1
    assert "README.md is not as generated" in capsys.readouterr().err
    assert main(arguments) == 0
    assert main([*arguments, "--check"]) == 0


def test_every_link_leads_to_a_page_and_a_place_on_it(pages: dict[str, str]) -> None:
    anchors = {path: set(ANCHOR.findall(text)) for path, text in pages.items()}
    dead = []
    for path, text in pages.items():
        for target in LINK.findall(text):
            file, _, anchor = target.partition("#")
            joined = PurePosixPath(path).parent / file if file else PurePosixPath(path)
            parts: list[str] = []
            for part in joined.parts:
                if part == ".." and parts and parts[-1] != "..":
                    parts.pop()
                else:
                    parts.append(part)
            page = "/".join(parts)
            if page in pages:
                if anchor and anchor not in anchors[page]:
                    dead.append(f"{path}: {target}")
            elif not (REFERENCE / page).is_file():
                dead.append(f"{path}: {target}")
    assert dead == []


def test_no_place_is_there_twice_on_a_page(pages: dict[str, str]) -> None:
    twice = {
        path: [one for one, count in Counter(ANCHOR.findall(text)).items() if count > 1]
        for path, text in pages.items()
    }
    assert {path: found for path, found in twice.items() if found} == {}


def test_everything_has_its_place_in_both_languages(library: Library, pages: dict[str, str]) -> None:
    catalogue = library.catalogue
    wanted = {
        *library.rules,
        *catalogue.indicators,
        *catalogue.questions,
        *catalogue.sources,
        *library.findings,
        *library.parameters,
        *library.routes,
        *library.services,
        *fault_definitions(),
        *(f"{name}.{one}" for name, module in library.modules.items() for one in module.dimensions),
        *("not_enough_known", "nothing_indicated_so_far"),
    }
    for lang, found in placed(pages).items():
        assert wanted - found == set(), lang
    assert {f"instruments/{name}.md" for name in catalogue.instruments} <= pages.keys()
    assert {f"cards/{name}.md" for name in catalogue.instruments} <= pages.keys()


def test_the_two_languages_hold_the_same_places(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        if path.startswith(("ar/", "cards/")):
            continue
        assert ANCHOR.findall(text) == ANCHOR.findall(pages[f"ar/{path}"]), path


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_how_well_it_is_known_stands_beside_every_source_of_a_rule(
    library: Library, pages: dict[str, str], lang: str
) -> None:
    words = {
        one: say(f"confidence.{one}", "ar" if lang == "ar" else "en")
        for one in ("verified_text", "secondary", "unverified", "own_design")
    }
    prefix = "ar/" if lang == "ar" else ""
    for name, one in library.rules.items():
        text = pages[prefix + library.locate("rule", name).page]
        entry = text.partition(f'<a id="{name}"></a>')[2].partition("<a id=")[0]
        lines = [line for line in entry.splitlines() if line.startswith("- ") and "sources/" in line]
        assert len(lines) == len(one.rule.sources), name
        for line, citation in zip(lines, one.rule.sources, strict=True):
            assert words[citation.confidence] in line, (name, line)


def test_sources_are_named_by_their_titles_also_in_the_directory(
    library: Library, pages: dict[str, str]
) -> None:
    for name, service in library.services.items():
        entry = pages["directory.md"].partition(f'<a id="{name}"></a>')[2].partition("<a id=")[0]
        for citation in service.sources:
            if citation.confidence != "own_design":
                assert f"Source: {escape(library.catalogue.sources[citation.source].title.en)}" in entry, name


def test_arabic_pages_say_which_legal_wording_awaits_review(library: Library, pages: dict[str, str]) -> None:
    awaiting = {
        name for name, one in library.catalogue.sources.items() if one.arabic_wording == "awaiting_review"
    }
    assert awaiting
    mark = "بانتظار المراجعة من قارئ قانوني"
    for name in awaiting:
        page = pages["ar/" + library.locate("source", name).page]
        assert mark in page.partition(f'<a id="{name}"></a>')[2].partition("<a id=")[0]
    marked = [
        line
        for path, text in pages.items()
        if path.startswith("ar/rules/")
        for line in text.splitlines()
        if mark in line
    ]
    assert marked
    assert all(any(f"#{name})" in line for name in awaiting) for line in marked)


def test_a_rule_is_written_as_the_sentence_of_its_content(library: Library, pages: dict[str, str]) -> None:
    name = next(name for name, one in library.rules.items() if one.kind == "indicator")
    rule = library.rules[name].rule
    entry = pages[library.locate("rule", name).page].partition(f'<a id="{name}"></a>')[2]
    entry = entry.partition("<a id=")[0]
    assert f"Rule {name} concludes the indicator" in entry
    assert escape(rule.rationale.en) in entry
    assert "](../../questions/" in entry


def test_contacts_are_as_old_as_the_day_that_is_given_says(library: Library) -> None:
    def warnings(as_of: date) -> int:
        aged = Library(library.catalogue, library.rule_set, as_of)
        (page,) = [one for one in referral_pages(aged) if one.path == "directory.md"]
        sheet = Sheet(aged, page.path, "en")
        page.write(sheet)
        return "\n".join(sheet.lines).count("⚠")

    confirmed = [
        contact.last_confirmed
        for service in library.services.values()
        for contact in service.contacts
        if contact.last_confirmed is not None
    ]
    never = sum(len(service.contacts) for service in library.services.values()) - len(confirmed)
    assert warnings(min(confirmed)) == never
    assert warnings(date(max(confirmed).year + 2, 1, 1)) == never + len(confirmed)


def test_isolates_are_balanced_on_every_line(pages: dict[str, str]) -> None:
    for path, text in pages.items():
        for line in text.splitlines():
            counted = Counter(line)
            assert counted[FIRST_STRONG_ISOLATE] == counted[POP_ISOLATE], (path, line)


def test_every_line_of_the_examples_is_in_the_tables(pages: dict[str, str]) -> None:
    for page, examples in (
        ("broken-content.md", (*EXAMPLES.files, *EXAMPLES.rule_sets)),
        ("broken-requests.md", (*EXAMPLES.answers, *EXAMPLES.requests)),
    ):
        for one in examples:
            assert one.lines
            assert all(escape(line).replace("|", "\\|") in pages[page] for line in one.lines), one.name
    assert len(EXAMPLES.files) + len(EXAMPLES.rule_sets) >= 60
    assert len(EXAMPLES.answers) + len(EXAMPLES.requests) >= 60


def test_every_fault_leads_to_an_example_of_it(pages: dict[str, str]) -> None:
    """A code in no table is named by a test; one that nothing shows is a code nobody has seen."""
    parts = re.split(r'<a id="([A-Z]\d{3})"></a>', pages["errors.md"])[1:]
    shown = dict(zip(parts[::2], parts[1::2], strict=True))
    assert shown.keys() == fault_definitions().keys()
    assert [name for name, text in shown.items() if "**Example:**" not in text] == []


def test_counts_are_those_of_the_content(library: Library, pages: dict[str, str]) -> None:
    assert f"| Indicators | {len(library.catalogue.indicators)} |" in pages["counts.md"]
    assert f"| Rules | {len(library.rules)} |" in pages["counts.md"]
    everything = frozenset[str]().union(*(reachable(library, name) for name in library.catalogue.instruments))
    assert library.rules.keys() - everything == set()
    for name in library.questions_no_rule_reads():
        assert library.catalogue.questions[name].about in ("administration", "need"), name


def test_an_instrument_that_asks_nothing_reaches_nothing_and_one_question_reaches_its_rules(
    library: Library,
) -> None:
    assert reachable(asking(library), "intake") == frozenset()
    reached = reachable(asking(library, "locked_in"), "intake")
    assert reached
    assert reached < reachable(library, "intake")


def asking(library: Library, *questions: str) -> Library:
    """The same content with an intake that asks only these."""
    intake = library.catalogue.instruments["intake"]
    first = intake.sections[0].model_copy(update={"questions": questions})
    changed = intake.model_copy(update={"sections": (first,), "core": ()})
    instruments = {**library.catalogue.instruments, "intake": changed}
    return Library(replace(library.catalogue, instruments=instruments), library.rule_set)


@pytest.mark.parametrize(
    ("locator", "articles"),
    [
        ("article 1(4)", (1,)),
        ("articles 19 to 21 and 144", (19, 20, 21, 144)),
        ("articles 4, 5, 17, 24(d) and 25(6)", (4, 5, 17, 24, 25)),
        ("article 2, first paragraph (7)", (2,)),
        ("article 12(b), where the prosecution orders it", (12,)),
        ("indicator 8", ()),
        ("whole report", ()),
    ],
)
def test_the_articles_that_a_place_names(locator: str, articles: tuple[int, ...]) -> None:
    assert articles_named(locator) == articles


def test_what_is_shown_cannot_become_markup() -> None:
    assert escape("a <b> *c* [d](e) `f<g>`\nh") == r"a &lt;b> \*c\* \[d\](e) `f<g>` h"
    assert code("a\nb\u202ec") == r"`a\nb\u202ec`"
    assert code("a `b` c") == "`` a `b` c ``"
