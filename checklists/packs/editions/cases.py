"""Files of decided cases: a list of mappings with ``id``, ``reference_date``, ``facts`` and ``expected``.

A fact is an option, a country or a date; ``{value: none, reason: …}`` corrects what other facts give, with a reason.
Tolerant of how people write YAML: ``yes``, ``no``, ``true`` and ``false``, quoted or not, and dates as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from checklists.core.editions.vocabulary import Text, Verdict
from checklists.core.judging.answer import Answer
from checklists.core.judging.decided_cases import DecidedCase
from checklists.packs.files.problems import PackError, Problem
from checklists.packs.files.safe_yaml import Lines, read_yaml
from checklists.packs.files.shipped import SHIPPED

UNDETERMINED = "und"
"""The language of a text written without saying in which (ISO 639-2)."""
KNOWN = frozenset({"id", "title", "authority", "reference_date", "source", "facts", "expected", "expected_any", "note"})


def shipped_cases(key: str) -> bytes:
    """The bytes of the decided cases that ship with the checklist ``key``."""
    return (SHIPPED / "cases" / f"{key}.yaml").read_bytes()


def ships_cases(key: str) -> bool:
    """Whether decided cases ship with the checklist ``key``."""
    return (SHIPPED / "cases" / f"{key}.yaml").is_file()


@lru_cache(maxsize=8)
def _shipped(key: str) -> tuple[dict[str, Any], ...]:
    document: list[dict[str, Any]] = read_yaml(shipped_cases(key))[0]
    return tuple(document)


def shipped_documents(key: str) -> dict[str, dict[str, Any]]:
    """What the shipped file of ``key`` says of each case, by its key."""
    return {str(item["id"]): item for item in _shipped(key)}


def case_from(item: Mapping[str, Any]) -> DecidedCase:
    """The case that ``item``, an entry of a file without faults, says."""
    return _case(item, 0)


def faults_of(item: Mapping[str, Any]) -> list[Problem]:
    """Why ``item`` cannot be judged; nothing where it can."""
    return _problems(item, 0, {})


def read_cases(raw: bytes) -> tuple[DecidedCase, ...]:
    """The cases in ``raw``. Raises ``PackError`` with every case that cannot be judged, and why."""
    document, lines = read_yaml(raw)
    if isinstance(document, dict):
        document, lines = document.get("cases"), {path[1:]: line for path, line in lines.items() if path[:1]}
    if not isinstance(document, list) or not document:
        raise PackError([Problem("the file", "it is not a list of cases", "Begin each case with '- id: …'.")])
    cases, problems = list[DecidedCase](), list[Problem]()
    for index, item in enumerate(document):
        found = _problems(item, index, lines)
        problems += found
        if not found:
            cases.append(_case(item, index))
    if problems:
        raise PackError(problems)
    return tuple(cases)


def _problems(item: Any, index: int, lines: Lines) -> list[Problem]:
    line = lines.get((index,))
    place = f"case {index + 1}"
    if not isinstance(item, Mapping):
        return [Problem(place, "it is not a mapping", "Give it 'id', 'reference_date', 'facts', 'expected'.", line)]
    place = f"case {item.get('id', index + 1)}"
    problems = []
    if not isinstance(item.get("facts"), Mapping):
        problems.append(Problem(place, "it has no facts", "Write 'facts' as a mapping of question to option.", line))
    try:
        date.fromisoformat(str(item.get("reference_date")))
    except ValueError:
        message = f"'{item.get('reference_date')}' is not a date"
        problems.append(Problem(place, message, "Write 'reference_date' as YYYY-MM-DD.", line))
    expected = _expected(item)
    unknown = [word for word in expected if word.upper() not in Verdict.__members__]
    if not expected or unknown:
        message = f"'{', '.join(unknown)}' is not a verdict" if unknown else "it says no expected verdict"
        remedy = f"Use one of: {', '.join(verdict.key for verdict in Verdict)}."
        problems.append(Problem(place, message, remedy, line))
    return problems


def _expected(item: Mapping[str, Any]) -> list[str]:
    words: list[str] = []
    for value in (item.get("expected"), item.get("expected_any")):
        words += [str(word) for word in value] if isinstance(value, list) else [] if value is None else [str(value)]
    return words


def _case(item: Mapping[str, Any], index: int) -> DecidedCase:
    key = str(item.get("id", index + 1))
    return DecidedCase(
        key=key,
        title=_text(item.get("title", key)),
        authority=_text(item.get("authority", "")),
        reference_date=date.fromisoformat(str(item["reference_date"])),
        source=_text(item.get("source", "")),
        facts={name: answer for name, value in item["facts"].items() if (answer := _answer(value))},
        expected=frozenset(Verdict.from_key(word) for word in _expected(item)),
        note=_text(item.get("note", "")),
        unread=tuple(sorted(str(name) for name in item.keys() - KNOWN)),
    )


def _text(value: Any) -> Text:
    return {k: str(v) for k, v in value.items()} if isinstance(value, Mapping) else {UNDETERMINED: str(value)}


def _answer(value: Any) -> Answer | None:
    """A fact as an answer; a blank one is no answer. ``{value: …, reason: …}`` says why it departs from what other
    facts give.
    """
    if isinstance(value, Mapping):
        answer = _answer(value.get("value"))
        return answer and replace(answer, justification=str(value.get("reason") or ""))
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return Answer.of("yes" if value else "no")
    word = str(value)
    if word == "unknown":
        return Answer.unknown()
    folded = word.lower()
    if folded in {"yes", "no", "true", "false"} and word != "NO":
        return Answer.of({"true": "yes", "false": "no"}.get(folded, folded))
    return Answer.of(word)
