"""The smallest changes in the words of the active language: plans for each verdict, or why none reaches it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklists.core.changing.smallest import Change, ChangePlan, Obstacle, Prospect
from checklists.core.editions.edition import Edition
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.facts import QuestionState
from checklists.core.judging.judgement import Judgement
from checklists.words.judging.presentation import Step, answer_text, floor, step, value_text
from checklists.words.vocabulary import VERDICTS, listed, pick

EFFORTS = (
    (2, gettext_lazy("light: a signature, a setting, a document")),
    (4, gettext_lazy("moderate: a contract or a procedure to change")),
    (6, gettext_lazy("substantial: a technical project")),
    (8, gettext_lazy("heavy: an architecture to rework, a certification to obtain")),
    (10, gettext_lazy("the heaviest: as much as changing host")),
)
"""What each effort up to that number means."""


def effort_scale() -> list[tuple[str, str | Promise]]:
    """The scale of efforts, to be told once: each range of figures with what it means."""
    starts = [1, *(most + 1 for most, _words in EFFORTS[:-1])]
    return [(f"{least}–{most}", words) for least, (most, words) in zip(starts, EFFORTS, strict=True)]


@dataclass(frozen=True)
class ChangeLine:
    """One step. ``is_open`` when the answer is not known today; ``is_new`` when the first plan does not take it."""

    key: str
    question: str
    today: str
    then: str
    definition: str
    effort: int
    effort_words: str | Promise
    advice: str
    lifts: tuple[str, ...]
    points: str
    is_open: bool
    is_new: bool


@dataclass(frozen=True)
class PlanLines:
    """A plan. ``summary`` says how many changes it takes and the total effort; ``spared`` gives the questions that
    the first plan changes and this one leaves as they are.
    """

    number: int
    summary: str
    outcome: str
    steps: tuple[ChangeLine, ...]
    spared: tuple[str, ...]


@dataclass(frozen=True)
class ProspectLines:
    """What reaching ``target`` takes. ``is_main`` marks the verdict to show first: the one the workload requires."""

    target: Step
    is_main: bool
    is_required: bool
    plan: PlanLines | None
    alternatives: tuple[PlanLines, ...]
    obstacles: tuple[str, ...]
    is_proved: bool


def present_changes(
    edition: Edition, judgement: Judgement, given: Mapping[str, str], prospects: Iterable[Prospect]
) -> tuple[ProspectLines, ...]:
    """The main prospect first, then the others from the nearest verdict up. ``given`` holds the values answered."""
    found = list(prospects)
    required = judgement.required.worst
    main = next((p.target for p in found if p.target is required), found[0].target if found else None)
    lines = [
        ProspectLines(
            target=step(prospect.target),
            is_main=prospect.target is main,
            is_required=prospect.target is required,
            plan=plans[0] if plans else None,
            alternatives=plans[1:],
            obstacles=() if plans else _obstacles(edition, judgement, given, prospect.obstacles),
            is_proved=prospect.is_proved,
        )
        for prospect in found
        for plans in [_plans(edition, judgement, given, prospect.plans)]
    ]
    return tuple(sorted(lines, key=lambda line: not line.is_main))


def _plans(
    edition: Edition, judgement: Judgement, given: Mapping[str, str], plans: tuple[ChangePlan, ...]
) -> tuple[PlanLines, ...]:
    first = {(change.question, change.value) for change in plans[0].steps} if plans else set()
    return tuple(
        PlanLines(
            number=number,
            summary=ngettext(
                "%(count)d change, total effort %(effort)d",
                "%(count)d changes, total effort %(effort)d",
                len(plan.steps),
            )
            % {"count": len(plan.steps), "effort": plan.effort},
            outcome=_("The verdict would then be at least “%(verdict)s”, the score at least %(score)d / 100.")
            % {"verdict": VERDICTS[plan.outcome.verdict.worst], "score": floor(plan.outcome.score.low)},
            steps=tuple(
                _line(edition, judgement.states[change.question], given.get(change.question, ""), change, first)
                for change in plan.steps
            ),
            spared=tuple(
                pick(edition.questions[change.question].text)
                for change in plans[0].steps
                if change.question not in plan.answers
            ),
        )
        for number, plan in enumerate(plans, start=1)
    )


def _line(
    edition: Edition, state: QuestionState, given: str, change: Change, first: set[tuple[str, str]]
) -> ChangeLine:
    question = edition.questions[change.question]
    is_open = state.status is not AnswerStatus.ANSWERED
    new = question.options.get(change.value)
    return ChangeLine(
        key=question.key,
        question=pick(question.text),
        today=answer_text(question, state, given),
        then=_("The same answer, proved by valid evidence") if change.shows else value_text(question, change.value),
        definition=pick(new.definition) if new and not change.shows else "",
        effort=change.effort,
        effort_words=next(words for most, words in EFFORTS if change.effort <= most),
        advice=pick(question.where) if is_open or change.shows else pick(state.option.advice if state.option else None),
        lifts=tuple(pick(edition.gates[gate].title) for gate in change.lifts),
        points=number_format(float(round(change.points, 1)), decimal_pos=1) if change.points > 0 else "",
        is_open=is_open,
        is_new=(change.question, change.value) not in first,
    )


def _obstacles(
    edition: Edition, judgement: Judgement, given: Mapping[str, str], obstacles: tuple[Obstacle, ...]
) -> tuple[str, ...]:
    if not obstacles:
        return (_("Each blocking rule could be lifted alone, but no choice of answers lifts them all at once."),)
    return tuple(_obstacle(edition, judgement, given, obstacle) for obstacle in obstacles)


def _obstacle(edition: Edition, judgement: Judgement, given: Mapping[str, str], obstacle: Obstacle) -> str:
    if obstacle.gate is None:
        return _("No change takes the score above %(highest)d / 100; %(needed)d are needed.") % {
            "highest": floor(obstacle.highest or 0),  # type: ignore[arg-type]
            "needed": obstacle.needed,
        }
    facts = [
        _("%(question)s (%(answer)s)")
        % {
            "question": pick(edition.questions[key].text),
            "answer": answer_text(edition.questions[key], judgement.states[key], given.get(key, "")),
        }
        for key in obstacle.questions
    ]
    values = {"gate": pick(edition.gates[obstacle.gate].title), "facts": listed(facts)}
    if any(judgement.states[key].status is not AnswerStatus.ANSWERED for key in obstacle.questions):
        return (
            _("The blocking rule “%(gate)s” is not settled until the facts it rests on are established. %(facts)s")
            % values
        )
    return _("The blocking rule “%(gate)s” cannot be lifted: no effort changes what it rests on. %(facts)s") % values
