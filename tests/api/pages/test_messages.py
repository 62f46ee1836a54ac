"""Every word of the pages is there in both languages, with the right forms and nothing left over."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.catalog import Message

from api.pages.catalogues import load_translations, messages_of, read_catalogues
from api.pages.messages import HOUSE, find_messages, update_catalogues

SLOT = re.compile(r"%\([a-z_]+\)s|%")
ARABIC = re.compile("[\u0621-\u064a]")


def translated() -> list[tuple[str, Message]]:
    return [(area, message) for area, part in read_catalogues("ar") for message in messages_of(part)]


def test_the_catalogues_hold_what_the_templates_say_and_nothing_else() -> None:
    for area, text in update_catalogues().items():
        stored = (HOUSE / "locale" / "ar" / f"{area}.po").read_text(encoding="utf-8")
        assert stored == text, f"{area}.po: run `make messages` and translate what is empty"
    assert {path.stem for path in (HOUSE / "locale" / "ar").glob("*.po")} == set(find_messages())


def test_every_message_is_translated_with_its_slots_and_six_plural_forms() -> None:
    assert len(translated()) > 100
    for area, message in translated():
        singular = message.id if isinstance(message.id, str) else message.id[0]
        plural = None if isinstance(message.id, str) else message.id[1]
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        assert len(forms) == (1 if plural is None else 6), (area, singular)
        for form in forms:
            assert ARABIC.search(form), (area, singular)
            known = set(SLOT.findall(plural or singular)) | set(SLOT.findall(singular))
            used = set(SLOT.findall(form))
            # One and two are words in Arabic: a form may leave the number out, but may not make one up.
            assert used <= known if plural else used == known, (area, singular)
        assert not message.fuzzy, (area, singular)


def test_arabic_chooses_among_its_six_forms() -> None:
    say = load_translations("ar").ungettext
    forms = [
        say("%(shown)s question is still open", "%(shown)s questions are still open", number)
        for number in (0, 1, 2, 3, 10, 11, 99, 100, 102, 103, 111)
    ]
    none, one, two, few, ten, many, ninety_nine, hundred, hundred_two, hundred_three, hundred_eleven = forms
    assert len({none, one, two, few, many, hundred}) == 6
    assert (few, many, many) == (ten, ninety_nine, hundred_eleven)
    assert (hundred, few) == (hundred_two, hundred_three)


def test_a_new_sentence_in_a_template_is_noticed(tmp_path: Path) -> None:
    (tmp_path / "desk").mkdir()
    (tmp_path / "desk" / "new.html").write_text(
        "{% trans n=n %}{{ n }} door{% pluralize %}{{ n }} doors{% endtrans %} {{ gettext('Planted') }}"
        "{% do x.append(pgettext('door', 'Open')) %}",
        encoding="utf-8",
    )
    assert find_messages(tmp_path) == {
        "desk": [(None, "%(n)s door", "%(n)s doors"), (None, "Planted", None), ("door", "Open", None)]
    }
