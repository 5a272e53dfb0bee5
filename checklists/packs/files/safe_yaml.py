"""YAML from strangers: bounded in size and depth, no tags, no aliases, no duplicate keys, and lines remembered.

Scalars are read as YAML 1.2 does: ``yes``, ``no``, ``on`` and dates stay text (an option may well be called
``no``, and Norway's code is ``NO``).
"""

from __future__ import annotations

import codecs
import contextlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import yaml

from checklists.core.readable import TURNING, UNREADABLE
from checklists.packs.files.problems import WHOLE, PackError, Problem, gettext_noop

MAX_BYTES = 2_000_000
MAX_DEPTH = 24
MAX_VALUES = 60_000
"""Keys and values; a checklist of 200 questions has about 20 000."""

Path = tuple[str | int, ...]
Lines = Mapping[Path, int]
"""Where each value starts: path of keys and indices -> line, counted from 1."""

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's, ten times faster, where PyYAML was built with it."""


class _PlainLoader(_Loader):
    """SafeLoader with the YAML 1.2 core scalars only."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:null|~|)$"), ["n", "~", ""])
_PlainLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
_PlainLoader.add_implicit_resolver(
    "tag:yaml.org,2002:int", re.compile(r"^-?(?:0|[1-9][0-9]{0,9})$"), list("-0123456789")
)
_TEXT = "tag:yaml.org,2002:str"

_SYNTAX = (
    ("mapping values are not allowed", gettext_noop("a ':' stands where none can"),
     gettext_noop("Put the whole text between quotes, or begin it on a new line after '>-'.")),
    ("cannot start any token", gettext_noop("a character stands where none such can begin a value"),
     gettext_noop("Indent with spaces, not tabs; put a text that begins with @, ` or % between quotes.")),
    ("unexpected end of stream", gettext_noop("a quotation mark is never closed"),
     gettext_noop("Close it, or double it where it is an apostrophe.")),
    ("could not find expected ':'", gettext_noop("a line has no ':' after its key"),
     gettext_noop("Add it, or indent the line under the text it belongs to.")),
    ("unknown escape character", gettext_noop("a backslash stands before a letter that needs none"),
     gettext_noop("Double the backslash, or use single quotes.")),
    ("expected", gettext_noop("the indentation or a bracket does not fit what is around it"),
     gettext_noop("Align the line with its neighbours; close what is open.")),
    ("expected a single document", gettext_noop("the file holds several documents"),
     gettext_noop("Keep one, and remove the lines '---'.")),
)  # fmt: skip
"""What the parser says, in its words, then in ours. The last that fits is told."""


def read_yaml(raw: bytes) -> tuple[Any, Lines]:
    """The document in ``raw`` (UTF-8) and the line of each of its values. Raises ``PackError``."""
    text = _decoded(raw)
    try:
        _check_events(text)
        loader = _PlainLoader(text)
        try:
            node = loader.get_single_node()
            if node is None:
                _refuse(
                    gettext_noop("the file is empty"), gettext_noop("Write a checklist in it; an export is an example.")
                )
            lines: dict[Path, int] = {}
            if problems := list(_walk(node, (), lines)):
                raise PackError(problems)
            return loader.construct_document(node), lines
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        _refuse(*_said(error, text))


def try_yaml(raw: bytes) -> None:
    """Read ``raw`` as far as ``read_yaml`` does and keep nothing of it: whatever it says, it says within bounds."""
    with contextlib.suppress(PackError):
        read_yaml(raw)


def _decoded(raw: bytes) -> str:
    if len(raw) > MAX_BYTES:
        _refuse(
            gettext_noop("the file has %(size)s bytes", size=len(raw)),
            gettext_noop("A checklist file has at most %(most)s bytes.", most=MAX_BYTES),
        )
    save = gettext_noop("Save it as UTF-8 and send it again.")
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        _refuse(gettext_noop("the file is written in UTF-16"), save)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        _refuse(gettext_noop("the file is not UTF-8 (byte %(number)s)", number=error.start), save, line)
    if turned := TURNING.search(text) or UNREADABLE.search(text.replace("\0", "")):
        line = text.count("\n", 0, text.index(turned.group())) + 1
        _refuse(
            gettext_noop("the file holds the character U+%(code)s", code=f"{ord(turned.group()):04X}"),
            gettext_noop("Remove it: it cannot be read, or changes the direction of what is around it."),
            line,
        )
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        _refuse(gettext_noop("the file holds null characters: it is no text, or written in UTF-16"), save, line)
    return text


def _said(error: yaml.YAMLError, text: str) -> tuple[str, str, int | None]:
    """What is wrong, the remedy, and the line."""
    told = str(getattr(error, "problem", "") or getattr(error, "context", "") or error)
    mark = getattr(error, "problem_mark", None)
    line = min(mark.line, text.rstrip("\n").count("\n")) + 1 if mark else None
    message, remedy = gettext_noop("the file is not YAML"), gettext_noop("Correct the syntax.")
    if "control characters" in told or "special characters" in told:
        message = gettext_noop("the file holds control characters")
        remedy = gettext_noop("Remove them: a text editor can show them.")
    for sign, ours, mend in _SYNTAX:
        if sign in told:
            message, remedy = ours, mend
    return message, remedy, line


def _check_events(text: str) -> None:
    """Refuse aliases, anchors, tags, deep nesting and crowds before anything is built from them."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_PlainLoader)):
        if count > MAX_VALUES:
            message = gettext_noop("the file holds more than %(most)s values", most=MAX_VALUES)
            _refuse(message, gettext_noop("Split it, or take out what is not a checklist’s."))
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            remedy = gettext_noop("Write the value out where it is used; put a text that begins with & or * in quotes.")
            _refuse(gettext_noop("anchors and aliases are not allowed"), remedy, line)
        if tag := getattr(event, "tag", None):
            remedy = gettext_noop("Remove it; put a text that begins with ! between quotes.")
            _refuse(gettext_noop("the tag %(tag)s is not allowed", tag=tag[:60]), remedy, line)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                message = gettext_noop("nested deeper than %(most)s levels", most=MAX_DEPTH)
                _refuse(message, gettext_noop("Flatten the file."), line)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _walk(node: yaml.Node, path: Path, lines: dict[Path, int]) -> Iterator[Problem]:
    line = node.start_mark.line + 1
    lines[path] = line
    place = "/".join(map(str, path)) or WHOLE
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag != _TEXT:
                message = gettext_noop("a key must be plain text")
                yield Problem(place, message, gettext_noop("Use a word as the key."), key_line)
                continue
            key = key_node.value
            if key in seen:
                message = gettext_noop("the key '%(key)s' is written twice (first on line %(line)s)",
                                       key=key, line=seen[key])  # fmt: skip
                yield Problem(place, message, gettext_noop("Keep one of the two."), key_line)
            seen[key] = key_line
            yield from _walk(value_node, (*path, key), lines)
            lines[(*path, key)] = key_line
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield from _walk(item, (*path, index), lines)


def _refuse(message: str, remedy: str, line: int | None = None) -> NoReturn:
    raise PackError([Problem(WHOLE, message, remedy, line)])
