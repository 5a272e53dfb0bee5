"""Questions to a settled verdict: the interview beside the order of the chapters, on simulated respondents.

Each respondent begins as a decided case, a worked example or a profile; what that leaves out is completed at random,
with a fixed seed, each possible answer counting alike. Nobody answers "I don't know" and nobody fills in a table.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median, quantiles
from time import perf_counter

from checklists.core.editions.edition import Edition
from checklists.core.interview.choose import Interview, minimum
from checklists.core.interview.likely import Likely, common_answers
from checklists.core.judging.answer import Answer
from checklists.core.judging.judge import judge
from checklists.core.kinds import kind_of
from checklists.core.kinds.country import USUAL
from checklists.packs.editions.cases import read_cases, shipped_cases
from checklists.packs.files.safe_yaml import read_yaml
from checklists.packs.files.shipped import SHIPPED
from checklists.packs.profiles.reader import read_profile, shipped_profile, shipped_profiles

SEED = 20261130
MOST = 75
"""Questions after which a respondent is held never to settle."""
Ask = Callable[[Edition, dict[str, Answer], date, Likely], str | None]


@dataclass(frozen=True, slots=True)
class Start:
    """What is known of a respondent, and the date of the judgement."""

    known: dict[str, str]
    day: date


@dataclass(frozen=True, slots=True)
class Walk:
    """How many questions it took until the verdict was settled, and until the minimum was surely met or missed;
    ``None``: never within :data:`MOST`.
    """

    settled: int | None
    minimum: int | None
    asked: int


def respondents(edition: Edition, starts: Sequence[Start], count: int, likely: Likely | None = None) -> Iterator[Start]:
    """``count`` complete respondents, each of ``starts`` in turn, completed evenly or, given ``likely``, as it says."""
    drawn = random.Random(SEED)
    for number in range(count):
        start = starts[number % len(starts)]
        answers = {
            key: start.known.get(key) or _drawn(edition, key, start.day, drawn, likely)
            for key, question in edition.questions.items()
            if not kind_of(question.kind).is_table
        }
        yield Start(answers, start.day)


def _drawn(edition: Edition, key: str, day: date, drawn: random.Random, likely: Likely | None) -> str:
    question = edition.questions[key]
    if question.kind == "country":
        return drawn.choices(list(USUAL), list(USUAL.values()))[0]
    if question.kind == "date":
        return (day + timedelta(days=drawn.randrange(30, 1500))).isoformat()
    shares = likely[key] if likely else dict.fromkeys(question.options, 1.0)
    return drawn.choices(list(shares), list(shares.values()))[0]


def walk(edition: Edition, respondent: Start, ask: Ask, likely: Likely) -> Walk:
    """Ask until the verdict is settled."""
    answers: dict[str, Answer] = {}
    is_met: int | None = None
    for number in range(MOST + 1):
        judged = judge(edition, answers, respondent.day)
        if is_met is None and minimum(judged.verdict, judged.required).is_met is not None:
            is_met = number
        if judged.verdict.is_settled and is_met is not None:
            return Walk(number, is_met, number)
        key = ask(edition, answers, respondent.day, likely)
        if key is None:
            return Walk(number if judged.verdict.is_settled else None, is_met, number)
        answers[key] = Answer.of(respondent.known[key])
    return Walk(None, is_met, MOST)


def by_interview(edition: Edition, answers: dict[str, Answer], day: date, likely: Likely) -> str | None:
    choice = Interview(edition, answers, day, likely).next()
    return choice.question if choice else None


def by_chapters(edition: Edition, answers: dict[str, Answer], day: date, likely: Likely) -> str | None:
    """The next question of the chapters: the workload's first, then the offer's, chapter by chapter."""
    states = judge(edition, answers, day).states
    for scope in ("workload", "offer"):
        for concern in edition.concerns.values():
            for key in concern.questions:
                question, state = edition.questions[key], states[key]
                if (
                    question.scope == scope
                    and state.asked
                    and state.status is None
                    and not kind_of(question.kind).is_table
                ):
                    return key
    return None


def starts_of(edition: Edition) -> list[Start]:
    """The decided cases, worked examples and profiles that ship, as far as ``edition`` asks what they say."""
    starts = [
        Start({key: answer.value for key, answer in case.facts.items() if answer.value}, case.reference_date)
        for case in read_cases(shipped_cases(edition.key))
    ]
    for file in sorted((SHIPPED / "examples").glob("*.yaml")):
        example = read_yaml(file.read_bytes())[0]
        if example["checklist"] == edition.key:
            starts.append(Start(example["answers"], date.fromisoformat(str(example["reference_date"]))))
    for profile in (read_profile(shipped_profile(key)) for key in shipped_profiles()):
        if profile.checklist == edition.key:
            facts = [fact for fact in profile.facts if fact.framework is None and fact.variant in (None, "default")]
            known = {fact.question: fact.value for fact in facts if fact.question and fact.value}
            starts.append(Start(known, date.fromisoformat(str(profile.read_on))))
    return [Start({k: v for k, v in start.known.items() if k in edition.questions}, start.day) for start in starts]


def settling_a_verdict(edition: Edition, count: int = 1000) -> None:
    """Print how many questions either way takes, and how long choosing one does."""
    starts = starts_of(edition)
    likely = common_answers(edition, [start.known for start in starts])
    everyone = list(respondents(edition, starts, count))
    for name, ask in (("interview", by_interview), ("order of the chapters", by_chapters)):
        began = perf_counter()
        walks = [walk(edition, each, ask, likely) for each in everyone]
        taken = perf_counter() - began
        asked = sum(each.asked for each in walks)
        print(f"{name}, {count} respondents, seed {SEED}: {1000 * taken / asked:.0f} ms a question, judged twice")
        print(f"  verdict {_told([each.settled for each in walks])}")
        print(f"  minimum {_told([each.minimum for each in walks])}")
    print(f"choosing a question: {1000 * _choosing(edition, everyone[0], likely):.0f} ms, the slowest (at most 50)")


def _choosing(edition: Edition, respondent: Start, likely: Likely) -> float:
    """The time of the slowest choice on the way of ``respondent``, each the median of five."""
    answers: dict[str, Answer] = {}
    slowest = 0.0
    while key := by_interview(edition, answers, respondent.day, likely):
        taken = []
        for _ in range(5):
            began = perf_counter()
            by_interview(edition, answers, respondent.day, likely)
            taken.append(perf_counter() - began)
        slowest = max(slowest, median(taken))
        answers[key] = Answer.of(respondent.known[key])
    return slowest


def _told(counts: list[int | None]) -> str:
    found = [count for count in counts if count is not None]
    deciles = quantiles(found, n=10)
    share = 100 * len(found) / len(counts)
    return f"known for {share:.1f} %, median {median(found):.0f}, 90 % within {deciles[-1]:.0f}"
