"""What is presumed against an offer that does not show the contrary (decision 0021).

A presumption is called for by facts that are certain, and binds as long as no answer lifts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from checklists.core.editions.conditions import Fact, keys
from checklists.core.editions.edition import Gate
from checklists.core.judging import claims
from checklists.core.judging.facts import Established

_NOT_SO = Fact("")
"""A value that is no option's: every comparison with it is false."""


def where_it_may_apply(established: Established) -> Established:
    """The same facts, each question that may apply being taken to apply: an answer given there is not set aside
    because what decides it is silent. Presumptions are read so.
    """

    def supposed(facts: Mapping[str, Fact]) -> dict[str, Fact]:
        return {key: replace(fact, applies=True) if fact.applies is None else fact for key, fact in facts.items()}

    return _on_both(established, supposed(established.facts), supposed(established.shown.facts))


def is_presumed(gate: Gate, supposed: Established) -> bool:
    """Whether ``gate`` is presumed, and no answer lifts it; ``supposed`` comes from :func:`where_it_may_apply`.

    Several facts may each call for it. The one that does is certain; of the others, what nobody says is taken not to
    be so: silence on a second exposure adds nothing to a first one that is excused.
    """
    if not gate.presumed:
        return False
    if gate.presumed_if is not None:
        if claims.holds(gate.presumed_if, supposed) is not True:
            return False
        supposed = _silence_is_no(supposed, keys(gate.presumed_if))
    return claims.holds(gate.when, supposed) is not False


def _silence_is_no(established: Established, read: Iterable[str]) -> Established:
    said, shown = ({**facts, **_unsaid(facts, read)} for facts in claims.both_facts(established))
    return _on_both(established, said, shown)


def _unsaid(facts: Mapping[str, Fact], read: Iterable[str]) -> dict[str, Fact]:
    known = ((key, facts.get(key)) for key in read)
    return {key: _NOT_SO for key, fact in known if fact is not None and fact.value is None and not fact.possible}


def _on_both(established: Established, said: Mapping[str, Fact], shown: Mapping[str, Fact]) -> Established:
    doubted = established.doubted
    return replace(established, facts=said, doubted=doubted and replace(doubted, facts=shown))
