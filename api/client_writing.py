"""`python -m api.client_writing`: writes models and operations of `screening.client` from the description.

The description is made from the routes, so a route cannot change without its client: a test compares what
this would write with what is there. Models that live below `api` are imported and not written again.
"""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args, get_origin

from fastapi import FastAPI
from pydantic import BaseModel

from api.access import api_routes
from api.app import create_app
from api.bodies.reading import body_of
from api.settings import Settings

FOLDER: Final = Path(__file__).resolve().parent.parent / "screening" / "client"
_HEAD: Final = (
    '"""{text} Written by `python -m api.client_writing`."""\n\nfrom __future__ import annotations\n\n'
)
_REF: Final = "#/components/schemas/"


def write_client(app: FastAPI) -> dict[str, str]:
    """The files of the client by their path in `screening/client`."""
    return _Writer(app).write()


class _Writer:
    def __init__(self, app: FastAPI) -> None:
        self.schema: Mapping[str, Any] = app.openapi()
        self.schemas: Mapping[str, Any] = self.schema["components"]["schemas"]
        self.imported = _models_below(app) | {"ProblemFault": "screening.client.problems"}
        self.bodies = {model.__name__ for route in api_routes(app) if (model := body_of(route))}
        self.operations: dict[str, list[tuple[str, str, dict[str, Any]]]] = defaultdict(list)
        for path, methods in self.schema["paths"].items():
            for method, operation in methods.items():
                self.operations[operation["tags"][0]].append((path, method, operation))

    def write(self) -> dict[str, str]:
        files: dict[str, str] = {}
        owners = self._owners()
        for tag in sorted(set(owners.values())):
            names = sorted(name for name, owner in owners.items() if owner == tag)
            files[f"models/{_module(tag)}.py"] = self._write_models(tag, names, owners)
        for tag in sorted(self.operations):
            files[f"operations/{_module(tag)}.py"] = self._write_operations(tag, owners)
        parts = sorted(self.operations)
        files["models/__init__.py"] = '"""What is sent and answered, a module a subject."""\n'
        files["operations/__init__.py"] = '"""The operations of the interface, a module a subject."""\n'
        files["__init__.py"] = self._write_client(parts)
        return {name: _format(name, text) for name, text in files.items()}

    def _owners(self) -> dict[str, str]:
        """Which subject a model belongs to: the one that uses it, or all of them together."""
        users: dict[str, set[str]] = defaultdict(set)
        for tag, operations in self.operations.items():
            for _, _, operation in operations:
                for name in self._reach(operation):
                    users[name].add(tag)
        own = {name: tags for name, tags in users.items() if name not in self.imported}
        return {
            name: next(iter(tags)) if len(tags) == 1 else "shared"
            for name, tags in own.items()
            # It is raised, and never returned.
            if name != "Problem"
        }

    def _reach(self, part: Any) -> set[str]:
        found: set[str] = set()
        waiting = list(_references(part))
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                if name not in self.imported:
                    waiting += _references(self.schemas[name])
        return found

    def _write_models(self, tag: str, names: list[str], owners: Mapping[str, str]) -> str:
        body = "\n\n".join(self._write_model(name) for name in self._in_order(names))
        inner = {one for name in names for one in _references(self.schemas[name])} - set(names)
        lines = ["from pydantic import BaseModel, ConfigDict, Field\n", *self._imports(inner, owners)]
        about = "What several subjects share." if tag == "shared" else f"Models: {tag}."
        return _HEAD.format(text=about) + _standard_imports(body) + "\n".join(lines) + "\n\n\n" + body + "\n"

    def _in_order(self, names: list[str]) -> list[str]:
        done: list[str] = []

        def visit(name: str) -> None:
            if name in done or name not in names:
                return
            for inner in sorted(_references(self.schemas[name])):
                if inner != name:
                    visit(inner)
            done.append(name)

        for name in names:
            visit(name)
        return done

    def _write_model(self, name: str) -> str:
        form = self.schemas[name]
        sent = name in self.bodies
        extra = "forbid" if sent else "ignore"
        about = " ".join(str(form.get("description", name)).split())
        lines = [f"class {_class(name)}(BaseModel):", f'    """{_sentence(about)}"""', ""]
        lines.append(f'    model_config = ConfigDict(frozen=True, extra="{extra}", populate_by_name=True)')
        lines.append("")
        required = set(form.get("required", ()))
        # What may be left out stands last.
        for key in sorted(form.get("properties", {}), key=lambda one: one not in required):
            lines.append("    " + self._write_field(key, form["properties"][key], key in required))
        return "\n".join(lines)

    def _write_field(self, key: str, form: Mapping[str, Any], required: bool) -> str:
        kind = self._type(form)
        name = f"{key}_" if keyword.iskeyword(key) or key in _TAKEN else key
        default = None if required else repr(form["default"]) if _is_simple(form) else "None"
        if default == "None" and "None" not in kind and kind != "Any":
            kind = f"{kind} | None"
        if name != key:
            inside = [f'alias="{key}"'] if default is None else [f"default={default}", f'alias="{key}"']
            return f"{name}: {kind} = Field({', '.join(inside)})"
        return f"{name}: {kind}" + ("" if default is None else f" = {default}")

    def _type(self, form: Mapping[str, Any]) -> str:
        if "$ref" in form:
            return _class(form["$ref"].removeprefix(_REF))
        if "anyOf" in form or "oneOf" in form:
            return " | ".join(dict.fromkeys(self._type(one) for one in form.get("anyOf") or form["oneOf"]))
        if "allOf" in form and len(form["allOf"]) == 1:
            return self._type(form["allOf"][0])
        if "const" in form:
            return f"Literal[{form['const']!r}]"
        if "enum" in form:
            return f"Literal[{', '.join(repr(one) for one in form['enum'])}]"
        kind = form.get("type")
        if kind == "string":
            return {"date-time": "datetime", "date": "date"}.get(str(form.get("format")), "str")
        if kind == "array":
            return f"list[{self._type(form.get('items', {}))}]"
        if kind == "object":
            more = form.get("additionalProperties")
            return f"dict[str, {self._type(more) if isinstance(more, dict) else 'Any'}]"
        simple = {"integer": "int", "number": "float", "boolean": "bool", "null": "None"}
        return simple.get(str(kind), "Any")

    def _imports(self, names: Iterable[str], owners: Mapping[str, str]) -> list[str]:
        modules: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names):
            if name in self.imported:
                modules[self.imported[name]].append(_class(name))
            elif name in owners:
                modules[f"screening.client.models.{_module(owners[name])}"].append(_class(name))
        return [f"from {module} import {', '.join(found)}" for module, found in sorted(modules.items())]

    def _write_operations(self, tag: str, owners: Mapping[str, str]) -> str:
        operations = self.operations[tag]
        body = "\n\n".join(self._write_operation(*one) for one in operations)
        used = {name for _, _, operation in operations for name in self._direct(operation)}
        imports = [
            "from screening.client.connections import Connection",
            *self._imports(used, owners),
        ]
        about = f"Operations: {tag}."
        return (
            _HEAD.format(text=about)
            + _standard_imports(body)
            + "\n".join(imports)
            + f"\n\n\nclass {_part(tag)}(Connection):\n"
            + f'    """The operations on {tag}."""\n\n'
            + body
            + "\n"
        )

    def _direct(self, operation: Mapping[str, Any]) -> set[str]:
        parts = [operation.get("requestBody", {}), self._success(operation)]
        parts += [one["schema"] for one in operation.get("parameters", ())]
        return {name for part in parts for name in _references(part)}

    def _success(self, operation: Mapping[str, Any]) -> Mapping[str, Any]:
        status = min(one for one in operation["responses"] if one.startswith("2"))
        found: Mapping[str, Any] = operation["responses"][status]
        return found

    def _write_operation(self, path: str, method: str, operation: dict[str, Any]) -> str:
        given = operation.get("parameters", ())
        in_path = [one["name"] for one in given if one["in"] == "path"]
        query = [one for one in given if one["in"] == "query"]
        headers = {one["name"].lower() for one in given if one["in"] == "header"}
        positional = [f"{_name(one)}: str" for one in in_path]
        body = operation.get("requestBody")
        if body is not None:
            positional.append(f"body: {self._body_type(body)}")
        named = [f"{_name(one['name'])}: {self._optional(one)} = None" for one in query]
        passed = [f'"{method.upper()}"', f'"{path}"']
        answer = self._answer(operation)
        passed.append("None" if answer == "None" else answer)
        if in_path:
            passed.append("path={" + ", ".join(f'"{one}": {_name(one)}' for one in in_path) + "}")
        if query:
            pairs = ", ".join(f'"{one["name"]}": {_name(one["name"])}' for one in query)
            passed.append("query={" + pairs + "}")
        if body is not None:
            passed.append("body=body")
        if "if-match" in headers:
            named.append("seen: int | None = None")
            passed += ["seen=seen", "changes=True"]
        if "idempotency-key" in headers:
            named.append("key: str | None = None")
            passed += ["key=key", "creates=True"]
        signature = ", ".join(["self", *positional, *(["*", *named] if named else [])])
        about = _sentence(str(operation["summary"]))
        call = f"self.call({', '.join(passed)})"
        lines = [f"    def {operation['operationId']}({signature}) -> {answer}:", f'        """{about}"""']
        if answer == "None":
            lines.append(f"        {call}")
        elif answer == "Any":
            lines.append(f"        return {call}")
        else:
            lines += [f"        answered: {answer} = {call}", "        return answered"]
        return "\n".join(lines)

    def _body_type(self, body: Mapping[str, Any]) -> str:
        form = body["content"]["application/json"]["schema"]
        return self._type(form) if "$ref" in form else "Mapping[str, Any]"

    def _optional(self, parameter: Mapping[str, Any]) -> str:
        kind = self._type(parameter["schema"])
        return kind if "None" in kind else f"{kind} | None"

    def _answer(self, operation: Mapping[str, Any]) -> str:
        content = self._success(operation).get("content", {})
        if "application/json" in content:
            return self._type(content["application/json"].get("schema", {}))
        return "str" if content else "None"

    def _write_client(self, tags: list[str]) -> str:
        imports = "\n".join(
            f"from screening.client.operations.{_module(tag)} import {_part(tag)}" for tag in tags
        )
        bases = ", ".join(_part(tag) for tag in tags)
        return (
            '"""The typed client of the HTTP interface. Written by `python -m api.client_writing`.\n\n'
            '    with Client("https://screening.example.org") as client:\n'
            "        client.open_session(name, password, second_factor)\n"
            "        case = client.create_case(NewCase(site=site))\n\n"
            "A method is called like the operation in the description of the interface.\n"
            '"""\n\nfrom __future__ import annotations\n\n'
            f"{imports}\nfrom screening.client.problems import NoAnswer, ServiceProblem, UnknownVersion\n\n"
            '__all__ = ["Client", "NoAnswer", "ServiceProblem", "UnknownVersion"]\n\n\n'
            f"class Client({bases}):\n"
            '    """Every operation of the interface; see `Connection` for what it does by itself."""\n'
        )


# Names of pydantic's own that a field cannot have.
_TAKEN: Final = frozenset({"schema", "json", "copy", "dict", "model_config", "validate"})


def _models_below(app: FastAPI) -> dict[str, str]:
    """The models in answers that the packages below define, by name, with their modules."""
    found: dict[str, str] = {}
    seen: set[Any] = set()

    def visit(kind: Any) -> None:
        for inner in get_args(kind):
            visit(inner)
        origin = get_origin(kind) or kind
        if not isinstance(origin, type) or not issubclass(origin, BaseModel) or kind in seen:
            return
        seen.add(kind)
        if not origin.__module__.startswith("api."):
            found[origin.__name__] = origin.__module__
        for field in origin.model_fields.values():
            visit(field.annotation)

    for route in api_routes(app):
        visit(getattr(route, "response_model", None))
        visit(body_of(route))
    return found


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        reference = part.get("$ref")
        if isinstance(reference, str) and reference.startswith(_REF):
            yield reference.removeprefix(_REF)
        for key, value in part.items():
            if key not in ("examples", "example"):
                yield from _references(value)
    elif isinstance(part, list):
        for value in part:
            yield from _references(value)


def _is_simple(form: Mapping[str, Any]) -> bool:
    return isinstance(form.get("default"), str | int | bool)


def _class(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[^A-Za-z0-9]+", name))


def _part(tag: str) -> str:
    return _class(tag) + "Operations"


def _module(tag: str) -> str:
    return re.sub(r"[^a-z]+", "_", tag.lower())


def _name(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def _sentence(text: str) -> str:
    text = text.replace("\\", "\\\\").replace('"""', "'''")
    text = text if len(text) <= 95 else text[:94].rsplit(" ", 1)[0] + " …"
    return text if text.endswith((".", "…", "?")) else f"{text}."


def _standard_imports(body: str) -> str:
    lines = []
    days = [name for name in ("date", "datetime") if re.search(rf"\b{name}\b", body)]
    if days:
        lines.append(f"from datetime import {', '.join(days)}")
    typed = [name for name in ("Any", "Literal") if re.search(rf"\b{name}\b", body)]
    if typed:
        lines.append(f"from typing import {', '.join(typed)}")
    if "Mapping[" in body:
        lines.insert(0, "from collections.abc import Mapping")
    return "\n".join(lines) + "\n\n" if lines else ""


def _format(name: str, text: str) -> str:
    command = [sys.executable, "-m", "ruff"]
    file = ["--stdin-filename", str(FOLDER / name), "-"]
    for step in (["check", "--select", "F401,I", "--fix", "--quiet"], ["format", "--quiet"]):
        run = subprocess.run([*command, *step, *file], input=text, capture_output=True, text=True, check=True)
        text = run.stdout
    return text


def describe_shipped() -> FastAPI:
    """The application as it is shipped, on a database that is thrown away."""
    folder = Path(tempfile.mkdtemp())
    return create_app(Settings(data=folder / "data", workers=1))


def main() -> int:
    """Write the client; every file that is no longer made is deleted."""
    files = write_client(describe_shipped())
    for part in ("models", "operations"):
        for old in (FOLDER / part).glob("*.py"):
            if f"{part}/{old.name}" not in files:
                old.unlink()
    for name, text in files.items():
        path = FOLDER / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
