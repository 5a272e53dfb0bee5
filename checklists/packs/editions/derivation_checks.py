"""Whether the derivations of a pack make sense: what they answer, from what, with which of its options."""

from __future__ import annotations

from collections.abc import Iterator

from checklists.core.control_chain import GIVEN
from checklists.core.editions.conditions import ConditionError, keys, parse
from checklists.core.editions.edition import asked_behind
from checklists.packs.editions.schema import Derivation, Pack
from checklists.packs.files.problems import Problem, gettext_noop


def derived_from(pack: Pack) -> dict[str, frozenset[str]]:
    """For each question that derivations answer, the questions they read; what cannot be read is left out."""
    questions = {question.key for question in pack.questions}
    found: dict[str, frozenset[str]] = {}
    for rule in pack.derivations:
        found[rule.question] = found.get(rule.question, frozenset()) | (_read(rule) & questions)
    return found


def _read(rule: Derivation) -> frozenset[str]:
    try:
        return frozenset(map(asked_behind, keys(parse(rule.when)))) if rule.when else frozenset()
    except ConditionError:
        return frozenset()


def derivations(pack: Pack) -> Iterator[Problem]:
    """Every problem of the pack's derivations, their conditions aside."""
    questions = {question.key: question for question in pack.questions}
    has_chain = any(question.kind == "control_chain" for question in pack.questions)
    for rule in pack.derivations:
        place = f"derivations/{rule.key}"
        yield from _form(rule, place, has_chain=has_chain)
        question = questions.get(rule.question)
        if question is None:
            message = gettext_noop("'%(key)s' is not a question", key=rule.question)
            yield Problem(f"{place}/question", message, gettext_noop("Correct the key."))
            continue
        if question.kind not in ("choice", "country"):
            message = gettext_noop("a question of the kind '%(kind)s' is not derived", kind=question.kind)
            yield Problem(f"{place}/question", message, gettext_noop("Name a choice or a country."))
        options = {option.key for option in question.options}
        for value in [*rule.also, *([rule.value] if rule.value else [])]:
            if question.kind == "choice" and value not in options:
                message = gettext_noop("'%(key)s' has no option '%(value)s'", key=question.key, value=value)
                yield Problem(place, message, gettext_noop("Use one of: %(known)s.", known=", ".join(sorted(options))))


def _form(rule: Derivation, place: str, *, has_chain: bool) -> Iterator[Problem]:
    if rule.takes:
        if rule.when or rule.value:
            message = gettext_noop("'takes' stands in the place of 'when' and 'value'")
            yield Problem(place, message, gettext_noop("Keep one of the two."))
        if rule.takes not in GIVEN or not has_chain:
            message = gettext_noop("'%(key)s' is not a fact that a control chain gives", key=rule.takes)
            remedy = gettext_noop("Use one of: %(known)s; the pack needs a control chain.", known=", ".join(GIVEN))
            yield Problem(f"{place}/takes", message, remedy)
    elif not (rule.when and rule.value):
        message = gettext_noop("it does not say what it answers, or when")
        yield Problem(place, message, gettext_noop("Give 'when' and 'value', or 'takes'."))
