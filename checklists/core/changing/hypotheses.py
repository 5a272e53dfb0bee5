"""Named stress tests: the same offer, had something happened. Differences only; nothing here is a finding of fact."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from checklists.core.changing.what_if import supposed
from checklists.core.editions.edition import Edition, Hypothesis, Period, Supposition
from checklists.core.judging.answer import Answer
from checklists.core.judging.facts import QuestionState
from checklists.core.judging.judge import judge
from checklists.core.judging.judgement import Judgement
from checklists.core.judging.later_law import LawOutcome


@dataclass(frozen=True, slots=True)
class StressOutcome:
    """What one hypothesis would change.

    ``closes`` holds the gates that would then certainly hold and do not now; ``opens`` those that could then hold;
    ``lifts`` those that hold now and would not.
    """

    hypothesis: str
    before: LawOutcome
    after: LawOutcome
    closes: tuple[str, ...]
    opens: tuple[str, ...]
    lifts: tuple[str, ...]

    @property
    def changes_anything(self) -> bool:
        return self.before != self.after or bool(self.closes or self.opens or self.lifts)


def stress(edition: Edition, answers: Mapping[str, Answer], reference_date: date) -> tuple[StressOutcome, ...]:
    """Every hypothesis of the edition tried on the answers, in its order."""
    today = judge(edition, answers, reference_date)
    return tuple(_try(edition, answers, reference_date, today, item) for item in edition.hypotheses)


def suppose(
    answers: Mapping[str, Answer], states: Mapping[str, QuestionState], hypothesis: Hypothesis
) -> dict[str, Answer]:
    """The answers as they would be; ``states`` say what they count as now, what the control chain gives included.

    The hypothesis is the reason for answering otherwise than the chain, which still describes today's owners.
    """
    return {
        **answers,
        **{item.question: _supposed(item, hypothesis) for item in hypothesis.sets if _bites(item, states)},
    }


def _supposed(supposition: Supposition, hypothesis: Hypothesis) -> Answer:
    if supposition.value is None:
        return Answer.unknown()
    return replace(supposed(supposition.value), justification=hypothesis.key)


def _bites(supposition: Supposition, states: Mapping[str, QuestionState]) -> bool:
    if not supposition.given:
        return True
    option = states[supposition.question].option
    return option is not None and option.key in supposition.given


def without_laws(edition: Edition, ended: tuple[str, ...], day: date) -> Edition:
    """The edition, had the laws named in ``ended`` ended on ``day`` at the latest."""
    if not ended:
        return edition
    laws = dict(edition.laws)
    for key in ended:
        until = laws[key].period.until
        laws[key] = replace(laws[key], period=Period(laws[key].period.start, min(day, until or day)))
    return replace(edition, laws=laws)


def _try(
    edition: Edition, answers: Mapping[str, Answer], day: date, today: Judgement, hypothesis: Hypothesis
) -> StressOutcome:
    then = judge(without_laws(edition, hypothesis.ends, day), suppose(answers, today.states, hypothesis), day)
    now_holds = {c.gate: c.holds for c in today.ceilings if c.gate}
    then_holds = {c.gate: c.holds for c in then.ceilings if c.gate}
    return StressOutcome(
        hypothesis.key,
        LawOutcome.of(today),
        LawOutcome.of(then),
        closes=tuple(key for key, holds in then_holds.items() if holds is True and now_holds[key] is not True),
        opens=tuple(key for key, holds in then_holds.items() if holds is None and now_holds[key] is False),
        lifts=tuple(key for key, holds in now_holds.items() if holds is True and then_holds[key] is not True),
    )
