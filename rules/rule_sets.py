"""Reading a rule set from its files: shapes first, then every name it uses, all faults at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from indicators.catalogue import Catalogue
from indicators.conditions import Condition, read_condition
from indicators.content import load_catalogue
from indicators.errors import Fault, fault, listed, nearest
from indicators.nodes import Node
from indicators.validation import validate
from indicators.yaml_reading import parse_yaml
from rules.models import (
    AnyFindingOf,
    AnyIndicator,
    Case,
    Dimension,
    Finding,
    FindingDefinition,
    Ladder,
    ListedIndicator,
    Module,
    Observation,
    OutcomeLine,
    OutcomeStep,
    Parameter,
    Recommendation,
    Route,
    RouteService,
    RuleSet,
    RuleSetHead,
    Service,
)
from rules.name_checks import check_names

M = TypeVar("M", bound=BaseModel)
Place = tuple[str | None, int | None]
Folder = Path | Traversable


def rule_set_names(root: Path | None = None) -> list[str]:
    """The ids of the rule sets of a content tree (the shipped content if `root` is None)."""
    folder = _rules_folder(root) / "sets"
    if not folder.is_dir():
        return []
    return sorted(entry.name for entry in folder.iterdir() if (entry / "rule_set.yaml").is_file())


def load_rule_set(
    name: str = "kuwait", root: Path | None = None, catalogue: Catalogue | None = None
) -> tuple[RuleSet | None, list[Fault]]:
    """The rule set and every fault found in reading it; None if it could not be put together at all.

    With a load fault among the faults the rule set must not be compiled.
    """
    if catalogue is None:
        catalogue, _ = load_catalogue(root)
    return _Reader(name, _rules_folder(root), catalogue).read()


def _rules_folder(root: Path | None) -> Folder:
    return files("rules") if root is None else root / "rules"


class _Reader:
    def __init__(self, name: str, folder: Folder, catalogue: Catalogue) -> None:
        self.name = name
        self.folder = folder
        self.home = folder / "sets" / name
        self.catalogue = catalogue
        self.faults: list[Fault] = []
        self.places: dict[tuple[str, str], Place] = {}

    def read(self) -> tuple[RuleSet | None, list[Fault]]:
        if not (self.home / "rule_set.yaml").is_file():
            known = rule_set_names(Path(str(self.folder)).parent) if isinstance(self.folder, Path) else []
            self.faults.append(
                fault(
                    "R002",
                    file=_shown(self.home),
                    name=self.name,
                    known=listed(known),
                    nearest=nearest(self.name, known),
                )
            )
            return None, self.faults
        head = self._build(RuleSetHead, self._file(self.home / "rule_set.yaml", "rule_set.yaml"))
        modules = [self._module(module) for module in (head.modules if head else ())]
        ladder = self._ladder()
        routes = [self._route(node) for node in self._list(self.home / "routes.yaml")]
        parameters = [self._parameter(node) for node in self._folder_mappings("parameters")]
        services = [self._service(node) for node in self._folder_lists("directory")]
        if head is None or ladder is None:
            return None, self.faults
        rule_set = RuleSet(
            head=head,
            modules=_present(modules),
            ladder=ladder,
            routes=_present(routes),
            parameters=_present(parameters),
            services=_present(services),
            places=self.places,
        )
        self.faults += check_names(rule_set, self.catalogue)
        return rule_set, self.faults

    # Files

    def _file(self, path: Folder, asked_by: str) -> Node | None:
        if not path.is_file():
            self.faults.append(fault("R001", file=_shown(self.home), path=_shown(path), asked_by=asked_by))
            return None
        node, faults = parse_yaml(path.read_bytes(), _shown(path))
        self.faults += faults
        return node

    def _list(self, path: Folder, *, optional: bool = False) -> Iterator[Node]:
        if optional and not path.is_file():
            return
        node = self._file(path, "rule_set.yaml")
        if node is None or node.broken:
            return
        if not isinstance(node.value, list):
            self.faults.append(node.fault("C006"))
            return
        yield from node.value

    def _folder_lists(self, name: str) -> Iterator[Node]:
        for path in _yaml_files(self.folder / name):
            yield from self._list(path)

    def _folder_mappings(self, name: str) -> Iterator[Node]:
        for path in _yaml_files(self.folder / name):
            node = self._file(path, name)
            if node is not None:
                yield node

    # Parts

    def _build(self, model: type[M], node: Node | None, **given: Any) -> M | None:
        if node is None or node.broken:
            return None
        return validate(model, node, self.faults, **given)

    def _condition(
        self, node: Node, key: str, *, ladder: bool = False
    ) -> Condition | AnyFindingOf | AnyIndicator | None:
        """The condition under a key; None when it is missing or broken, with the fault reported."""
        if not isinstance(node.value, dict) or key not in node.value:
            return None
        inner = node.value[key]
        if isinstance(inner.value, dict):
            special: dict[str, type[AnyFindingOf | AnyIndicator]] = {
                "any_finding_of": AnyFindingOf,
                "any_indicator": AnyIndicator,
            }
            for name, model in special.items():
                if name in inner.value:
                    if not ladder:
                        self.faults.append(inner.fault("R035", at=name, key=name))
                        return None
                    return self._build(model, inner)
        return read_condition(inner, self.faults)

    def _with_condition(
        self, model: type[M], node: Node, key: str, *, ladder: bool = False, **given: Any
    ) -> M | None:
        condition = self._condition(node, key, ladder=ladder)
        if condition is not None:
            return self._build(model, node, **{key: condition}, **given)
        # A missing condition is reported by the model; a broken one already is, so the rest is checked alone.
        if isinstance(node.value, dict) and key in node.value:
            return None
        return self._build(model, node, **given)

    def _remember(self, kind: str, name: object, node: Node) -> None:
        if isinstance(name, str):
            if (kind, name) in self.places:
                first = self.places[kind, name]
                code = "R010" if kind == "rule" else "R023"
                self.faults.append(node.fault(code, kind=kind, name=name, first=f"{first[0]}:{first[1]}"))
            else:
                self.places[kind, name] = (node.file, node.line)

    def _rules(self, folder: Folder, file: str, model: type[M]) -> tuple[M, ...]:
        found = []
        for node in self._list(folder / file, optional=True):
            self._remember("rule", _text(node, "id"), node)
            found.append(self._with_condition(model, node, "when"))
        return _present(found)

    def _module(self, name: str) -> Module | None:
        folder = self.home / name
        node = self._file(folder / "module.yaml", "rule_set.yaml")
        if node is None or node.broken or not isinstance(node.value, dict):
            return None
        self.places["module", name] = (node.file, node.line)
        dimensions = {}
        for key, inner in _mapping(node, "dimensions").items():
            self._remember("dimension", f"{name}.{key}", inner)
            dimension = self._dimension(inner)
            if dimension is not None:
                dimensions[key] = dimension
        findings = []
        for inner in _items(node, "findings"):
            self._remember("finding", _text(inner, "id"), inner)
            findings.append(self._build(FindingDefinition, inner))
        cases: list[Case] = []
        for inner in self._list(folder / "cases.yaml", optional=True):
            case = self._build(Case, inner)
            if case is not None:
                self.places["case", f"{name}:{len(cases)}"] = (inner.file, inner.line)
                cases.append(case)
        return self._build(
            Module,
            node,
            dimensions=dimensions,
            findings=_present(findings),
            observations=self._rules(folder, "observations.yaml", Observation),
            finding_rules=self._rules(folder, "findings.yaml", Finding),
            recommendations=self._rules(folder, "recommendations.yaml", Recommendation),
            cases=tuple(cases),
        )

    def _dimension(self, node: Node) -> Dimension | None:
        listed_indicators = {}
        for code, inner in _mapping(node, "indicators").items():
            self._remember("entry", code, inner)
            item = self._with_condition(ListedIndicator, inner, "only_with")
            if item is not None:
                listed_indicators[code] = item
        return self._build(Dimension, node, indicators=listed_indicators)

    def _ladder(self) -> Ladder | None:
        node = self._file(self.home / "outcomes.yaml", "rule_set.yaml")
        if node is None or node.broken or not isinstance(node.value, dict):
            return None
        steps = []
        for inner in _items(node, "ladder"):
            lines = []
            for line in _items(inner, "lines"):
                self._remember("rule", _text(line, "id"), line)
                lines.append(self._with_condition(OutcomeLine, line, "when", ladder=True))
            steps.append(self._build(OutcomeStep, inner, lines=_present(lines)))
        return self._build(Ladder, node, ladder=_present(steps))

    def _route(self, node: Node) -> Route | None:
        self._remember("route", _text(node, "route"), node)
        services = [
            self._with_condition(RouteService, inner, "eligible_when") for inner in _items(node, "services")
        ]
        return self._build(Route, node, services=_present(services))

    def _parameter(self, node: Node) -> Parameter | None:
        self._remember("parameter", _text(node, "parameter"), node)
        return self._build(Parameter, node)

    def _service(self, node: Node) -> Service | None:
        self._remember("service", _text(node, "id"), node)
        return self._build(Service, node)


def _present(items: Iterable[M | None]) -> tuple[M, ...]:
    return tuple(item for item in items if item is not None)


def _mapping(node: Node, key: str) -> Mapping[str, Node]:
    inner = node.value.get(key) if isinstance(node.value, dict) else None
    return inner.value if inner is not None and isinstance(inner.value, dict) else {}


def _items(node: Node, key: str) -> list[Node]:
    inner = node.value.get(key) if isinstance(node.value, dict) else None
    return inner.value if inner is not None and isinstance(inner.value, list) else []


def _text(node: Node, key: str) -> object:
    inner = node.value.get(key) if isinstance(node.value, dict) else None
    return inner.value if inner is not None else None


def _yaml_files(folder: Folder) -> list[Any]:
    if not folder.is_dir():
        return []
    return sorted(
        (path for path in folder.iterdir() if path.name.endswith(".yaml")), key=lambda path: path.name
    )


def _shown(path: Folder) -> str:
    """A path as people know it: from the content tree's own folders on."""
    parts = Path(str(path)).parts
    if "rules" in parts:
        start = len(parts) - 1 - parts[::-1].index("rules")
        return str(Path(*parts[start:]))
    return str(path)
