"""A document held to its schema: each thing wrong with it, with its place, its line and a remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from checklists.packs.files.problems import PackError, Problem, gettext_noop
from checklists.packs.files.safe_yaml import Lines, Path
from checklists.packs.files.shape_words import shape_words

P = TypeVar("P", bound=BaseModel)


def validated(model: type[P], schema: str, document: Any, lines: Lines) -> P:
    """``document`` as a ``model``, which says it is of ``schema``. Raises ``PackError``."""
    if not isinstance(document, dict) or document.get("schema") != schema:
        message = gettext_noop("this is not a file of schema %(schema)s", schema=schema)
        remedy = gettext_noop("Begin with 'schema: %(schema)s'.", schema=schema)
        raise PackError([Problem("schema", message, remedy, 1)])
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise PackError(shape_problems(document, error, lines)) from None


def refuse_any(problems: Sequence[Problem], document: Any, lines: Lines) -> None:
    """Raises ``PackError`` if there are ``problems``, each with the line of its place."""
    if problems:
        raise PackError([with_line(document, lines, problem) for problem in problems])


def shape_problems(document: Any, error: ValidationError, lines: Lines | None = None) -> list[Problem]:
    """What the schema refused in ``document``, each with its place, and its line where ``lines`` are known."""
    return [shape_problem(document, lines or {}, detail) for detail in error.errors()]


def shape_problem(document: Any, lines: Lines, detail: Any) -> Problem:
    """One ``detail`` of a ``ValidationError`` in our words."""
    path: Path = tuple(detail["loc"])
    while path and path not in lines:
        path = path[:-1]
    message, remedy = shape_words(detail)
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


def with_line(document: Any, lines: Lines, problem: Problem) -> Problem:
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
    return replace(problem, line=lines.get(path))
