"""A condition in words, in the active language; and what a condition may be about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from checklists.core.editions.conditions import (
    All,
    Among,
    AtLeast,
    Condition,
    ConditionError,
    EvidenceAtLeast,
    Not,
    parse,
)
from checklists.core.editions.conditions import Any as AnyOf
from checklists.core.editions.edition import ADEQUACY_PREFIX, AREA_PREFIX
from checklists.core.judging.facts import IN_FORCE, LAW_PREFIX, NOT_IN_FORCE
from checklists.core.judging.law import AREAS
from checklists.words.editions.parts import CHOICES
from checklists.words.kinds import Face, faces
from checklists.words.vocabulary import STRENGTHS, pick


@dataclass(frozen=True)
class FactWords:
    """One thing a condition can compare: a question, a law, a derived number.

    ``kind`` is 'choice', 'country', 'date', 'law' or 'number'; ``values`` are those it can be compared to.
    ``is_question``: people answer it, and evidence may carry the answer.
    """

    key: str
    kind: str
    group: str
    label: str
    values: Mapping[str, str | Promise]
    is_scored: bool
    is_question: bool = False


Catalogue = Mapping[str, FactWords]
"""Every fact of one document, by key, in the order of the document."""


def catalogue(document: Mapping[str, Any]) -> Catalogue:
    """What the conditions of ``document`` (canonical, perhaps unfinished) can speak of, in the active language."""
    return {fact.key: fact for fact in _facts(document)}


def _facts(document: Mapping[str, Any]) -> Iterator[FactWords]:
    concerns = {item["key"]: pick(item.get("title")) or item["key"] for item in document["concerns"]}
    labels = {}
    for item in document["questions"]:
        labels[item["key"]] = label = pick(item.get("text")) or item["key"]
        values = {option["key"]: pick(option.get("label")) or option["key"] for option in item.get("options", ())}
        group = concerns.get(item.get("concern", ""), "")
        yield FactWords(item["key"], item.get("kind", "choice"), group, label, values, bool(item.get("weight")), True)
    asked = {item.get("kind") for item in document["questions"]}
    for face in faces():
        if face.key in asked:
            yield from _derived_facts(face)
    for item in document["durations"]:
        label = _("months until the date of “%(question)s”") % {"question": labels.get(item.get("to", ""), "?")}
        yield FactWords(item["key"], "number", _("Derived durations"), label, {}, False)
    checked = {o["adequacy_of"] for q in document["questions"] for o in q.get("options", ()) if o.get("adequacy_of")}
    checked |= {item["key"] for item in document["questions"] if item.get("kind") == "country"}
    for key in sorted(checked):
        label = _("adequacy decision for the answer to “%(question)s”") % {"question": labels.get(key, key)}
        yield FactWords(ADEQUACY_PREFIX + key, "law", _("Laws"), label, _states(), False)
        label = _("area of the country given to “%(question)s”") % {"question": labels.get(key, key)}
        yield FactWords(AREA_PREFIX + key, "choice", _("Laws"), label, _areas(), False)
    for item in document["laws"]:
        label = pick(item.get("title")) or item["key"]
        yield FactWords(LAW_PREFIX + item["key"], "law", _("Laws"), label, _states(), False)


def _states() -> dict[str, str | Promise]:
    return {value: CHOICES[value] for value in (IN_FORCE, NOT_IN_FORCE)}


def _areas() -> dict[str, str | Promise]:
    return {value: CHOICES[value] for value in sorted(AREAS)}


def _derived_facts(face: Face) -> Iterator[FactWords]:
    """What conditions read of what is derived; a fact without words of its own is called by its key."""
    for key in face.kind.numbers:
        yield FactWords(key, "number", str(face.heading), str(face.facts.get(key, key)), {}, False)
    for key, words in face.kind.words.items():
        values = {word: CHOICES.get(word, word) for word in sorted(words)}
        yield FactWords(key, "choice", str(face.heading), str(face.facts.get(key, key)), values, False)


def sentence(document: Any, facts: Catalogue) -> str:
    """The condition ``document`` in words; '' for none. What cannot be read is said to be so."""
    if not document:
        return ""
    try:
        return _say(parse(document), facts)
    except ConditionError:
        return _("a condition that cannot be read")


def _say(condition: Condition, facts: Catalogue, inside: bool = False) -> str:
    match condition:
        case Among(key, options):
            return _say_among(facts.get(key), key, options)
        case AtLeast(key, threshold):
            fact = facts.get(key)
            if fact and fact.kind == "choice":
                words = {"question": fact.label, "level": threshold}
                return _("the answer to “%(question)s” is worth level %(level)s at least") % words
            return _("%(fact)s: %(number)s at least") % {"fact": fact.label if fact else key, "number": threshold}
        case EvidenceAtLeast(key, strength):
            fact = facts.get(key)
            words = {"question": fact.label if fact else key, "strength": STRENGTHS[strength]}
            return _("the answer to “%(question)s” rests on evidence of this strength at least: “%(strength)s”") % words
        case Not(AnyOf(terms)):
            return _("none of these: (%(terms)s)") % {"terms": _(" or ").join(_say(t, facts, True) for t in terms)}
        case Not(term):
            return _("it is not so that (%(term)s)") % {"term": _say(term, facts)}
        case All(terms):
            said = _(" and ").join(_say(term, facts, True) for term in terms)
        case AnyOf(terms):
            said = _(" or ").join(_say(term, facts, True) for term in terms)
    return f"({said})" if inside and len(terms) > 1 else said


def _say_among(fact: FactWords | None, key: str, options: frozenset[str]) -> str:
    values = fact.values if fact else {}
    order = {value: index for index, value in enumerate(values)}
    chosen = sorted(options, key=lambda value: (order.get(value, len(order)), value))
    if fact and fact.kind == "law":
        said = _(" or ").join(str(values.get(value, value)) for value in chosen)
        return _("“%(law)s” is %(state)s") % {"law": fact.label, "state": said}
    answers = _(" or ").join(_("“%(answer)s”") % {"answer": values.get(value, value)} for value in chosen)
    return _("the answer to “%(question)s” is %(answers)s") % {
        "question": fact.label if fact else key,
        "answers": answers,
    }
