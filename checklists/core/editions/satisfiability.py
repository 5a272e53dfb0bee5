"""Whether a condition can ever be true, or ever be false, over the answers a checklist allows.

Exact: answers are tried one question at a time, in the order they are asked, and a branch is left as soon as
three-valued logic settles the condition. Answers that no comparison tells apart are tried once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checklists.core.editions.conditions import Condition, Fact, Leaf, evaluate, keys, leaves
from checklists.core.kleene import Truth

MAX_TRIES = 20_000
"""Branches looked at before giving up: a checklist where that is not enough gets no answer, not a wrong one."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question, or a derived fact, can come to: every value it may have, and when it is asked."""

    values: tuple[Fact, ...]
    applies: Condition | None = None


@dataclass
class Patience:
    """What may still be spent on several searches together, in facts looked at: a checklist made to be hard to check
    must not hold the server up. Whatever is not decided within it is not told."""

    left: int = 400_000


def can_be(
    condition: Condition,
    wanted: bool,
    asked: Mapping[str, Asked],
    order: Sequence[str],
    patience: Patience | None = None,
) -> Truth:
    """Whether some complete set of answers makes ``condition`` come to ``wanted``; ``None`` when given up.

    ``asked`` says what each key can come to, ``order`` puts each after those its applicability is read from.
    """
    patience = patience or Patience()
    if patience.left <= 0:
        return None
    needed = _closure(condition, asked)
    variables = [key for key in order if key in needed]
    read = [condition, *(applies for key in variables if (applies := asked[key].applies))]
    comparisons: dict[str, list[Leaf]] = {}
    for leaf in (leaf for one in read for leaf in leaves(one)):
        comparisons.setdefault(leaf.key, []).append(leaf)
    patience.left -= len(order) + 10 * len(variables)
    domains = {key: _told_apart(asked[key].values, comparisons.get(key, [])) for key in variables}
    return _search(condition, wanted, asked, variables, domains, patience)


def _closure(condition: Condition, asked: Mapping[str, Asked]) -> set[str]:
    needed: set[str] = set()
    waiting = list(keys(condition))
    while waiting:
        key = waiting.pop()
        if key in needed or key not in asked:
            continue
        needed.add(key)
        applies = asked[key].applies
        waiting.extend(keys(applies) if applies else ())
    return needed


def _told_apart(values: Iterable[Fact], comparisons: Sequence[Leaf]) -> list[Fact]:
    """One value of each group that every one of ``comparisons`` treats alike."""
    groups: dict[tuple[Truth, ...], Fact] = {}
    for value in values:
        groups.setdefault(tuple(_compare(leaf, value) for leaf in comparisons), value)
    return list(groups.values())


def _compare(leaf: Leaf, fact: Fact) -> Truth:
    return evaluate(leaf, {leaf.key: fact})


def _search(
    condition: Condition,
    wanted: bool,
    asked: Mapping[str, Asked],
    variables: Sequence[str],
    domains: Mapping[str, Sequence[Fact]],
    patience: Patience,
) -> Truth:
    tries, size = 0, sum(1 for _leaf in leaves(condition))
    waiting: list[tuple[int, dict[str, Fact]]] = [(0, {})]
    while waiting:
        depth, facts = waiting.pop()
        tries += 1
        patience.left -= 10 + len(facts) + size
        if tries > MAX_TRIES or patience.left <= 0:
            return None
        truth = evaluate(condition, facts)
        if truth is wanted:
            return True
        if truth is not None or depth == len(variables):
            continue
        key = variables[depth]
        applies = asked[key].applies
        if applies is not None and evaluate(applies, facts) is False:
            waiting.append((depth + 1, {**facts, key: Fact(applies=False)}))
        else:
            waiting.extend((depth + 1, {**facts, key: value}) for value in domains[key])
    return False
