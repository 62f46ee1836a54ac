"""What could be turned against the person is noticed in both languages; accounts of harm are not."""

from __future__ import annotations

import pytest

from screening.cases.notes import describe_warnings, warn_about

SEX, OFFENCE, RESIDENCE, JUDGED = (
    "consensual_sexual_conduct",
    "offences_of_the_person",
    "residence_and_absence",
    "judging_words",
)

NOTICED = [
    ("She has a boyfriend in Hawally.", SEX),
    ("Says she had sex with the driver", SEX),
    ("HER  GIRLFRIEND\nwaits", SEX),
    ("قالت إنّ عَشيقَها زارها", SEX),
    ("وهي على علاقة مع شاب", SEX),
    ("مارست الجنس معه", SEX),
    ("She stole a ring", OFFENCE),
    ("worked in prostitution for a month", OFFENCE),
    ("ســرقت خاتماً", OFFENCE),
    ("وبالدعارة", OFFENCE),
    ("جوازها مزوّر", OFFENCE),
    ("Her residence expired in May", RESIDENCE),
    ("he absconded", RESIDENCE),
    ("عليها بلاغ تغيّب", RESIDENCE),
    ("انتهت إقامتها", RESIDENCE),
    ("I think he is lying", JUDGED),
    ("كلامها كذب", JUDGED),
    ("She was beaten. She has a lover.", SEX),
]
PASSED_OVER = [
    "Works 15 hours a day, sleeps in the kitchen.",
    "The employer forced her to have sex with clients.",
    "She was raped by the agent and had sex with men under threat",
    "أجبرها على ممارسة الجنس",
    "تعمل خمس عشرة ساعة في اليوم",
    "She relies on Liesel, who lied down early",  # the one word that reads like another
    "زوجها في بلدها",
    "He drinks water from the tap",
    "",
]


@pytest.mark.parametrize(("note", "warning"), NOTICED)
def test_it_is_noticed(note: str, warning: str) -> None:
    assert warning in warn_about(note)


def test_accounts_of_harm_and_plain_notes_pass() -> None:
    for note in PASSED_OVER:
        found = set(warn_about(note))
        assert found <= ({JUDGED} if "Liesel" in note else set()), note


def test_force_in_another_sentence_does_not_excuse() -> None:
    assert warn_about("She had sex with a friend. The employer beat her.") == (SEX,)
    assert warn_about("She had sex with a guard who beat her.") == ()


def test_several_texts_and_none() -> None:
    assert warn_about(None, "He is a thief", "and a liar") == (OFFENCE, JUDGED)
    assert warn_about(None) == ()


def test_every_warning_says_what_to_do_in_both_languages() -> None:
    found = describe_warnings([SEX, OFFENCE, RESIDENCE, JUDGED])
    assert len(found) == 4
    assert all(one.says.en and one.says.ar and one.label.en and one.label.ar for one in found)
