"""A pack that goes into a draft: it may be unfinished, as a draft may; it may not be malformed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from checklists.packs.editions.parts import FAMILIES, INNER
from checklists.packs.editions.schema import SCHEMA, Pack
from checklists.packs.editions.settled import settle
from checklists.packs.files.problems import WHOLE, PackError, Problem, gettext_noop
from checklists.packs.files.safe_yaml import Lines, read_yaml
from checklists.packs.files.validation import shape_problem, with_line
from checklists.packs.frameworks.schema import FRAMEWORK_SCHEMA

MAX_PARTS, MAX_INNER = 2_000, 300
"""Questions, gates, sources and so on together; a checklist of 200 questions has about 500."""
_UNFINISHED = ("missing", "too_short")
_NEEDED = ("key", "languages")


@dataclass(frozen=True)
class Incoming:
    """A settled document, and where its values stand in the file."""

    document: Mapping[str, Any]
    written: Mapping[str, Any]
    lines: Lines

    def placed(self, problem: Problem) -> Problem:
        """``problem`` with the line of the file that it is about."""
        return with_line(self.written, self.lines, problem)


def read_incoming(raw: bytes) -> Incoming:
    """The checklist in ``raw``. Raises ``PackError`` with every fault that keeps it from being a draft.

    What is missing is no such fault: the checks of the draft tell it, and it blocks publication.
    """
    document, lines = read_yaml(raw)
    _refuse([*_no_checklist(document), *_too_large(document)])
    faults = []
    try:
        Pack.model_validate(document)
    except ValidationError as error:
        faults = [shape_problem(document, lines, detail) for detail in error.errors() if not _is_unfinished(detail)]
    _refuse(faults)
    incoming = Incoming(settle(document), document, lines)
    _refuse([incoming.placed(problem) for problem in _twice(incoming.document)])
    return incoming


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise PackError(problems)


def _is_unfinished(detail: Any) -> bool:
    """Whether a detail only says that something is not written yet, which a draft can bear."""
    place = detail["loc"]
    needed = _NEEDED if len(place) == 1 else ("key",)
    return detail["type"] in _UNFINISHED and place[-1] not in needed


def _no_checklist(document: Any) -> Iterator[Problem]:
    found = document.get("schema") if isinstance(document, dict) else None
    if found == FRAMEWORK_SCHEMA:
        remedy = gettext_noop("External frameworks are not drafted: the site operator loads them with 'loadpack'.")
        yield Problem("schema", gettext_noop("this is an external framework, not a checklist"), remedy, 1)
    elif found != SCHEMA:
        message = gettext_noop("this is not a file of schema %(schema)s", schema=SCHEMA)
        yield Problem("schema", message, gettext_noop("Begin with 'schema: %(schema)s'.", schema=SCHEMA), 1)


def _too_large(document: Any) -> Iterator[Problem]:
    if not isinstance(document, dict):
        return
    lists = {family: document[family] for family in FAMILIES if isinstance(document.get(family), list)}
    parts = sum(map(len, lists.values()))
    if parts > MAX_PARTS:
        message = gettext_noop("the file holds %(count)s parts", count=parts)
        yield Problem(WHOLE, message, gettext_noop("A checklist has at most %(most)s.", most=MAX_PARTS))
    for family, (inner, _model) in INNER.items():
        sizes = [len(item[inner]) for item in lists.get(family, ()) if _holds_list(item, inner)]
        if max(sizes, default=0) > MAX_INNER:
            message = gettext_noop("a part holds %(count)s others", count=max(sizes))
            yield Problem(family, message, gettext_noop("A question has at most %(most)s answers.", most=MAX_INNER))


def _holds_list(item: Any, name: str) -> bool:
    return isinstance(item, dict) and isinstance(item.get(name), list)


def _twice(document: Mapping[str, Any]) -> Iterator[Problem]:
    """Keys that two parts of one list share: a row could not tell them apart."""
    lists = {family: document.get(family, ()) for family in FAMILIES}
    for family, (inner, _model) in INNER.items():
        lists |= {f"{family}/{item['key']}/{inner}": item.get(inner, ()) for item in document.get(family, ())}
    for place, items in lists.items():
        for key, count in Counter(item["key"] for item in items if "key" in item).items():
            if count > 1:
                message = gettext_noop("the key '%(key)s' is used %(count)s times", key=key, count=count)
                yield Problem(f"{place}/{key}", message, gettext_noop("Give each its own key."))
