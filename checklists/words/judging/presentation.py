"""A judgement in the words of the active language, ready for a template: templates never compute."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from checklists.core.editions.edition import Edition, Question
from checklists.core.editions.vocabulary import Harm, Verdict
from checklists.core.evidence import NO_BACKING, Strength
from checklists.core.frameworks.framework import Framework
from checklists.core.judging.answer import AnswerStatus
from checklists.core.judging.facts import Origin, QuestionState
from checklists.core.judging.judgement import Finding, FindingKind, Judgement, VerdictBand
from checklists.services.day_format import date_format
from checklists.services.profiles.fill_from_caiq import NAME as CAIQ
from checklists.words.contents import Given
from checklists.words.evidence import backing_words
from checklists.words.kinds import face_of
from checklists.words.sources import caveats, rests_on_unread, to_check
from checklists.words.vocabulary import HARM_MEANINGS, HARMS, MEANINGS, VERDICTS, pick

Words = str | Promise


@dataclass(frozen=True)
class Step:
    """One of the five verdicts on the scale; ``reach`` is 'worst', 'best', 'both', 'between' or ''."""

    key: str
    label: Words
    meaning: Words
    reach: str
    is_required: bool


@dataclass(frozen=True)
class SourceLine:
    """``number`` is the source's place in its edition: a reference reads the same in every report of it.

    ``caveat`` is all there is to beware of, in sentences; ``note`` the same without the one that many sources share,
    that the official text is still to be checked, which ``is_to_check`` tells.
    """

    number: int
    title: str
    url: str
    date: str
    caveat: str
    note: str
    is_to_check: bool


@dataclass(frozen=True)
class FindingLine:
    """A finding as a reader meets it."""

    kind: str
    key: str
    title: str
    answer: str
    finding: str
    advice: str
    harms: tuple[tuple[str, Words], ...]
    sources: tuple[SourceLine, ...]
    points: str
    ceiling: Step | None
    open_questions: tuple[str, ...]
    concern: str


@dataclass(frozen=True)
class ConcernLine:
    """A concern's figures, whole numbers 0-100; ``is_weighed`` is false when it is out of the total."""

    key: str
    number: int
    title: str
    summary: str
    weight: int
    low: int
    high: int
    confidence: int
    asked: int
    answered: int
    is_weighed: bool

    @property
    def left(self) -> int:
        return self.asked - self.answered

    @property
    def state(self) -> str:
        """'empty', 'started' or 'complete', for the navigation."""
        return "empty" if not self.answered else "complete" if not self.left else "started"


@dataclass(frozen=True)
class HarmChapter:
    """What speaks of one harm: certain gates first, then open ones, then points lost."""

    key: str
    title: Words
    meaning: Words
    gates: tuple[FindingLine, ...]
    open_gates: tuple[FindingLine, ...]
    shortfalls: tuple[FindingLine, ...]

    @property
    def worst(self) -> Step | None:
        return self.gates[0].ceiling if self.gates else None


@dataclass(frozen=True)
class AnswerLine:
    """One answer for the annex and the page where answers are checked.

    ``origin`` says whether the control chain gives the answer, or the respondent departs from it; ``origin_words``
    says so in a sentence, '' when the answer is the respondent's alone. ``is_presumed``: a provider profile filled it
    in, and nobody has confirmed it; ``origin_words`` then says which. ``rests_on`` says what evidence made of it, ''
    when it stands on the respondent's word. ``page`` names the address of the question's own page, '' for none.
    """

    key: str
    text: str
    answer: str
    definition: str
    state: str
    justification: str
    comment: str
    scope: str
    sources: tuple[SourceLine, ...]
    page: str
    origin: str
    origin_words: str
    is_presumed: bool = False
    rests_on: str = ""

    @property
    def gives_reason(self) -> bool:
        """Whether the justification bears on the answer as it counts."""
        return self.state == "not_applicable" or self.origin == "override"


@dataclass(frozen=True)
class Presentation:
    """Everything the result page and the report show of one judgement."""

    scale: tuple[Step, ...]
    headline: Step
    worst: Step
    required: Step
    is_settled: bool
    is_established: bool
    standing: str
    distance: str
    caution: str
    """On which answers and which day's law the verdict rests, whether a presumption decides, and what it is not."""
    deciding: tuple[FindingLine, ...]
    reasons: tuple[str, ...]
    actions: tuple[FindingLine, ...]
    low: int
    high: int
    confidence: int
    concerns: tuple[ConcernLine, ...]
    harms: tuple[HarmChapter, ...]
    gates: tuple[FindingLine, ...]
    open_gates: tuple[FindingLine, ...]
    lapsed: tuple[FindingLine, ...]
    shortfalls: tuple[FindingLine, ...]
    claims: tuple[FindingLine, ...]
    doubts: tuple[FindingLine, ...]
    strengths: tuple[FindingLine, ...]
    requirements: tuple[tuple[str, tuple[SourceLine, ...], Step, bool], ...]
    score_cap: Step | None
    score_cap_below: int | None


def present(edition: Edition, judgement: Judgement) -> Presentation:
    """The judgement in the active language."""
    lines = [_finding_line(edition, judgement, finding) for finding in judgement.findings]
    by_kind = {
        kind: tuple(line for line, finding in zip(lines, judgement.findings, strict=True) if finding.kind is kind)
        for kind in FindingKind
    }
    gates, open_gates = by_kind[FindingKind.GATE], by_kind[FindingKind.POSSIBLE_GATE]
    deciding = tuple(_deciding(judgement, gates, open_gates)[:3])
    band = judgement.verdict
    cap = next((c for c in judgement.ceilings if c.gate is None and c.holds is True), None)
    return Presentation(
        scale=tuple(step(verdict, band, judgement.required.worst) for verdict in Verdict),
        headline=step(judgement.established, band),
        worst=step(band.worst, band),
        required=step(judgement.required.worst),
        is_settled=band.is_settled,
        is_established=judgement.is_established,
        standing=_standing(judgement),
        distance=_distance(judgement),
        caution=_caution(judgement),
        deciding=deciding,
        reasons=tuple(line.finding for line in deciding),
        actions=_first_actions(gates, by_kind[FindingKind.SHORTFALL]),
        low=floor(judgement.score.low),
        high=floor(judgement.score.high),
        confidence=floor(judgement.confidence * 100),
        concerns=concern_lines(edition, judgement),
        harms=tuple(_harm_chapters(judgement.findings, lines)),
        gates=gates,
        open_gates=open_gates,
        lapsed=by_kind[FindingKind.LAPSED],
        shortfalls=by_kind[FindingKind.SHORTFALL],
        claims=by_kind[FindingKind.CLAIMED],
        doubts=by_kind[FindingKind.DOUBT],
        strengths=by_kind[FindingKind.STRENGTH],
        requirements=_requirements(edition, judgement),
        score_cap=step(cap.verdict) if cap else None,
        score_cap_below=cap.below if cap else None,
    )


def step(verdict: Verdict, band: VerdictBand | None = None, required: Verdict | None = None) -> Step:
    reach = ""
    if band and band.worst <= verdict <= band.best:
        reach = "both" if band.is_settled else "between"
        if verdict is band.worst and not band.is_settled:
            reach = "worst"
        elif verdict is band.best and not band.is_settled:
            reach = "best"
    return Step(verdict.key, VERDICTS[verdict], MEANINGS[verdict], reach, verdict is required)


def floor(value: Fraction) -> int:
    """Figures are shown rounded down: a score is never shown better than it is."""
    return int(value)


def concern_lines(edition: Edition, judgement: Judgement) -> tuple[ConcernLine, ...]:
    return tuple(
        ConcernLine(
            key=score.key,
            number=number,
            title=pick(edition.concerns[score.key].title),
            summary=pick(edition.concerns[score.key].summary),
            weight=edition.concerns[score.key].weight,
            low=floor(score.band.low),
            high=floor(score.band.high),
            confidence=floor(score.confidence * 100),
            asked=score.asked,
            answered=score.answered,
            is_weighed=score.weighs is not False,
        )
        for number, score in enumerate(judgement.concerns, start=1)
    )


def source_lines(edition: Edition | Framework, keys: Iterable[str]) -> tuple[SourceLine, ...]:
    numbers = {key: number for number, key in enumerate(edition.sources, start=1)}
    return tuple(
        SourceLine(
            number=numbers[source.key],
            title=pick(source.title),
            url=source.url,
            date=date_format(source.date, "DATE_FORMAT"),
            caveat=" ".join(filter(None, [to_check(source.verify, source.tried), caveats(source)])),
            note=caveats(source),
            is_to_check=source.verify,
        )
        for source in edition.sources_of(keys)
    )


def answer_lines(
    edition: Edition, judgement: Judgement, answers: Mapping[str, Given], *, asked: bool
) -> dict[str, list[AnswerLine]]:
    """Per concern, the questions that are asked (or those that are not), with what was answered."""
    return lines_of(edition, judgement.states, judgement.reference_date, answers, asked=asked)


def lines_of(
    edition: Edition, states: Mapping[str, QuestionState], day: date, answers: Mapping[str, Given], *, asked: bool
) -> dict[str, list[AnswerLine]]:
    """As :func:`answer_lines`, for whatever ``edition`` asks: the frameworks' own questions as well."""
    lines: dict[str, list[AnswerLine]] = {}
    for key, question in edition.questions.items():
        state = states[key]
        if state.asked is asked:
            line = _answer_line(edition, day, question, state, answers.get(key))
            lines.setdefault(question.concern, []).append(line)
    return lines


def _answer_line(
    edition: Edition, judgement_day: date, question: Question, state: QuestionState, given: Given | None
) -> AnswerLine:
    option = state.option
    return AnswerLine(
        key=question.key,
        text=pick(question.text),
        answer=counted_text(edition, judgement_day, question, state, given),
        definition=pick(option.definition) if option else "",
        state=state.status.value if state.status else "unanswered",
        justification=given.justification if given else "",
        comment=given.comment if given else "",
        scope=question.scope,
        sources=source_lines(edition, question.sources),
        page=face_of(question.kind).page,
        origin=state.origin.value,
        origin_words=" ".join(filter(None, (origin_words(question, state), profile_words(given)))),
        is_presumed=bool(given and given.from_profile),
        rests_on=backing_words(given.rests_on if given else NO_BACKING),
    )


def profile_words(given: Given | None) -> str:
    """Which fact of which profile filled the answer in, when that is still to be confirmed; '' otherwise."""
    if given is None or given.from_profile is None:
        return ""
    fact = given.from_profile
    if fact.by_provider:
        return _(
            "Answered by the provider of “%(service)s” on %(day)s (version %(version)s), to be confirmed: until then "
            "it is not counted as established."
        ) % {
            "service": fact.name,
            "day": date_format(date.fromisoformat(fact.checked_on), "DATE_FORMAT"),
            "version": fact.source_title,
        }
    if fact.name == CAIQ:
        return _(
            "From the provider’s CAIQ (%(source)s), read on %(day)s, to be confirmed: until then it is not counted as "
            "established."
        ) % {
            "source": fact.source_title,
            "day": date_format(date.fromisoformat(fact.checked_on), "DATE_FORMAT"),
        }
    return _(
        "From the profile “%(profile)s”, checked on %(day)s, to be confirmed: until then it is not counted as "
        "established. Source: %(source)s, %(dated)s."
    ) % {
        "profile": fact.name,
        "day": date_format(date.fromisoformat(fact.checked_on), "DATE_FORMAT"),
        "source": fact.source_title,
        "dated": date_format(date.fromisoformat(fact.source_date), "DATE_FORMAT")
        if fact.source_date
        else _("page without a date"),
    }


def departures(edition: Edition, judgement: Judgement, answers: Mapping[str, Given]) -> list[AnswerLine]:
    """The answers that differ from what the control chain gives, with a reason or without."""
    apart = (Origin.OVERRIDE, Origin.UNJUSTIFIED)
    return [
        _answer_line(edition, judgement.reference_date, edition.questions[key], state, answers.get(key))
        for key, state in judgement.states.items()
        if state.origin in apart
    ]


def counted_text(edition: Edition, day: date, question: Question, state: QuestionState, given: Given | None) -> str:
    """The answer that counts, in words; a table in one line."""
    face = face_of(question.kind)
    if face.described and state.status is AnswerStatus.ANSWERED and given:
        return face.summary(edition, given.value, day)
    is_derived = state.origin in (Origin.DERIVED, Origin.UNJUSTIFIED)
    return answer_text(question, state, (state.derived or "") if is_derived else given.value if given else "")


def origin_words(question: Question, state: QuestionState) -> str:
    """Where the answer comes from when something else has its say; '' otherwise."""
    given = value_text(question, state.derived) if state.derived else ""
    if state.rule and not state.from_chain:
        return _rule_words(state.origin, given)
    match state.origin:
        case Origin.DERIVED:
            return _("Follows from the control chain.")
        case Origin.OVERRIDE if given:
            return _("Departs from the control chain, which gives “%(given)s”. Reason:") % {"given": given}
        case Origin.OVERRIDE:
            return _("Departs from the control chain, which excludes this answer. Reason:")
        case Origin.UNJUSTIFIED:
            return _("Another answer was given without a reason: what follows from the control chain stands.")
    return ""


def _rule_words(origin: Origin, given: str) -> str:
    """The same where a rule of the checklist gives the answer."""
    return {
        Origin.DERIVED: _("Follows from other answers."),
        Origin.OVERRIDE: _("Departs from what other answers give: “%(given)s”. Reason:") % {"given": given},
        Origin.UNJUSTIFIED: _("Another answer was given without a reason: what follows from other answers stands."),
    }.get(origin, "")


def answer_text(question: Question, state: QuestionState, value: str) -> str:
    """The answer in words."""
    if state.status is None:
        return _("No answer yet")
    if state.status is AnswerStatus.UNKNOWN:
        return _("I don’t know")
    if state.status is AnswerStatus.NOT_APPLICABLE:
        return _("Not applicable")
    face = face_of(question.kind)
    if face.described:
        return str(face.described)
    if face.kind.has_options:
        return pick(question.options[state.lapsed_from].label if state.lapsed_from else state.option.label)  # type: ignore[union-attr]
    return value_text(question, value)


def value_text(question: Question, value: str) -> str:
    """A stored value in words, as its kind says it; '' for none."""
    return face_of(question.kind).said(question, value) if value else ""


def _finding_line(edition: Edition, judgement: Judgement, finding: Finding) -> FindingLine:
    gate = edition.gates.get(finding.key) if finding.ceiling is not None else None
    question = None if gate else edition.questions[finding.key]
    text, answer = pick(finding.finding), ""
    if gate:
        text = " ".join(filter(None, [text, rests_on_unread(edition.sources_of(gate.sources))]))
    if question:
        option = question.options.get(finding.option or "")
        answer = pick(option.label) if option else answer_text(question, judgement.states[question.key], "")
        if finding.kind is FindingKind.LAPSED and option and option.regime:
            law = edition.laws[option.regime]
            text = _("On %(date)s, this basis was not in force: %(law)s. The answer counts as “%(counts)s”.") % {
                "date": date_format(judgement.reference_date, "DATE_FORMAT"),
                "law": pick(law.title),
                "counts": pick(question.options[option.lapsed_to or ""].label),
            }
        elif finding.kind is FindingKind.CLAIMED:
            text = _claim_text(judgement.states[question.key])
        elif finding.kind is FindingKind.DOUBT:
            text = _("This is not established yet. It earns no points for now.")
    open_questions = next((c.open_questions for c in judgement.ceilings if c.gate == finding.key), ()) if gate else ()
    return FindingLine(
        kind=finding.kind.value,
        key=finding.key,
        title=pick(gate.title if gate else question.text if question else None),
        answer=answer,
        finding=text,
        advice=pick(finding.advice) or (pick(question.where) if question and finding.kind in _TO_ESTABLISH else ""),
        harms=tuple((harm.value, HARMS[harm]) for harm in finding.harms),
        sources=source_lines(edition, finding.sources),
        points=_points(finding.points),
        ceiling=step(finding.ceiling) if finding.ceiling is not None else None,
        open_questions=tuple(pick(edition.questions[key].text) for key in open_questions),
        concern=finding.concern or "",
    )


_TO_ESTABLISH = (FindingKind.DOUBT, FindingKind.CLAIMED)


def _claim_text(state: QuestionState) -> str:
    """Why an answer that was given is not credited."""
    if state.ended:
        ended = date_format(state.ended, "DATE_FORMAT")
        return _("The evidence expired on %(date)s. The answer counts as a claim until valid evidence is given.") % {
            "date": ended
        }
    if state.strength is Strength.CLAIM:
        return _(
            "So far, only the provider says so. Without evidence, this answer counts in the best case, not "
            "in the worst."
        )
    return _("Nothing proves it on the reference date. Until a document is given, it counts in the best case only.")


def _points(points: Fraction) -> str:
    from django.utils.formats import number_format

    return number_format(float(round(points, 1)), decimal_pos=1)


def _harm_chapters(findings: Iterable[Finding], lines: Iterable[FindingLine]) -> Iterator[HarmChapter]:
    pairs = list(zip(findings, lines, strict=True))
    for harm in Harm:
        of_kind = {
            kind: tuple(line for finding, line in pairs if harm in finding.harms and finding.kind is kind)
            for kind in (FindingKind.GATE, FindingKind.POSSIBLE_GATE, FindingKind.SHORTFALL)
        }
        yield HarmChapter(
            harm.value,
            HARMS[harm],
            HARM_MEANINGS[harm],
            of_kind[FindingKind.GATE],
            of_kind[FindingKind.POSSIBLE_GATE],
            of_kind[FindingKind.SHORTFALL],
        )


def _deciding(
    judgement: Judgement, gates: tuple[FindingLine, ...], open_gates: tuple[FindingLine, ...]
) -> list[FindingLine]:
    """The gates that hold; and before them those that only bind for want of proof, when they decide."""
    deciding = judgement.deciding
    presumed = [
        line
        for line in open_gates
        if deciding and deciding.holds is None and line.key == deciding.gate and line.ceiling
    ]
    return [*presumed, *gates]


def _first_actions(gates: tuple[FindingLine, ...], shortfalls: tuple[FindingLine, ...]) -> tuple[FindingLine, ...]:
    """What to do first: the advice of the gates, gravest first, then of the answers that lose most."""
    seen: dict[str, FindingLine] = {}
    for line in (*gates, *shortfalls):
        if line.advice:
            seen.setdefault(line.advice, line)
    return tuple(seen.values())[:5]


def _standing(judgement: Judgement) -> str:
    """One sentence on how firm the verdict is."""
    doubts = sum(1 for finding in judgement.findings if finding.kind is FindingKind.DOUBT)
    claims = sum(1 for finding in judgement.findings if finding.kind is FindingKind.CLAIMED)
    if judgement.verdict.is_settled:
        return _("The verdict will not change: the missing answers cannot affect it.")
    missing = ngettext("%d answer is missing", "%d answers are missing", doubts) % doubts
    if claims and doubts:
        both = doubts + claims
        missing = ngettext("%d answer is missing or not shown", "%d answers are missing or not shown", both) % both
    elif claims:
        missing = ngettext("%d answer is not shown", "%d answers are not shown", claims) % claims
    values = {"missing": missing, "worst": VERDICTS[judgement.verdict.worst], "best": VERDICTS[judgement.verdict.best]}
    if not judgement.is_established:
        return _("No verdict yet: %(missing)s, and everything from “%(worst)s” to “%(best)s” is possible.") % values
    values["best"] = VERDICTS[judgement.established]
    return (
        _(
            "On the facts established so far, the verdict is “%(best)s” at best. It could fall to “%(worst)s” "
            "because %(missing)s."
        )
        % values
    )


def _caution(judgement: Judgement) -> str:
    day = {"day": date_format(judgement.reference_date, "DATE_FORMAT")}
    said = [_("As answered, under the law of %(day)s.") % day]
    if judgement.deciding and judgement.deciding.holds is None:
        said.append(_("What decides is not a fact against the offer, but what is not shown."))
    said.append(_("This informs a decision; it is no legal advice."))
    return " ".join(said)


def _distance(judgement: Judgement) -> str:
    required = VERDICTS[judgement.required.worst]
    if not judgement.is_established:
        return _("For this processing, the verdict must be at least “%(required)s”.") % {"required": required}
    steps = judgement.distance
    if steps > 0:
        gap = ngettext("%d step short", "%d steps short", steps) % steps
        return _("For this processing, the verdict must be at least “%(required)s”. The offer is %(gap)s.") % {
            "required": required,
            "gap": gap,
        }
    if judgement.verdict.worst < judgement.required.best:
        return _(
            "For this processing, the verdict must be at least “%(required)s”. The offer reaches it only if "
            "the missing answers confirm it."
        ) % {"required": VERDICTS[judgement.required.best]}
    return _("For this processing, the verdict must be at least “%(required)s”. The offer reaches it.") % {
        "required": required
    }


def _requirements(edition: Edition, judgement: Judgement) -> tuple[tuple[str, tuple[SourceLine, ...], Step, bool], ...]:
    rules = {rule.key: rule for rule in edition.requirements}
    return tuple(
        (pick(rules[key].text), source_lines(edition, rules[key].sources), step(rules[key].least), holds is True)
        for key, holds in judgement.requirements
        if holds is not False
    )
