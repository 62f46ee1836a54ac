"""Reading the content of this package from its files, with every fault of every file at once."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from indicators.catalogue import Catalogue, Kind, PlaceInFile
from indicators.conditions import Condition, read_condition
from indicators.content_checks import check_catalogue, check_question, check_source
from indicators.errors import Fault, fault, in_order
from indicators.models import Content, Indicator, Instrument, Locator, Question, Source
from indicators.nodes import Node
from indicators.validation import check_text, validate
from indicators.yaml_reading import parse_yaml

Model = TypeVar("Model", bound=Content)

FOLDERS: tuple[str, ...] = ("sources", "questions", "instruments", "indicators", "locators")


def load_catalogue(root: Path | Traversable | None = None) -> tuple[Catalogue, list[Fault]]:
    """Return what could be read of a content tree (by default the shipped one) and every fault of it.

    With a load fault among them the catalogue is incomplete: nothing may be evaluated with it.
    """
    return _Loader(files("indicators") if root is None else root.joinpath("indicators")).load()


def content_files(folder: Path | Traversable, shown: str, faults: list[Fault]) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of every YAML file of a folder, sorted; `shown` is how faults name it."""
    for path in sorted(folder.iterdir(), key=lambda one: one.name):
        name = f"{shown}/{path.name}"
        if path.name.startswith((".", "__")):
            continue
        if not path.is_file() or not path.name.endswith(".yaml"):
            faults.append(fault("C002", file=name))
            continue
        yield name, path.read_bytes()


class _Loader:
    def __init__(self, package: Path | Traversable) -> None:
        self.package = package
        self.faults: list[Fault] = []
        self.places: dict[tuple[str, str], PlaceInFile] = {}
        self.nodes: dict[tuple[str, str], Node] = {}
        self.unread: set[str] = set()
        self.conditions: dict[tuple[str, str], Condition] = {}

    def load(self) -> tuple[Catalogue, list[Fault]]:
        sources: dict[str, Source] = {}
        questions: dict[str, Question] = {}
        instruments: dict[str, Instrument] = {}
        indicators: dict[str, Indicator] = {}
        locators: dict[str, Locator] = {}
        for node in self._entries("sources"):
            self._keep(sources, "source", validate(Source, node, self.faults), node, "id")
        for node in self._entries("questions"):
            self._keep(questions, "question", self._question(node), node, "id")
        for node in self._documents("instruments"):
            self._keep(instruments, "instrument", validate(Instrument, node, self.faults), node, "instrument")
        for node in self._entries("indicators"):
            self._keep(indicators, "indicator", validate(Indicator, node, self.faults), node, "id")
        for node in self._entries("locators"):
            self._keep(locators, "locator", self._locator(node), node, "en")
        for name, source in sources.items():
            self.faults += check_source(source, self.nodes["source", name])
        for name, question in questions.items():
            self.faults += check_question(question, self.nodes["question", name])
        catalogue = Catalogue(
            dict(sorted(sources.items())),
            dict(sorted(questions.items())),
            dict(sorted(instruments.items())),
            dict(sorted(indicators.items())),
            dict(sorted(locators.items())),
            self.places,
        )
        # A question that has faults of its own is defined all the same: what names it is not at fault. With a
        # file of questions that cannot be read at all nobody knows which names are.
        named = frozenset(name for kind, name in self.places if kind == "question")
        known = None if "questions" in self.unread else named
        self.faults += check_catalogue(catalogue, self.conditions, known, self.nodes)
        return catalogue, in_order(self.faults)

    def _documents(self, folder: str) -> Iterator[Node]:
        place = self.package.joinpath(folder)
        shown = f"indicators/{folder}"
        if not place.is_dir():
            self.faults.append(fault("C001", folder=shown))
            return
        for name, text in content_files(place, shown, self.faults):
            node, faults = parse_yaml(text, name)
            self.faults += faults
            if node is None or node.broken:
                self.unread.add(folder)
                continue
            if folder == "instruments" and not isinstance(node.value, dict):
                self.faults.append(node.fault("C007"))
            else:
                yield node

    def _entries(self, folder: str) -> Iterator[Node]:
        for document in self._documents(folder):
            if isinstance(document.value, list):
                yield from document.items
            else:
                self.faults.append(document.fault("C006"))

    def _question(self, node: Node) -> Question | None:
        given: dict[str, Any] = {}
        name = node.entries["id"].value if "id" in node.entries else None
        complete = True
        for key in ("applies_when", "ask_when"):
            inner = node.entries.get(key)
            if inner is None or (inner.value is None and not inner.broken):
                continue
            given[key] = self._condition(inner)
            complete = complete and given[key] is not None
            if isinstance(name, str) and given[key] is not None and (name, key) not in self.conditions:
                # Also of a question with faults elsewhere: what is wrong here is said at once.
                self.conditions[name, key] = given[key]
        question = validate(Question, node, self.faults, **given)
        return question if complete else None

    def _locator(self, node: Node) -> Locator | None:
        locator = validate(Locator, node, self.faults)
        if locator is not None:
            check_text(node, locator.en, self.faults)
        return locator

    def _condition(self, node: Node) -> Condition | None:
        return read_condition(node, self.faults, allow_references=False, allow_parameters=False)

    def _keep(self, kept: dict[str, Model], kind: Kind, model: Model | None, node: Node, key: str) -> None:
        inner = node.entries.get(key)
        name = None if inner is None else inner.value
        if inner is None or not isinstance(name, str):
            return
        first = self.places.get((kind, name))
        if first is not None:
            self.faults.append(inner.fault("C008", kind=kind, id=name, first=f"{first[0]}:{first[1]}"))
            return
        self.places[kind, name] = (inner.file, inner.line)
        self.nodes[kind, name] = node
        if model is not None:
            kept[name] = model
