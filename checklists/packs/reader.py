"""From the bytes of a pack to the canonical document of an edition, or to a list of everything wrong with it."""

from __future__ import annotations

from importlib import resources
from typing import Any

from pydantic import ValidationError

from checklists.packs.checks import check
from checklists.packs.problems import PackError, Problem, gettext_noop
from checklists.packs.safe_yaml import Lines, Path, read_yaml
from checklists.packs.schema import SCHEMA, Pack

SHIPPED = resources.files("checklists.packs") / "data"
"""The folder of the packs that ship with the product."""


def shipped_pack(key: str) -> bytes:
    """The bytes of the shipped pack named ``key``."""
    return (SHIPPED / f"{key}.yaml").read_bytes()


def read_pack(raw: bytes) -> Pack:
    """The checked pack in ``raw``. Raises ``PackError`` with places, lines and remedies."""
    document, lines = read_yaml(raw)
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        raise PackError(
            [Problem("schema", f"this is not a pack of schema {SCHEMA}", f"Begin with 'schema: {SCHEMA}'.", 1)]
        )
    try:
        pack = Pack.model_validate(document)
    except ValidationError as error:
        raise PackError(shape_problems(document, error, lines)) from None
    problems = check(pack)
    if problems:
        raise PackError([_with_line(document, lines, problem) for problem in problems])
    return pack


def shape_problems(document: Any, error: ValidationError, lines: Lines | None = None) -> list[Problem]:
    """What the schema refused in ``document``, each with its place, and its line where ``lines`` are known."""
    return [_from_pydantic(document, lines or {}, detail) for detail in error.errors()]


def _from_pydantic(document: Any, lines: Lines, detail: Any) -> Problem:
    path: Path = tuple(detail["loc"])
    while path and path not in lines:
        path = path[:-1]
    message, remedy = {
        "extra_forbidden": (gettext_noop("unknown field"), gettext_noop("Remove the field or correct its name.")),
        "missing": (gettext_noop("required field missing"), gettext_noop("Add it.")),
        "too_short": (gettext_noop("one at least is required"), gettext_noop("Add one.")),
        "literal_error": (str(detail["msg"]), gettext_noop("Use one of the values listed.")),
    }.get(detail["type"], (str(detail["msg"]), gettext_noop("Correct the value.")))
    return Problem(_readable(document, tuple(detail["loc"])), message, remedy, lines.get(path))


def _readable(document: Any, path: Path) -> str:
    """The path with the keys of list items in place of their numbers: ``questions/key_holder/options/none``."""
    words: list[str] = []
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            document = None
        key = document.get("key") if isinstance(document, dict) and isinstance(step, int) else None
        words.append(str(key if key is not None else step))
    return "/".join(words)


def _with_line(document: Any, lines: Lines, problem: Problem) -> Problem:
    """Find the line of the deepest part of the problem's place that the file shows."""
    node, path = document, ()  # type: tuple[Any, Path]
    for word in problem.place.split("/"):
        if isinstance(node, list):
            step: str | int | None = next(
                (i for i, item in enumerate(node) if isinstance(item, dict) and item.get("key") == word), None
            )
        else:
            step = word if isinstance(node, dict) and word in node else None
        if step is None:
            break
        node, path = node[step], (*path, step)
    return Problem(problem.place, problem.message, problem.remedy, lines.get(path))
