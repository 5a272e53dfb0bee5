"""From the bytes of a framework to the checked framework, or to a list of everything wrong with it."""

from __future__ import annotations

from typing import Any

from checklists.core.editions.edition import Edition
from checklists.packs.files.problems import PackError, Problem
from checklists.packs.files.safe_yaml import Lines, read_yaml
from checklists.packs.files.shipped import SHIPPED_FRAMEWORKS, shipped_framework
from checklists.packs.files.validation import refuse_any, validated
from checklists.packs.frameworks.checks import check_framework
from checklists.packs.frameworks.schema import FRAMEWORK_SCHEMA, FrameworkPack


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
    pack = validated(FrameworkPack, FRAMEWORK_SCHEMA, document, lines)
    refuse_any(check_framework(pack, checklist), document, lines)
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
