"""A condition in words, as a tree a template can nest."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from checklists.core.editions.conditions import All, Among, Any, AtLeast, Condition, EvidenceAtLeast, Not
from checklists.core.editions.edition import Edition
from checklists.core.frameworks.framework import Framework
from checklists.words.kinds import face_of
from checklists.words.vocabulary import STRENGTHS, pick


@dataclass(frozen=True)
class Clause:
    """``lead`` introduces ``terms`` ('All of:', ...), or says a comparison whole when there are none."""

    lead: str
    terms: tuple[Clause, ...] = ()


def clause(condition: Condition, framework: Framework, asked: Edition) -> Clause:
    """``asked`` holds the questions that ``condition`` reads."""
    match condition:
        case Among(key, options):
            return Clause(_among(key, options, framework, asked))
        case AtLeast(key, threshold):
            values = {"fact": _name(key, framework, asked), "threshold": threshold}
            return Clause(_("%(fact)s: %(threshold)s or more") % values)
        case EvidenceAtLeast(key, strength):
            values = {"fact": _name(key, framework, asked), "strength": STRENGTHS[strength]}
            return Clause(_("%(fact)s: evidence at least “%(strength)s”") % values)
        case Not(term):
            return Clause(_("Not:"), (clause(term, framework, asked),))
        case All(terms):
            return Clause(_("All of:"), tuple(clause(term, framework, asked) for term in terms))
        case Any(terms):
            return Clause(_("At least one of:"), tuple(clause(term, framework, asked) for term in terms))


def _name(key: str, framework: Framework, asked: Edition) -> str:
    if key in asked.questions:
        return pick(asked.questions[key].text)
    return pick(framework.derived[key].text) if key in framework.derived else key


def _among(key: str, options: frozenset[str], framework: Framework, asked: Edition) -> str:
    return f"{_name(key, framework, asked)} {value_words(key, options, asked)}"


def fact_words(value: str) -> str:
    """A derived fact's value: a number as it is, a truth as a word."""
    return {"yes": _("Yes"), "no": _("No")}.get(value, value)


def value_words(key: str, options: frozenset[str], asked: Edition) -> str:
    """The options between quotation marks, in the question's order; countries by name."""
    question = asked.questions.get(key)
    if question and question.options:
        names = [pick(option.label) for option in question.options.values() if option.key in options]
    elif question:
        names = sorted(face_of(question.kind).said(question, value) for value in options)
    else:
        names = [fact_words(value) for value in sorted(options)]
    return _(" or ").join(_("“%(value)s”") % {"value": name} for name in names)
