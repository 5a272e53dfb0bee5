"""YAML from strangers: bounded in size and depth, no tags, no aliases, no duplicate keys, and lines remembered.

Scalars are read as YAML 1.2 does: ``yes``, ``no``, ``on`` and dates stay text (an option may well be called
``no``, and Norway's code is ``NO``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import yaml

from checklists.packs.problems import PackError, Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 24

Path = tuple[str | int, ...]
Lines = Mapping[Path, int]
"""Where each value starts: path of keys and indices -> line, counted from 1."""


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader with the YAML 1.2 core scalars only."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,9})$"), list("-0123456789")
)
_ALLOWED_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "str", "map", "seq")}


def read_yaml(raw: bytes) -> tuple[Any, Lines]:
    """The document in ``raw`` (UTF-8) and the line of each of its values. Raises ``PackError``."""
    if len(raw) > MAX_BYTES:
        _refuse(f"the file has {len(raw)} bytes", f"A pack has at most {MAX_BYTES} bytes; split it.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        _refuse(f"the file is not UTF-8 (byte {error.start})", "Save it as UTF-8.")
    try:
        _check_events(text)
        loader = _PlainLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                _refuse("the file is empty", "Write a pack in it; the shipped ones are examples.")
            problems, lines = list[Problem](), dict[Path, int]()
            for problem in _walk(node, (), lines):
                problems.append(problem)
            if problems:
                raise PackError(problems)
            return loader.construct_document(node), lines
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else None
        _refuse(getattr(error, "problem", None) or "the file is not YAML", "Correct the syntax.", line)


def _check_events(text: str) -> None:
    """Refuse aliases, anchors and deep nesting before anything is built from them."""
    depth = 0
    for event in yaml.parse(text, Loader=_PlainLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            _refuse("anchors and aliases are not allowed", "Write the value out where it is used.", line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                _refuse(f"nested deeper than {MAX_DEPTH} levels", "Flatten the pack.", line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Iterator[Problem]:
    line = node.start_mark.line + 1
    lines[path] = line
    place = "/".join(map(str, path)) or "the pack"
    if node.tag not in _ALLOWED_TAGS:
        yield Problem(place, f"the tag {node.tag} is not allowed", "Remove it.", line)
    elif isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                yield Problem(place, "a key must be plain text", "Use a word as the key.", line)
                continue
            key, key_line = key_node.value, key_node.start_mark.line + 1
            if key in seen:
                message = f"the key '{key}' is written twice (first on line {seen[key]})"
                yield Problem(place, message, "Keep one of the two.", key_line)
            seen[key] = key_line
            yield from _walk(value_node, (*path, key), lines)
            lines[(*path, key)] = key_line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index), lines)


def _refuse(message: str, remedy: str, line: int | None = None) -> NoReturn:
    raise PackError([Problem("the pack", message, remedy, line)])
