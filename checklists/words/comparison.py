"""The comparison of offers in words: one table, what dominates, what is traded. Pages and files read the same rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from checklists.core.comparison import (
    CONCERN,
    TRANSITION,
    UNMET_NEEDS,
    VERDICT_AT_BEST,
    VERDICT_AT_WORST,
    Comparison,
)
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.judging.judgement import Judgement
from checklists.core.plain_text import plain
from checklists.services.comparison import Candidate
from checklists.words.capacity import gap_sentence
from checklists.words.contents import ComparedOffer
from checklists.words.judging.presentation import counted_text
from checklists.words.judging.sentence import sentence_of
from checklists.words.transition.plan import days_in_words
from checklists.words.vocabulary import VERDICTS, listed, percent_sign, pick

SORTS = {
    "added": gettext_lazy("As added"),
    "verdict": gettext_lazy("Best verdict first"),
    "score": gettext_lazy("Highest score first"),
    "needs": gettext_lazy("Fewest unmet needs first"),
    "name": gettext_lazy("By name"),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """``verdict`` is a verdict's key when the cell shows one; ``lines`` are shown one under the other.

    ``offer`` is the name of the offer it is about, for where a column has no heading.
    """

    lines: tuple[str, ...]
    verdict: str = ""
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One aspect, a cell an offer. ``differs`` says whether the offers do not all say the same."""

    title: str
    cells: tuple[Cell, ...]

    @property
    def differs(self) -> bool:
        return len({cell.lines for cell in self.cells}) > 1


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: tuple[Row, ...]


def sorted_candidates(candidates: Sequence[Candidate], sort: str) -> list[Candidate]:
    """In the order asked for: best verdict first, highest score, fewest unmet needs, name; else as added."""
    keys = {
        "verdict": lambda c: (-c.judgement.verdict.worst, -c.judgement.verdict.best, -c.judgement.score.low),
        "score": lambda c: -c.judgement.score.low,
        "needs": lambda c: len(c.gaps),
        "name": lambda c: plain(c.offer.name),
    }
    return sorted(candidates, key=keys[sort]) if sort in keys else list(candidates)


def table(edition: Edition, candidates: Sequence[ComparedOffer], *, all_rows: bool) -> list[Group]:
    """The rows, summed up first, then every answer; only rows that differ unless ``all_rows``."""
    groups = [Group(_("Summary"), tuple(_summary(edition, candidates))), *_answers(edition, candidates)]
    groups = [Group(group.title, tuple(_named(row, candidates) for row in group.rows)) for group in groups]
    if all_rows:
        return groups
    kept = [Group(group.title, tuple(row for row in group.rows if row.differs)) for group in groups]
    return [group for group in kept if group.rows]


def _named(row: Row, candidates: Sequence[ComparedOffer]) -> Row:
    cells = zip(row.cells, candidates, strict=True)
    return Row(row.title, tuple(replace(cell, offer=candidate.name) for cell, candidate in cells))


def _summary(edition: Edition, candidates: Sequence[ComparedOffer]) -> Iterator[Row]:
    judgements = [candidate.judgement for candidate in candidates]
    yield Row(_("Verdict"), tuple(Cell((sentence_of(edition, j).text,)) for j in judgements))
    yield Row(_("Verdict at worst"), tuple(_verdict(j.verdict.worst) for j in judgements))
    unknown = Cell((_("not established"),))
    yield Row(
        _("Verdict at best"),
        tuple(_verdict(j.verdict.best) if j.is_established else unknown for j in judgements),
    )
    yield Row(
        _("Minimum required"),
        tuple(Cell((_reached(j),)) for j in judgements),
    )
    yield Row(
        _("Score, worst case to best case"),
        tuple(Cell((f"{int(j.score.low)}–{int(j.score.high)}",)) for j in judgements),
    )
    for position, concern in enumerate(edition.concerns.values()):
        bands = [j.concerns[position].band for j in judgements]
        yield Row(pick(concern.title), tuple(Cell((f"{int(band.low)}–{int(band.high)}",)) for band in bands))
    yield Row(
        _("Blocking rules that apply"),
        tuple(
            Cell(
                tuple(pick(edition.gates[c.gate].title) for c in j.ceilings if c.gate and c.holds is True)
                or (_("none"),)
            )
            for j in judgements
        ),
    )
    yield Row(_("Confidence"), tuple(Cell((percent_sign(int(j.confidence * 100)),)) for j in judgements))
    yield Row(
        _("Unmet needs"),
        tuple(Cell(tuple(gap_sentence(gap) for gap in candidate.gaps) or (_("none"),)) for candidate in candidates),
    )
    yield Row(
        _("Transition towards it"),
        tuple(
            Cell((_("no plan") if c.transition_days is None else days_in_words(c.transition_days),)) for c in candidates
        ),
    )


def _reached(judgement: Judgement) -> str:
    is_met = judgement.minimum_is_met
    return _("not known yet") if is_met is None else _("reached") if is_met else _("not reached")


def _verdict(verdict: Verdict) -> Cell:
    return Cell((str(VERDICTS[verdict]),), verdict.key)


def _answers(edition: Edition, candidates: Sequence[ComparedOffer]) -> Iterator[Group]:
    said = [_said(edition, candidate) for candidate in candidates]
    for concern in edition.concerns.values():
        rows = [
            Row(
                pick(edition.questions[key].text),
                tuple(Cell((answers.get(key, _("not asked")),)) for answers in said),
            )
            for key in concern.questions
            if edition.questions[key].scope == "offer" and any(key in answers for answers in said)
        ]
        if rows:
            yield Group(pick(concern.title), tuple(rows))


def _said(edition: Edition, candidate: ComparedOffer) -> dict[str, str]:
    """Every question asked of the offer, with the answer that counts."""
    judgement, said = candidate.judgement, {}
    for key, state in judgement.states.items():
        if state.asked:
            given = candidate.answers.get(key)
            text = counted_text(edition, judgement.reference_date, edition.questions[key], state, given)
            said[key] = _("%(answer)s (to be confirmed)") % {"answer": text} if given and given.from_profile else text
    return said


@dataclass(frozen=True, slots=True)
class Exchange:
    """Two offers neither of which dominates: what each is the better for, in words; an empty one for nothing."""

    one: str
    one_is_better: str
    other: str
    other_is_better: str


def rankings(names: Mapping[str, str], comparison: Comparison) -> list[str]:
    """Which offer dominates which and which are alike, in sentences; ``names`` by the offers' keys."""
    sentences = [
        _("“%(better)s” is at least as good as “%(worse)s” in everything compared, and better in something.")
        % {"better": names[better], "worse": names[worse]}
        for better, worse in comparison.dominates
    ]
    return sentences + [
        _("“%(one)s” and “%(other)s” are alike in everything known of both.")
        % {"one": names[one], "other": names[other]}
        for one, other in comparison.equals
    ]


def to_answer_first(names: Mapping[str, str], comparison: Comparison) -> list[str]:
    """How many questions only one offer of a pair has answered: nothing is concluded from them."""
    return [
        ngettext(
            "“%(one)s” and “%(other)s” are compared on what both answered. Answer this %(n)d question first: only one "
            "of the two has an answer to it that something shows.",
            "“%(one)s” and “%(other)s” are compared on what both answered. Answer these %(n)d questions first: only "
            "one of the two has an answer to each that something shows.",
            number,
        )
        % {"one": names[one], "other": names[other], "n": number}
        for one, other, number in comparison.to_answer
    ]


def exchanges(edition: Edition, names: Mapping[str, str], comparison: Comparison) -> list[Exchange]:
    """What is traded for what, pair by pair; no preference is added."""

    def words(aspects: tuple[str, ...]) -> str:
        return ", ".join(_aspect(edition, aspect) for aspect in aspects)

    return [
        Exchange(names[trade.one], words(trade.one_is_better), names[trade.other], words(trade.other_is_better))
        for trade in comparison.trades
    ]


def conclusions(edition: Edition, candidates: Sequence[Candidate], comparison: Comparison) -> list[str]:
    """Which offer dominates which, which are alike, and what the others trade: sentences, no preference added."""
    names = {str(candidate.offer.pk): candidate.offer.name for candidate in candidates}
    sentences = rankings(names, comparison)
    for trade in exchanges(edition, names, comparison):
        parts = [
            _("“%(offer)s” is better for: %(aspects)s") % {"offer": offer, "aspects": aspects}
            for offer, aspects in ((trade.one, trade.one_is_better), (trade.other, trade.other_is_better))
            if aspects
        ]
        sentences.append(listed(parts) + ".")
    return sentences + to_answer_first(names, comparison)


def _aspect(edition: Edition, aspect: str) -> str:
    if aspect.startswith(CONCERN):
        return pick(edition.concerns[aspect.removeprefix(CONCERN)].title)
    return {
        VERDICT_AT_WORST: _("verdict at worst"),
        VERDICT_AT_BEST: _("verdict at best"),
        UNMET_NEEDS: _("unmet needs"),
        TRANSITION: _("time of transition"),
    }[aspect]
