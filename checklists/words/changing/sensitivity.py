"""Sensitivity in the words of the active language: what matters most, what to answer next, what weights could do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from checklists.core.changing.sensitivity import (
    Influence,
    Proposal,
    Room,
    deciding_gates,
    influences,
    next_question,
    weight_room,
)
from checklists.core.changing.what_if import WhatIf
from checklists.core.editions.edition import Edition, Question
from checklists.core.judging.facts import QuestionState
from checklists.core.judging.judgement import Judgement, VerdictBand
from checklists.core.judging.scores import Band
from checklists.words.judging.presentation import answer_text, floor, value_text
from checklists.words.vocabulary import VERDICTS, percent_sign, pick

MOST_SHOWN = 3


@dataclass(frozen=True)
class OtherwiseLine:
    """What would come of one other answer."""

    answer: str
    verdict: str
    score: str


@dataclass(frozen=True)
class InfluenceLine:
    """One answer. ``moves`` says how far the verdict and the score could go with another."""

    key: str
    question: str
    answer: str
    moves: str
    otherwise: tuple[OtherwiseLine, ...]


@dataclass(frozen=True)
class NextLine:
    """The question that would settle most, and what answering it leaves open."""

    key: str
    question: str
    why: str


@dataclass(frozen=True)
class RoomLine:
    """Shares in percent. Bounds are rounded inward: what is shown never promises more room than there is."""

    concern: str
    share: str
    least: str
    most: str
    is_free: bool


@dataclass(frozen=True)
class Sensitivity:
    today: OtherwiseLine
    most: tuple[InfluenceLine, ...]
    rest: tuple[InfluenceLine, ...]
    next: NextLine | None
    weights: str
    rooms: tuple[RoomLine, ...]


def present_sensitivity(
    edition: Edition, judgement: Judgement, given: Mapping[str, str], what_if: WhatIf
) -> Sensitivity:
    """``given`` holds the values answered, by question; ``what_if`` rests on the same answers as ``judgement``."""
    lines = [_influence(edition, judgement, given, influence) for influence in influences(what_if)]
    rooms = weight_room(edition, judgement)
    return Sensitivity(
        today=OtherwiseLine("", _verdict(judgement.verdict), _score(judgement.score)),
        most=tuple(lines[:MOST_SHOWN]),
        rest=tuple(lines[MOST_SHOWN:]),
        next=present_next(edition, what_if),
        weights=_weights(edition, judgement, rooms),
        rooms=tuple(_room(edition, room) for room in rooms) if not all(room.is_free for room in rooms) else (),
    )


def present_next(edition: Edition, what_if: WhatIf) -> NextLine | None:
    """The question to answer next; ``None`` when none is open."""
    proposal = next_question(what_if)
    if proposal is None:
        return None
    return NextLine(proposal.question, pick(edition.questions[proposal.question].text), _left(proposal))


def _left(proposal: Proposal) -> str:
    before, points = proposal.before
    values = {
        "before": before,
        "after": number_format(float(round(proposal.steps, 1)), decimal_pos=1),
        "points": floor(points),
        "left": floor(proposal.points),
    }
    if proposal.steps < before:
        steps = npgettext("verdict", "%d step", "%d steps", before) % before
        return _(
            "Today the verdict may still move by %(steps)s; once this is answered, by %(after)s on average over the "
            "possible answers."
        ) % (values | {"steps": steps})
    if floor(proposal.points) >= floor(points):
        return _("No single answer narrows the verdict by itself. This one does the most towards it.")
    return (
        _(
            "No single answer narrows the verdict. This one narrows the score most: its range goes from %(points)d "
            "points to %(left)d on average over the possible answers."
        )
        % values
    )


def _influence(edition: Edition, judgement: Judgement, given: Mapping[str, str], influence: Influence) -> InfluenceLine:
    question, state = edition.questions[influence.question], judgement.states[influence.question]
    points = number_format(float(round(influence.points, 1)), decimal_pos=1)
    moves = _("The score could move by %(points)s points; the verdict would stay.") % {"points": points}
    if influence.steps:
        steps = npgettext("verdict", "%d step", "%d steps", influence.steps) % influence.steps
        moves = _("The verdict could move by %(steps)s, the score by %(points)s points.") % {
            "steps": steps,
            "points": points,
        }
    return InfluenceLine(
        question.key,
        pick(question.text),
        answer_text(question, judgement.states[question.key], given.get(question.key, "")),
        moves,
        tuple(
            OtherwiseLine(_otherwise(question, state, value), _verdict(outcome.verdict), _score(outcome.score))
            for value, outcome in influence.outcomes
        ),
    )


def _otherwise(question: Question, state: QuestionState, value: str) -> str:
    """Another answer; or the one given, were its claim shown."""
    words = value_text(question, value)
    is_shown = state.claimed and state.option is not None and (state.lapsed_from or state.option.key) == value
    return _("%(answer)s (shown)") % {"answer": words} if is_shown else words


def _verdict(band: VerdictBand) -> str:
    if band.is_settled:
        return str(VERDICTS[band.best])
    return _("%(worst)s to %(best)s") % {"worst": VERDICTS[band.worst], "best": VERDICTS[band.best]}


def _score(band: Band) -> str:
    low, high = floor(band.low), floor(band.high)
    return str(low) if low == high else f"{low}–{high}"


def _weights(edition: Edition, judgement: Judgement, rooms: tuple[Room, ...]) -> str:
    """One sentence: whether the weights could change anything, and what decides if they cannot."""
    if not rooms:
        return ""
    if not all(room.is_free for room in rooms):
        return _(
            "The weights count. The table gives, for each topic, the shares between which the verdict stays "
            "the same. The other topics keep their proportions."
        )
    gates = deciding_gates(judgement)
    if gates:
        titles = ", ".join(_("“%(gate)s”") % {"gate": pick(edition.gates[gate].title)} for gate in gates)
        return _(
            "However any one topic is weighted, the verdict stays the same: blocking rules set the best "
            "verdict possible (%(gates)s)."
        ) % {"gates": titles}
    return _("However any one topic is weighted, the verdict stays the same.")


def _room(edition: Edition, room: Room) -> RoomLine:
    tenths: list[Fraction | int] = [room.share * 1000, -(-(room.least * 1000) // 1), room.most * 1000 // 1]
    share, least, most = (_percent(Fraction(value)) for value in tenths)
    return RoomLine(pick(edition.concerns[room.concern].title), share, least, most, room.is_free)


def _percent(tenths: Fraction) -> str:
    return percent_sign(number_format(float(round(tenths / 10, 1)), decimal_pos=1))
