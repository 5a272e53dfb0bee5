"""Whether the derivations of a pack make sense: what they answer, from what, with which of its options."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checklists.core.editions.conditions import ConditionError, keys, parse
from checklists.core.editions.edition import asked_behind
from checklists.core.kinds import kind_of, kinds
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
    asked = {question.kind for question in pack.questions}
    given = {fact for kind in kinds() if kind.key in asked for fact in kind.answers}
    for rule in pack.derivations:
        place = f"derivations/{rule.key}"
        yield from _form(rule, place, given)
        question = questions.get(rule.question)
        if question is None:
            message = gettext_noop("'%(key)s' is not a question", key=rule.question)
            yield Problem(f"{place}/question", message, gettext_noop("Correct the key."))
            continue
        if not kind_of(question.kind).is_compared:
            message = gettext_noop("a question of the kind '%(kind)s' is not derived", kind=question.kind)
            yield Problem(f"{place}/question", message, gettext_noop("Name a choice or a country."))
        options = {option.key for option in question.options}
        for value in [*rule.also, *([rule.value] if rule.value else [])]:
            if kind_of(question.kind).has_options and value not in options:
                message = gettext_noop("'%(key)s' has no option '%(value)s'", key=question.key, value=value)
                yield Problem(place, message, gettext_noop("Use one of: %(known)s.", known=", ".join(sorted(options))))


def former_questions(pack: Pack) -> Iterator[Problem]:
    """Every problem of what a pack says of the questions it does not ask any more."""
    asked = {question.key for question in pack.questions}
    for item in pack.former:
        place = f"former/{item.key}"
        if item.key in asked:
            message = gettext_noop("'%(key)s' is still a question", key=item.key)
            yield Problem(place, message, gettext_noop("Remove it from one of the two lists."))
        if item.into is not None and item.into not in asked:
            message = gettext_noop("'%(key)s' is not a question", key=item.into)
            yield Problem(f"{place}/into", message, gettext_noop("Correct the key."))


def _form(rule: Derivation, place: str, given: Collection[str]) -> Iterator[Problem]:
    if rule.takes:
        if rule.when or rule.value:
            message = gettext_noop("'takes' stands in the place of 'when' and 'value'")
            yield Problem(place, message, gettext_noop("Keep one of the two."))
        if rule.takes not in given:
            message = gettext_noop("'%(key)s' is not a fact that a control chain gives", key=rule.takes)
            known = ", ".join(fact for kind in kinds() for fact in kind.answers)
            remedy = gettext_noop("Use one of: %(known)s; the checklist needs a chain of control.", known=known)
            yield Problem(f"{place}/takes", message, remedy)
    elif not (rule.when and (rule.value or rule.also)):
        message = gettext_noop("it does not say what it answers, or when")
        yield Problem(place, message, gettext_noop("Give 'when' and 'value', or 'takes'."))
