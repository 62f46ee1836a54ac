"""What the field form says, in both languages, with the plural forms that each needs."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any, Final

from babel import Locale

from indicators.yaml_reading import read_yaml
from screening.phrases import LANGUAGES

_FILE: Final = "api/field/words.yaml"
_SLOT: Final = re.compile(r"\{([a-z_]+)\}")


def load_words() -> dict[str, dict[str, Any]]:
    """Every sentence by id: `{en, ar}`, each a text or its plural forms.

    Raises `ValueError` where a language, a plural form or a slot is missing: the form would show a gap.
    """
    found: dict[str, dict[str, Any]] = read_yaml(
        (files("api") / "field" / "words.yaml").read_bytes(), _FILE
    ).plain()
    for id, pair in found.items():
        if set(pair) != set(LANGUAGES) or len({isinstance(one, str) for one in pair.values()}) != 1:
            raise ValueError(f"{_FILE}: {id} needs a text in each language, or plural forms in each")
        slots: set[frozenset[str]] = set()
        for language in LANGUAGES:
            forms = pair[language]
            if not isinstance(forms, str):
                needed = {*Locale(language).plural_form.tags, "other"}
                if set(forms) != needed:
                    raise ValueError(f"{_FILE}: {id} in {language} needs {sorted(needed)}")
            texts = [forms] if isinstance(forms, str) else list(forms.values())
            if not all(isinstance(one, str) and one.strip() for one in texts):
                raise ValueError(f"{_FILE}: {id} in {language} has an empty text")
            # Some forms of a plural say the number in words.
            slots.add(frozenset(_SLOT.findall(" ".join(texts))))
        if len(slots) != 1:
            raise ValueError(f"{_FILE}: {id} has other slots in one language than in the other")
    return found
