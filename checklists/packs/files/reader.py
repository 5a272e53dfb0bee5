"""From the bytes of a pack to the canonical document of an edition, or to a list of everything wrong with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from importlib import resources
from typing import Any, TypeVar

from pydantic import ValidationError

from checklists.core.editions.edition import Edition
from checklists.packs.editions.checks import check
from checklists.packs.editions.schema import SCHEMA, Pack, Part
from checklists.packs.files.problems import PackError, Problem, gettext_noop
from checklists.packs.files.safe_yaml import Lines, Path, read_yaml
from checklists.packs.files.shape_words import shape_words
from checklists.packs.frameworks.checks import check_framework
from checklists.packs.frameworks.schema import FRAMEWORK_SCHEMA, FrameworkPack

P = TypeVar("P", bound=Part)

SHIPPED = resources.files("checklists.packs") / "data"
"""The folder of the packs that ship with the product."""
SHIPPED_FRAMEWORKS = ("edpb-01-2020", "secnumcloud-19-6", "hds-2", "eu-csf-2025-10", "eu-csf-2026-06")
"""In the order the screens show them."""


def shipped_pack(key: str) -> bytes:
    """The bytes of the shipped pack named ``key``."""
    return (SHIPPED / f"{key}.yaml").read_bytes()


def read_pack(raw: bytes) -> Pack:
    """The checked pack in ``raw``. Raises ``PackError`` with places, lines and remedies."""
    document, lines = read_yaml(raw)
    pack = _validated(Pack, SCHEMA, document, lines)
    _refuse_any(check(pack), document, lines)
    return pack


def shipped_framework(key: str) -> bytes:
    """The bytes of the shipped framework named ``key``."""
    return (SHIPPED / "frameworks" / f"{key}.yaml").read_bytes()


def is_framework(raw: bytes) -> bool:
    """Whether ``raw`` says it is a framework. Raises ``PackError`` when it is not readable YAML."""
    document = read_yaml(raw)[0]
    return isinstance(document, dict) and document.get("schema") == FRAMEWORK_SCHEMA


def framework_reads(raw: bytes) -> str:
    """The key of the checklist that the framework in ``raw`` reads, '' when it does not say."""
    document, lines = read_yaml(raw)
    return str(_completed(document, lines).get("checklist", "")) if isinstance(document, dict) else ""


def read_framework(raw: bytes, checklist: Edition) -> FrameworkPack:
    """The framework in ``raw``, checked against ``checklist``. Raises ``PackError`` as :func:`read_pack` does."""
    document, lines = read_yaml(raw)
    if isinstance(document, dict):
        document = _completed(document, lines)
    pack = _validated(FrameworkPack, FRAMEWORK_SCHEMA, document, lines)
    _refuse_any(check_framework(pack, checklist), document, lines)
    return pack


def _completed(document: dict[str, Any], lines: Lines) -> dict[str, Any]:
    """``document`` with what it does not say taken from the shipped framework named by ``like``.

    Objectives of the same key are completed one by one: a later set of weights restates the weights only.
    """
    if "like" not in document:
        return document
    like = document["like"]
    if like not in SHIPPED_FRAMEWORKS:
        remedy = f"Name a shipped one: {', '.join(SHIPPED_FRAMEWORKS)}."
        raise PackError([Problem("like", f"there is no framework '{like}'", remedy, lines.get(("like",)))])
    model: dict[str, Any] = read_yaml(shipped_framework(like))[0]
    own = {name: value for name, value in document.items() if name != "like"}
    objectives = {item["key"]: item for item in model.get("objectives", [])}
    if isinstance(own.get("objectives"), list):
        own["objectives"] = [
            {**objectives.get(item.get("key"), {}), **item} if isinstance(item, dict) else item
            for item in own["objectives"]
        ]
    return {**model, **own}


def _validated(model: type[P], schema: str, document: Any, lines: Lines) -> P:
    if not isinstance(document, dict) or document.get("schema") != schema:
        message = gettext_noop("this is not a pack of schema %(schema)s", schema=schema)
        remedy = gettext_noop("Begin with 'schema: %(schema)s'.", schema=schema)
        raise PackError([Problem("schema", message, remedy, 1)])
    try:
        return model.model_validate(document)
    except ValidationError as error:
        raise PackError(shape_problems(document, error, lines)) from None


def _refuse_any(problems: Sequence[Problem], document: Any, lines: Lines) -> None:
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
