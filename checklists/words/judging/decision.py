"""What one reads to decide: the sentence, the two harms in a line each, three reasons from fact to rule to source.

The result page, the report's first page and the summary say these same things.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.changing.what_if import WhatIf
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Harm, Verdict
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.facts import questions_behind
from checklists.core.judging.grounds import grounds
from checklists.core.judging.judgement import Ceiling, Judgement, VerdictBand
from checklists.services.day_format import date_format
from checklists.words.contents import Given
from checklists.words.judging.presentation import SourceLine, Step, Words, counted_text, source_lines, step
from checklists.words.judging.sentence import sentence_of
from checklists.words.vocabulary import HARMS, VERDICTS, listed, pick

MOST_REASONS = 3
MOST_FACTS = 2
"""Facts that one reason names: those that decide it."""
_SHORT = 60
"""Letters under which a first sentence is told with the next one."""
_END = re.compile(r"(?<=[a-zà-ÿ0-9»”)][.!?])\s+(?=[A-ZÀ-Ý«“])")
_LONG = 110
"""Letters of a fact beyond which it is cut short; the whole is in the annex of answers."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the verdict is what it is: the answers it rests on, the rule and what it finds, the source of the rule."""

    facts: tuple[str, ...]
    rule: str
    finding: str
    sources: tuple[SourceLine, ...]
    ceiling: Step


@dataclass(frozen=True, slots=True)
class HarmLine:
    title: Words
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """``badge`` is ``None`` while too little is known for one; ``rests_on`` says under it on what it rests."""

    sentence: str
    badge: Step | None
    rests_on: str
    is_met: bool | None
    scale: tuple[Step, ...]
    harms: tuple[HarmLine, ...]
    reasons: tuple[Reason, ...]
    reference_date: str


def _rests_on(badge: Verdict | None, band: VerdictBand) -> str:
    """That the mark is about the answers given, and about the worst that they leave possible where they settle none."""
    if badge is None:
        return ""
    if badge is band.worst and not band.is_settled:
        return _("At worst, on these answers")
    return _("On these answers")


def decide(edition: Edition, judgement: Judgement, what_if: WhatIf, given: Mapping[str, Given]) -> Decision:
    """The judgement as one decides on it, in the active language. ``given`` are the answers, by question."""
    said = sentence_of(edition, judgement)
    band = judgement.verdict
    return Decision(
        sentence=said.text,
        badge=None if said.badge is None else step(said.badge, band),
        rests_on=_rests_on(said.badge, band),
        is_met=said.is_met,
        scale=tuple(step(verdict, band, judgement.required.best) for verdict in Verdict),
        harms=tuple(HarmLine(HARMS[harm], _harm(edition, judgement, harm)) for harm in (Harm.READ, Harm.CUT_OFF)),
        reasons=tuple(_reasons(edition, judgement, what_if, given)),
        reference_date=date_format(judgement.reference_date, "DATE_FORMAT"),
    )


def _harm(edition: Edition, judgement: Judgement, harm: Harm) -> str:
    """One sentence on the rules that speak of ``harm``: the gravest that applies, else how many are to be checked."""
    mine = [c for c in judgement.ceilings if c.gate and harm in edition.gates[c.gate].harms and c.holds is not False]
    holding = sorted((c for c in mine if c.holds is True), key=lambda c: c.verdict)
    if holding:
        values = {"verdict": VERDICTS[holding[0].verdict], "rule": pick(edition.gates[holding[0].gate or ""].title)}
        return _("“%(verdict)s” at best, because this rule applies: %(rule)s.") % values
    if mine:
        return ngettext(
            "No blocking rule applies for certain; %(n)d is still to be checked.",
            "No blocking rule applies for certain; %(n)d are still to be checked.",
            len(mine),
        ) % {"n": len(mine)}
    return _("No blocking rule applies.")


def _reasons(edition: Edition, judgement: Judgement, what_if: WhatIf, given: Mapping[str, Given]) -> Iterator[Reason]:
    for ceiling in _telling(judgement)[:MOST_REASONS]:
        gate = edition.gates[ceiling.gate or ""]
        facts = _facts(edition, judgement, what_if, given, ceiling)
        found = first_sentence(pick(gate.finding))
        yield Reason(facts, pick(gate.title), found, source_lines(edition, gate.sources), step(gate.ceiling))


def first_sentence(text: str) -> str:
    """The first sentence of ``text``, with the next one while it is too short to tell much."""
    sentences = _END.split(text)
    first = sentences.pop(0)
    while sentences and len(first) < _SHORT:
        first = f"{first} {sentences.pop(0)}"
    return first


def _telling(judgement: Judgement) -> list[Ceiling]:
    """The rules that apply, the gravest first; then, for want of proof, those that lower the verdict meanwhile."""
    of_rules = [c for c in judgement.ceilings if c.gate]
    holding = sorted((c for c in of_rules if c.holds is True), key=lambda c: c.verdict)
    presumed = [c for c in of_rules if c.holds is None and c.presumed and c.verdict < judgement.verdict.best]
    meanwhile = sorted((c for c in of_rules if c.holds is None and not c.presumed), key=lambda c: c.verdict)
    doubts = [c for c in meanwhile if c.verdict < judgement.verdict.best]
    first = [c for c in presumed if c.verdict is judgement.established]
    return [*first, *holding, *(c for c in presumed if c not in first), *([] if holding else doubts)]


def _facts(
    edition: Edition, judgement: Judgement, what_if: WhatIf, given: Mapping[str, Given], ceiling: Ceiling
) -> tuple[str, ...]:
    """The answers that make the rule apply; for one not settled, the questions that would settle it."""
    if ceiling.holds is None:
        return tuple(pick(edition.questions[key].text) for key in ceiling.open_questions[:MOST_FACTS])
    behind = questions_behind(edition)
    because = grounds(edition.gates[ceiling.gate or ""].when, what_if.established.facts).because
    read = {behind.get(name, name) for name in because}
    answered = [
        key for key in edition.questions if key in read and judgement.states[key].status is AnswerStatus.ANSWERED
    ]
    # What is said of the offer tells more than what is said of the workload.
    answered.sort(key=lambda key: edition.questions[key].scope == "workload")
    return tuple(fact_text(edition, judgement, given, key) for key in answered[:MOST_FACTS])


def fact_text(edition: Edition, judgement: Judgement, given: Mapping[str, Given], key: str) -> str:
    """A question with its answer, short enough for a line."""
    question = edition.questions[key]
    answer = counted_text(edition, judgement.reference_date, question, judgement.states[key], given.get(key))
    return _("%(question)s %(answer)s") % {
        "question": pick(question.text),
        "answer": Truncator(answer).chars(_LONG),
    }


def facts_in_a_row(edition: Edition, judgement: Judgement, given: Mapping[str, Given], keys: tuple[str, ...]) -> str:
    """The answers to ``keys``, one after the other."""
    return listed(fact_text(edition, judgement, given, key) for key in keys)
