"""Paper: tagged, in our own fonts, one page a language, and nothing on it that was not shared."""

from __future__ import annotations

import re
import shutil
import subprocess
import zlib
from datetime import date
from pathlib import Path

import pytest

from indicators.errors import ContentError
from screening.descriptions import source_line
from screening.engines import Engines, Rules
from screening.papers.printing import print_pdf
from screening.papers.rights_cards import RightsCard, load_rights_card, numbers_on, print_card
from screening.papers.words import form_words
from screening.result_models import CitedSource
from screening.storage.tables.audit import AuditEntry
from tests.api.referrals.conftest import API, Counter, code_of

OURS = {"NotoSans-Regular", "NotoSans-Bold", "NotoSansArabic-Regular", "NotoSansArabic-Bold"}
# What opens everything: text that a template would obey.
MARKUP = 'Rosa #panic("x") *b* _i_ $x$ `c` <l> @r = h \\ //n https://a.example #sys.inputs [y]'

needs_reader = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (Debian: poppler-utils) reads what stands on paper"
)


def streams(pdf: bytes) -> bytes:
    """The file with everything that is packed in it unpacked."""
    found = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, flags=re.DOTALL):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(found)


def fonts_in(pdf: bytes) -> set[str]:
    names = re.findall(rb"/BaseFont\s*/([A-Za-z0-9+-]+)", streams(pdf))
    return {re.sub(r"^[A-Z]{6}\+|-Identity-H$", "", name.decode()) for name in names}


def count_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", streams(pdf)))


def is_tagged(pdf: bytes) -> bool:
    inside = streams(pdf)
    return b"/StructTreeRoot" in inside and re.search(rb"/Marked\s+true", inside) is not None


def read_text(pdf: bytes, tmp_path: Path) -> str:
    file = tmp_path / "paper.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-raw", str(file), "-"], capture_output=True, check=True)
    # Marks that only say in which direction to read, and where a line was broken.
    return " ".join(re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", done.stdout.decode()).split())


def form(counter: Counter, referral: str, lang: str | None = None) -> bytes:
    parameters = {} if lang is None else {"lang": lang}
    answer = counter["interviewer"].get(f"{API}/referrals/{referral}/form", params=parameters)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    assert "RF-" not in answer.headers["content-disposition"]
    pdf: bytes = answer.content
    return pdf


def identified(counter: Counter, case: str, **values: str) -> None:
    answer = counter["interviewer"].patch(
        f"{API}/cases/{case}/identity", json=values, headers={"If-Match": '"0"'}
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(("lang", "pages"), [("en", 1), ("ar", 1), ("both", 2), (None, 2)])
def test_the_form_is_tagged_and_in_our_fonts(counter: Counter, lang: str | None, pages: int) -> None:
    shown = counter.written(message="needs a bed tonight")
    pdf = form(counter, shown["id"], lang)
    assert pdf.startswith(b"%PDF-1.7")
    assert count_pages(pdf) == pages
    assert is_tagged(pdf)
    assert b"pdfuaid:part>1<" in streams(pdf)
    assert fonts_in(pdf)
    assert fonts_in(pdf) <= OURS
    assert re.search(rb"/Lang\s*\((en|ar)\)", streams(pdf))


@needs_reader
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_only_what_is_shared_stands_on_it(counter: Counter, tmp_path: Path, lang: str) -> None:
    case = counter.case()
    values = {
        "full_name": "Rosa ZANAME",
        "other_names": "ZAOTHER",
        "birth_date": "1997-03-02",
        "nationality": "ZANATION",
        "languages": "ZATONGUE",
        "document_number": "ZADOC77",
        "telephone": "+965 5555 0123",
        "safe_contact": "ZASAFE",
        "address": "ZAPLACE",
        "notes": "ZANOTES",
    }
    identified(counter, case, **values)
    shown = counter.written(
        case, message="call +965 5555 0999 before noon", share=["languages", "telephone"], because="ZAWHY"
    )
    counter.record(shown["id"], "printed", note="ZASTEP")
    text = read_text(form(counter, shown["id"], lang), tmp_path)
    for token in (shown["number"], shown["case_number"], "2026-11-01", "+965 5555 0999"):
        assert token in text
    assert "ZATONGUE" in text
    assert "+965 5555 0123" in text
    assert re.findall(r"ZA(?!TONGUE)[A-Z0-9]+", text) == []
    assert "1997" not in text


@needs_reader
def test_a_form_without_a_name_says_so(counter: Counter, tmp_path: Path) -> None:
    case = counter.case()
    identified(counter, case, full_name="Rosa ZANAME")
    shown = counter.written(case)
    text = read_text(form(counter, shown["id"], "en"), tmp_path)
    assert form_words("en")["no_person"] in text
    assert "ZANAME" not in text


@needs_reader
def test_markup_stays_text(counter: Counter, tmp_path: Path) -> None:
    case = counter.case()
    identified(counter, case, full_name=MARKUP[:200])
    shown = counter.written(case, message=f"{MARKUP}\nاسم #strong[س] *ص*", share=["full_name"])
    text = read_text(form(counter, shown["id"], "en"), tmp_path)
    assert text.count('#panic("x") *b* _i_ $x$ `c` <l> @r = h') == 2
    assert "strong" in text


@needs_reader
def test_an_exception_is_explained_on_paper(counter: Counter, tmp_path: Path) -> None:
    case = counter.case(age_group="child")
    shown = counter.write(case, route="child_protection", service="child_line_147", exception="child").json()
    text = read_text(form(counter, shown["id"], "en"), tmp_path)
    assert shown["exception_of_the_law"]["explanation"]["en"] in text
    (cited,) = shown["exception_of_the_law"]["sources"]
    assert (cited["source"], cited["confidence"]) == ("law_21_2015", "verified_text")
    assert source_line(CitedSource.model_validate(cited)).en in text, (
        "the law, the place in it, how well known"
    )
    assert form_words("en")["agreed_on"] not in text


def test_printing_is_on_record_and_moves_nothing(counter: Counter) -> None:
    case = counter.case()
    identified(counter, case, full_name="Rosa ZANAME")
    shown = counter.written(case, share=["full_name"])
    form(counter, shown["id"])
    again = counter["interviewer"].get(f"{API}/referrals/{shown['id']}").json()
    assert [one["event"]["id"] for one in again["events"]] == ["created", "printed"]
    assert again["version"] == shown["version"]
    with counter.world.service.database.reading() as session:
        actions = [row.action for row in session.query(AuditEntry)]
    assert "referral.printed" in actions
    assert "identity.read" in actions
    # What was declined or taken back is not printed any more.
    counter.record(shown["id"], "cancelled", reason="other")
    assert code_of(counter["interviewer"].get(f"{API}/referrals/{shown['id']}/form")) == (409, "S181")
    assert code_of(
        counter["interviewer"].get(f"{API}/referrals/{shown['id']}/form", params={"lang": "fr"})
    ) == (
        422,
        "S236",
    )


def test_a_long_message_goes_on_to_a_second_page(counter: Counter) -> None:
    shown = counter.written(message="\n".join("one line of many" for _ in range(45)))
    assert count_pages(form(counter, shown["id"], "en")) == 2


# The rights card


def test_the_card_is_for_everybody(counter: Counter) -> None:
    client = counter["nobody"]
    shown = client.get(f"{API}/rights-card").json()
    assert len(shown["card"]["rights"]) >= 8
    numbers = {one["service"]: one["contact"] for one in shown["numbers"]}
    assert numbers["child_line_147"]["value"] == "147"
    assert numbers["emergency_services"]["warning"]["ar"]
    for lang, pages in (("en", 1), ("ar", 1), ("both", 2)):
        answer = client.get(f"{API}/rights-card/print", params={"lang": lang})
        assert count_pages(answer.content) == pages
        assert is_tagged(answer.content)
        assert fonts_in(answer.content) <= OURS


def card_of(engines: Engines, rules: Rules) -> RightsCard:
    return load_rights_card(engines.catalogue().sources, rules.services)


PROMISES = re.compile(
    r"guarantee|will be (free|safe|paid|allowed)|immun|you will (get|receive)|compensation"
    r"|تعويض|حصانة|نضمن|ستحصل",
    re.IGNORECASE,
)
# A paper can be found: it must not say why somebody has it.
TELLING = re.compile(r"traffick|victim|slave|prostitut|اتجار|ضحية|استرقاق|دعارة", re.IGNORECASE)


def test_the_card_promises_nothing_and_tells_on_nobody(kuwait_engines: Engines, kuwait_rules: Rules) -> None:
    card = card_of(kuwait_engines, kuwait_rules)
    texts = [card.title, card.lead, card.numbers]
    for right in (*card.rights, card.no_promise):
        texts += [right.heading, right.text, *(place.place for place in right.sources)]
    for text in texts:
        for said in (text.en, text.ar):
            assert not TELLING.search(said), said
    for right in card.rights:
        for said in (right.text.en, right.text.ar):
            assert not PROMISES.search(said), said
    # That the law promises neither residence nor money nor freedom from punishment is said.
    for word in ("residence", "money", "punishment"):
        assert word in card.no_promise.text.en
    for word in ("إقامة", "مال", "العقاب"):
        assert word in card.no_promise.text.ar


@pytest.mark.parametrize(
    "said", ["You will receive papers", "You have immunity", "a victim", "لك تعويض", "ضحية"]
)
def test_a_promise_or_a_telling_word_would_be_found(said: str) -> None:
    assert PROMISES.search(said) or TELLING.search(said)


def test_figures_of_the_card_are_those_of_the_rules(kuwait_engines: Engines, kuwait_rules: Rules) -> None:
    parameters = kuwait_rules.program.data["parameters"]
    card = {right.id: right.text for right in card_of(kuwait_engines, kuwait_rules).rights}

    def values(name: str) -> set[str]:
        return {str(line["value"]) for line in parameters[name]["values"]}

    for text in (card["hours"].en, card["hours"].ar):
        assert set(re.findall(r"\d+", text)) == {"12", "8", "48"}
        assert {"12", "8"} <= values("daily_hours_limit")


def test_a_card_with_an_unknown_source_or_service_does_not_load(
    kuwait_engines: Engines, kuwait_rules: Rules, tmp_path: Path
) -> None:
    shipped = Path("screening/papers/rights.yaml").read_text("utf-8")
    (tmp_path / "rights.yaml").write_text(
        shipped.replace("source: law_91_2013", "source: law_91_2031").replace("child_line_147", "child_line"),
        "utf-8",
    )
    with pytest.raises(ContentError) as caught:
        load_rights_card(kuwait_engines.catalogue().sources, kuwait_rules.services, tmp_path)
    assert [fault.code for fault in caught.value.faults].count("R016") == 2
    assert "C005" in [fault.code for fault in caught.value.faults]


def test_a_card_says_which_numbers_are_old(kuwait_engines: Engines, kuwait_rules: Rules) -> None:
    card = card_of(kuwait_engines, kuwait_rules)
    fresh = numbers_on(card, kuwait_rules.services, date(2025, 1, 1))
    old = numbers_on(card, kuwait_rules.services, date(2027, 1, 1))
    assert sum(one.contact.older_than_12_months for one in fresh) < sum(
        one.contact.older_than_12_months for one in old
    )
    assert print_card(card, old, ("en",)) != print_card(card, fresh, ("en",))


# The checks themselves, with a fault planted


def test_checks_of_paper_find_what_is_wrong(tmp_path: Path) -> None:
    import typst

    bare = typst.compile(b'#set text(font: "DejaVu Sans Mono")\nx', format="pdf")
    assert isinstance(bare, bytes)
    assert not fonts_in(bare) <= OURS
    assert b"pdfuaid:part>1<" not in streams(bare)
    assert count_pages(typst.compile(b"a #pagebreak() b", format="pdf")) == 2  # type: ignore[arg-type]
    with pytest.raises(typst.TypstError):
        print_pdf("referral_form.typ", [{"lang": "en"}])
