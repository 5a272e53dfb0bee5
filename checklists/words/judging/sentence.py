"""The one sentence on a verdict: its range, the minimum, and whether it is reached. Every page and file says this one.

The range, what is established and the minimum are never mixed. Where both ends meet the minimum, the offer meets it,
whatever stays open; where both miss it, no missing answer helps.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.editions.conditions import Truth, keys
from checklists.core.editions.edition import Edition
from checklists.core.editions.vocabulary import Verdict
from checklists.core.interview.choose import minimum
from checklists.core.judging.judgement import Ceiling, Judgement, VerdictBand
from checklists.words.vocabulary import VERDICTS

WIDE = 3
"""Steps between the ends of a band of which nothing is said while nothing is established."""


@dataclass(frozen=True, slots=True)
class Missing:
    """How many answers are missing: those that ``decide`` whether the minimum is reached, those that tell how ``far``
    above or below it the verdict ends, and those that ``describe`` the workload.
    """

    decide: int = 0
    far: int = 0
    describe: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text`` stands alone. ``badge`` is the verdict to show as a mark, the sure side of a wide band; ``None`` when
    too little is known for one. ``is_met`` says whether the minimum is reached, ``None`` while that is not known.
    """

    text: str
    badge: Verdict | None
    is_met: Truth


def say(
    verdict: VerdictBand,
    required: VerdictBand,
    *,
    established: Verdict | None,
    missing: Missing,
    rests: str = "",
) -> Sentence:
    """``established`` is what is established, ``None`` when nothing is. ``rests`` says what decides an end that no
    fact decides: 'presumption', 'score', or ''.
    """
    least = minimum(verdict, required)
    if is_too_little(verdict, established):
        return Sentence(_("Too few answers for a verdict."), None, least.is_met)
    badge = badge_of(verdict, established)
    words: dict[str, object] = {
        "worst": VERDICTS[verdict.worst],
        "best": VERDICTS[verdict.best],
        "minimum": VERDICTS[required.worst if least.is_met is False else required.best],
    }
    text = _settled(words, required, least.is_met, missing) if verdict.is_settled else ""
    text = text or _open(words, required, least.is_met, missing)
    return Sentence(" ".join(filter(None, (text, _rests(rests)))), badge, least.is_met)


def is_too_little(verdict: VerdictBand, established: Verdict | None) -> bool:
    """Whether hardly anything is known: no badge then."""
    return established is None and verdict.best - verdict.worst >= WIDE


def badge_of(verdict: VerdictBand, established: Verdict | None) -> Verdict:
    """The verdict shown as a mark: the sure side of a wide band, else what is established."""
    badge = verdict.worst if established is None or verdict.best - verdict.worst > 1 else established
    return min(max(badge, verdict.worst), verdict.best)


def _settled(words: dict[str, object], required: VerdictBand, is_met: Truth, missing: Missing) -> str:
    if is_met is None:
        return _("%(best)s.") % words + " " + _describe(missing)
    if is_met:
        return _("%(best)s. The minimum, %(minimum)s, is met.") % words
    return _("%(best)s. The minimum, %(minimum)s, is not met.") % words


def _open(words: dict[str, object], required: VerdictBand, is_met: Truth, missing: Missing) -> str:
    if is_met is False:
        return _("%(best)s at best: the minimum, %(minimum)s, is missed whatever the missing answers.") % words
    if is_met:
        if not missing.far:
            return _("At least %(worst)s, perhaps %(best)s: the minimum is met.") % words
        return ngettext(
            "At least %(worst)s, perhaps %(best)s: the minimum is met; %(n)d answer will tell how far.",
            "At least %(worst)s, perhaps %(best)s: the minimum is met; %(n)d answers will tell how far.",
            missing.far,
        ) % (words | {"n": missing.far})
    if not required.is_settled:
        return _("Between %(worst)s and %(best)s.") % words + " " + _describe(missing)
    if not missing.decide:
        return (
            _("Between %(worst)s and %(best)s: what nobody knows leaves open whether the minimum, %(minimum)s, is met.")
            % words
        )
    return ngettext(
        "Between %(worst)s and %(best)s: not known yet whether the minimum, %(minimum)s, is met; %(n)d answer decides "
        "it.",
        "Between %(worst)s and %(best)s: not known yet whether the minimum, %(minimum)s, is met; %(n)d answers decide "
        "it.",
        missing.decide,
    ) % (words | {"n": missing.decide})


def _describe(missing: Missing) -> str:
    if not missing.describe:
        return _("The minimum required is not known: too little is known about the processing.")
    return ngettext(
        "The minimum required is not known yet: describe the processing (%(n)d question).",
        "The minimum required is not known yet: describe the processing (%(n)d questions).",
        missing.describe,
    ) % {"n": missing.describe}


def _rests(rests: str) -> str:
    match rests:
        case "presumption":
            return _("Not shown. Until the offer shows otherwise, the doubt counts against it.")
        case "score":
            return _("The score alone sets this limit.")
    return ""


def sentence_of(edition: Edition, judgement: Judgement) -> Sentence:
    """The sentence on ``judgement``."""
    return say(
        judgement.verdict,
        judgement.required,
        established=judgement.established if judgement.is_established else None,
        missing=missing_of(edition, judgement),
        rests=_what_decides(judgement),
    )


def missing_of(edition: Edition, judgement: Judgement) -> Missing:
    """The answers that are missing, counted on the rules that are not settled; on the score, every scored question."""
    best, least = judgement.verdict.best, judgement.required
    open_ = [ceiling for ceiling in judgement.ceilings if ceiling.holds is None and ceiling.verdict < best]
    return Missing(
        decide=len(_asked_for(edition, judgement, [c for c in open_ if c.verdict < least.best])),
        far=len(_asked_for(edition, judgement, open_)),
        describe=len(_workload_open(edition, judgement)),
    )


def _asked_for(edition: Edition, judgement: Judgement, ceilings: list[Ceiling]) -> set[str]:
    """The questions without an answer that would settle ``ceilings``."""
    found = {key for ceiling in ceilings for key in ceiling.open_questions}
    if any(ceiling.gate is None for ceiling in ceilings):
        found |= {key for key, question in edition.questions.items() if question.is_scored}
    return {key for key in found if _is_unanswered(judgement, key)}


def _workload_open(edition: Edition, judgement: Judgement) -> set[str]:
    """The questions without an answer that the requirements not settled yet read."""
    rules = {rule.key: rule for rule in edition.requirements}
    found: set[str] = set()
    for key, holds in judgement.requirements:
        when = rules[key].when
        if holds is None and when is not None:
            found |= keys(when) & edition.questions.keys()
    return {key for key in found if _is_unanswered(judgement, key)}


def _is_unanswered(judgement: Judgement, key: str) -> bool:
    state = judgement.states[key]
    return state.asked and (state.status is None or state.claimed)


def _what_decides(judgement: Judgement) -> str:
    """What sets the verdict where no fact does: a presumption under the best end, or the score."""
    if not judgement.is_established:
        return ""
    deciding = judgement.deciding
    if deciding is None:
        return ""
    if deciding.holds is None:
        return "presumption"
    if deciding.holds is True and deciding.gate is None and judgement.verdict.is_settled:
        return "score"
    return ""
