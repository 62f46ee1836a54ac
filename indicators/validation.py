"""From a tree to a model: every mistake becomes a fault with its code and its place in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from indicators.errors import Fault, listed, nearest
from indicators.models import Text
from indicators.nodes import Node

Model = TypeVar("Model", bound=BaseModel)

_CODE: Final = re.compile(r"[A-Z][0-9]{3}\Z")
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_LATIN: Final = re.compile("[A-Za-z]")
# What pydantic calls a wrong type, and the code that says which type was expected.
_TYPES: Final[Mapping[str, str]] = {
    "string_type": "C020",
    "int_type": "C021",
    "int_from_float": "C021",
    "bool_type": "C022",
    "list_type": "C023",
    "tuple_type": "C023",
    "dict_type": "C024",
    "mapping_type": "C024",
    "model_type": "C024",
    "model_attributes_type": "C024",
    "dataclass_type": "C024",
}
_LITERALS: Final = frozenset({"literal_error", "enum"})
_TOO_SHORT: Final = frozenset({"too_short", "string_too_short"})
_BOUNDS: Final = frozenset({"greater_than_equal", "less_than_equal", "greater_than", "less_than"})


def validate(model: type[Model], node: Node, faults: list[Fault], **given: Any) -> Model | None:
    """Return the model a node describes, or None with its load faults added to `faults`.

    A text without one of its two languages is a publication fault and does not keep the model from being
    returned. `given` are values of keys that were read apart (conditions), in the place of what stands there.
    """
    if node.broken:
        return None
    if not isinstance(node.value, dict):
        faults.append(node.fault("C024"))
        return None
    inner = node.without(*given)
    if _holds_broken(inner):
        # What is unreadable has its own fault already; what else is wrong here is still worth saying.
        _collect(model, inner, given, faults)
        return None
    return _collect(model, inner, given, faults)


def _collect(model: type[Model], node: Node, given: Mapping[str, Any], faults: list[Fault]) -> Model | None:
    before = len(faults)
    check_texts(model, node, faults)
    try:
        found = model.model_validate({**node.plain(), **given})
    except ValidationError as error:
        found_wrong = [_explain(model, node, detail) for detail in error.errors(include_url=False)]
        faults.extend(_without_misspelt([one for one in found_wrong if one is not None]))
        return None
    stopped = any(one.severity == "load" for one in faults[before:])
    return None if stopped else found


def _without_misspelt(faults: list[Fault]) -> list[Fault]:
    """Leave out that a key is missing where a misspelt one is reported with its right spelling."""
    meant = {
        _beside(one.field, one.slots["nearest"])
        for one in faults
        if "nearest" in one.slots and one.code == "C004"
    }
    return [one for one in faults if one.code != "C003" or one.field not in meant]


def _beside(field: str | None, key: object) -> str:
    return ".".join([*(field or "").split(".")[:-1], str(key)])


def check_texts(model: type[BaseModel], node: Node, faults: list[Fault]) -> None:
    """Add a fault for every text that lacks a language, or holds one language in the other's place."""
    for name, field in model.model_fields.items():
        inner = node.entries.get(name)
        if inner is not None:
            _check_texts(field.annotation, inner, name, faults)


def _check_texts(annotation: Any, node: Node, path: str, faults: list[Fault]) -> None:
    for kind in _members(annotation):
        if kind is Text:
            check_text(node, path, faults)
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            check_texts(kind, node, faults)
        elif get_origin(kind) in (tuple, list):
            for one in node.items:
                _check_texts(get_args(kind)[0], one, path, faults)
        elif get_origin(kind) in (dict, Mapping):
            for key, one in node.entries.items():
                _check_texts(get_args(kind)[1], one, f"{path}.{key}", faults)


def check_text(node: Node, path: str, faults: list[Fault]) -> None:
    """Add the faults of one pair of languages; `path` is how they call it."""
    if not isinstance(node.value, dict):
        return
    written = {lang: node.value[lang].value for lang in ("en", "ar") if lang in node.value}
    said = {lang for lang, text in written.items() if isinstance(text, str) and text.strip()}
    if not said:
        if all(text is None or isinstance(text, str) for text in written.values()) and not _holds_broken(
            node
        ):
            faults.append(node.fault("C012", path=path))
        return
    for lang in ("en", "ar"):
        text = written.get(lang)
        if text is None or (isinstance(text, str) and not text.strip()):
            if lang not in node.value or not node.value[lang].broken:
                faults.append(node.fault("P001", path=path, at=lang, key=path, language=lang))
        elif isinstance(text, str):
            own, other = (_ARABIC, _LATIN) if lang == "ar" else (_LATIN, _ARABIC)
            if other.search(text) and not own.search(text):
                faults.append(node.fault("P002", path=path, at=lang, key=path, language=lang))


def _explain(model: type[BaseModel], node: Node, detail: Any) -> Fault | None:
    path = tuple(detail["loc"])
    kind, context = detail["type"], detail.get("ctx", {})
    place = node.follow(path)
    if place.broken:
        return None
    field = ".".join(str(step) for step in path)
    if kind == "missing":
        return node.follow(path[:-1]).fault("C003", path=field, key=str(path[-1]))
    if kind == "extra_forbidden":
        parent = node.follow(path[:-1])
        owner = _annotation(model, path[:-1])
        known = owner.model_fields if isinstance(owner, type) and issubclass(owner, BaseModel) else {}
        key = str(path[-1])
        unused = [one for one in known if one not in parent.entries]
        return parent.fault("C004", at=key, path=field, key=key, nearest=nearest(key, unused))
    if _CODE.match(kind):
        slots = {name: value for name, value in context.items() if name != "code"}
        return place.fault(kind, path=field, **slots)
    key = next((step for step in reversed(path) if isinstance(step, str)), "")
    if kind in _LITERALS:
        choices = _choices(_annotation(model, path))
        written = str(place.plain())
        return place.fault(
            "C005",
            path=field,
            key=key,
            value=written,
            choices=listed(choices),
            nearest=nearest(written, choices),
        )
    if kind in _TOO_SHORT and len(place.items) >= context.get("min_length", 1):
        # Long enough as written; what is wrong with an entry is said there.
        return None
    if kind in _TOO_SHORT:
        return place.fault("C014", path=field, key=key)
    if kind in _BOUNDS:
        return place.fault("C015", path=field, key=key, value=str(place.plain()))
    return place.fault(_TYPES.get(kind, "C029"), path=field, key=key)


def _annotation(model: Any, path: tuple[str | int, ...]) -> Any:
    """Return the annotation at a path of a model, as far as it can be followed."""
    found: Any = model
    for step in path:
        for kind in _members(found):
            if isinstance(kind, type) and issubclass(kind, BaseModel) and step in kind.model_fields:
                found = kind.model_fields[str(step)].annotation
                break
            if get_origin(kind) in (tuple, list):
                found = get_args(kind)[0]
                break
            if get_origin(kind) in (dict, Mapping):
                found = get_args(kind)[1]
                break
    members = [kind for kind in _members(found) if kind is not NoneType]
    return members[0] if len(members) == 1 else found


def _members(annotation: Any) -> tuple[Any, ...]:
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) in (Union, UnionType):
        return tuple(inner for one in get_args(annotation) for inner in _members(one))
    return (annotation,)


def _choices(annotation: Any) -> list[str]:
    found: list[str] = []
    for kind in _members(annotation):
        if get_origin(kind) is Literal:
            found.extend(str(one) for one in get_args(kind))
    return found


def _holds_broken(node: Node) -> bool:
    inner = [*node.entries.values(), *node.items]
    return node.broken or any(_holds_broken(one) for one in inner)
