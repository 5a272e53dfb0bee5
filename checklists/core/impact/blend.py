"""Two editions of one checklist, what of the newer bears on a judgement, and every edition that lies between them.

Words, sources and efforts move no judgement: a part that differs in nothing else is no changed part here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from checklists.core.editions.conditions import Condition, keys
from checklists.core.editions.edition import (
    Concern,
    Derivation,
    Duration,
    Edition,
    Gate,
    Law,
    Option,
    Question,
    Requirement,
    asked_behind,
)
from checklists.core.judging.facts import LAW_PREFIX
from checklists.core.kinds import decisive

Item = Concern | Question | Gate | Requirement | Duration | Law | Derivation
THRESHOLDS = "thresholds"
"""Thresholds have no keys: they are one part, whole."""


@dataclass(frozen=True, slots=True, order=True)
class ChangedPart:
    """A part that bears on judgements and is not the same in both editions: ``option`` names one of a question's."""

    family: str
    key: str
    option: str = ""

    @property
    def place(self) -> str:
        """As packs name it: ``questions/key_holder/options/provider``."""
        return "/".join(filter(None, (self.family, self.key, "options" if self.option else "", self.option)))


Parts = frozenset[ChangedPart]


class Pair:
    """An older and a newer edition. ``changed`` are the parts that differ, in the order of the newer's families."""

    def __init__(self, older: Edition, newer: Edition) -> None:
        self.older, self.newer = older, newer
        self._old, self._new = _families(older), _families(newer)
        self.changed = tuple(self._changed())
        self._needs = self._read_needs()

    def with_needed(self, parts: Iterable[ChangedPart]) -> Parts:
        """``parts`` and those without which they make no sense: a gate and the new question it reads."""
        found: set[ChangedPart] = set()
        waiting = list(parts)
        while waiting:
            part = waiting.pop()
            if part not in found:
                found.add(part)
                waiting.extend(self._needs[part])
        return frozenset(found)

    def without(self, part: ChangedPart, parts: Parts) -> Parts:
        """``parts`` less ``part`` and those that make no sense without it."""
        return frozenset(other for other in parts if part not in self.with_needed([other]))

    def blend(self, taken: Parts) -> Edition:
        """The older edition with ``taken`` as in the newer one. Its fingerprint is the older's: never publish it."""
        families = {family: dict(self._blend_family(family, taken)) for family in self._old if family != "concerns"}
        questions: dict[str, Question] = families["questions"]
        concerns: dict[str, Concern] = {}
        for key, concern in self._blend_family("concerns", taken):
            own = tuple(question.key for question in questions.values() if question.concern == key)
            concerns[key] = replace(concern, questions=own)
        is_new = ChangedPart(THRESHOLDS, "") in taken
        thresholds = (self.newer if is_new else self.older).thresholds
        return replace(
            self.older,
            concerns=concerns,
            questions=questions,
            gates=families["gates"],
            laws=families["laws"],
            requirements=tuple(families["requirements"].values()),
            durations=tuple(families["durations"].values()),
            derivations=tuple(families["derivations"].values()),
            thresholds=thresholds,
        )

    def restated(self, taken: Parts) -> frozenset[str] | None:
        """The questions to establish again when ``taken`` are as in the newer edition; ``None``: all of them."""
        again: set[str] = set()
        for part in taken:
            if part.family in ("laws", "durations", "derivations"):
                return None
            if part.family != "questions":
                continue
            old, new = self.older.questions.get(part.key), self.newer.questions.get(part.key)
            is_alike = old and new and old.applies == new.applies and old.kind == new.kind
            if not is_alike or part.key in decisive(self.older) | decisive(self.newer):
                return None
            again.add(part.key)
        return frozenset(again)

    def _changed(self) -> Iterator[ChangedPart]:
        for family, new in self._new.items():
            old = self._old[family]
            for key in {**old, **new}:
                before, after = old.get(key), new.get(key)
                if isinstance(before, Question) and isinstance(after, Question) and _same_options(before, after):
                    if _bearing(before) != _bearing(after):
                        yield ChangedPart(family, key)
                    for name, option in after.options.items():
                        if _worth(before.options[name]) != _worth(option):
                            yield ChangedPart(family, key, name)
                elif before is None or after is None or _whole(before) != _whole(after):
                    yield ChangedPart(family, key)
        if self.older.thresholds != self.newer.thresholds:
            yield ChangedPart(THRESHOLDS, "")

    def _blend_family(self, family: str, taken: Parts) -> Iterator[tuple[str, Any]]:
        old, new = self._old[family], self._new[family]
        for key in {**old, **new}:
            item = (new if ChangedPart(family, key) in taken else old).get(key)
            names = [part.option for part in taken if part.option and (part.family, part.key) == (family, key)]
            if isinstance(item, Question):
                other, newer = old.get(key), new.get(key)
                if isinstance(other, Question) and isinstance(newer, Question) and _same_options(other, newer):
                    options = {
                        name: (newer if name in names else other).options[name]
                        for name in item.options
                    }  # fmt: skip
                    item = replace(item, options=options)
            if item is not None:
                yield key, item

    def _read_needs(self) -> dict[ChangedPart, Parts]:
        needs: dict[ChangedPart, set[ChangedPart]] = {part: set() for part in self.changed}
        by_name = {_name(part): part for part in self.changed if not part.option and part.family != THRESHOLDS}
        for part in self.changed:
            if part.family == THRESHOLDS:
                continue
            before, after = self._old[part.family].get(part.key), self._new[part.family].get(part.key)
            reads_before, reads_after = _references(before, part.option), _references(after, part.option)
            for name in reads_after - reads_before:
                if (other := by_name.get(name)) and self._is_added(other):
                    needs[part].add(other)
            for name in reads_before - reads_after:
                if (other := by_name.get(name)) and self._is_removed(other):
                    needs[other].add(part)
        return {part: frozenset(others - {part}) for part, others in needs.items()}

    def _is_added(self, part: ChangedPart) -> bool:
        return part.key not in self._old[part.family]

    def _is_removed(self, part: ChangedPart) -> bool:
        return part.key not in self._new[part.family]


def _families(edition: Edition) -> dict[str, Mapping[str, Item]]:
    return {
        "concerns": edition.concerns,
        "questions": edition.questions,
        "gates": edition.gates,
        "requirements": {item.key: item for item in edition.requirements},
        "durations": {item.key: item for item in edition.durations},
        "laws": edition.laws,
        "derivations": {item.key: item for item in edition.derivations},
    }


def _bearing(item: Item) -> tuple[Any, ...]:
    """What a judgement reads of a part, a question's options aside."""
    match item:
        case Concern():
            return (item.weight,)
        case Question():
            return item.concern, item.scope, item.kind, item.weight, item.applies
        case Gate():
            return item.when, item.ceiling, item.period, item.status, item.presumed, item.presumed_if
        case Requirement():
            return item.when, item.least, item.period
        case Duration():
            return (item.to,)
        case Derivation():
            return item.question, item.when, item.value, item.also, item.takes, item.period
        case Law():
            return item.kind, item.countries, item.period, item.status, item.replaces


def _worth(option: Option) -> tuple[Any, ...]:
    return option.level, option.regime, option.lapsed_to, option.adequacy_of


def _whole(item: Item) -> tuple[Any, ...]:
    options = {key: _worth(option) for key, option in item.options.items()} if isinstance(item, Question) else {}
    return _bearing(item), options


def _same_options(before: Question, after: Question) -> bool:
    """Whether the options can be told apart: none came, went or counts as another one than before."""
    lapses = [{key: option.lapsed_to for key, option in one.options.items()} for one in (before, after)]
    return lapses[0] == lapses[1]


def _name(part: ChangedPart) -> str:
    """How conditions and other parts refer to a part."""
    return {"concerns": "concern:", "laws": LAW_PREFIX}.get(part.family, "") + part.key


def _references(item: Item | None, option: str) -> frozenset[str]:
    """The names of the parts that ``item`` (or one option of it) reads."""
    match item:
        case Question():
            options = [item.options[option]] if option else list(item.options.values())
            own = set() if option else {"concern:" + item.concern} | _read(item.applies)
            laws = {LAW_PREFIX + each.regime for each in options if each.regime}
            return frozenset(own | laws | {each.adequacy_of for each in options if each.adequacy_of})
        case Gate():
            return frozenset(_read(item.when) | _read(item.presumed_if))
        case Requirement():
            return frozenset(_read(item.when))
        case Duration():
            return frozenset({item.to})
        case Derivation():
            return frozenset({item.question} | _read(item.when))
        case Law(replaces=str() as replaced):
            return frozenset({LAW_PREFIX + replaced})
        case _:
            return frozenset()


def _read(condition: Condition | None) -> set[str]:
    return {asked_behind(key) for key in keys(condition)} if condition else set()
