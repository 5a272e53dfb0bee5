"""The interview of an offer, or of answers that belong to nobody, with what answers are common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from checklists.core.editions.edition import Edition
from checklists.core.interview.choose import Interview
from checklists.core.interview.likely import Likely, common_answers
from checklists.core.judging import answer as core
from checklists.models import Answer, Assessment, ProfileFact
from checklists.packs.editions.cases import read_cases, shipped_cases
from checklists.services.judging.judge_offer import core_answers, edition_of


@lru_cache(maxsize=8)
def _decided(checklist: str) -> tuple[Mapping[str, str], ...]:
    """The answers of the decided cases that ship with ``checklist``; none for one that ships without."""
    try:
        cases = read_cases(shipped_cases(checklist))
    except FileNotFoundError:
        return ()
    return tuple({key: answer.value for key, answer in case.facts.items() if answer.value} for case in cases)


def likely_of(edition: Edition) -> Likely:
    """How common each answer is among the decided cases and the library's profiles. One query."""
    profiles: dict[int, dict[str, str]] = {}
    facts = ProfileFact.objects.filter(checklist=edition.key, profile__is_withdrawn=False)
    for profile, question, value in facts.values_list("profile", "question", "value"):
        profiles.setdefault(profile, {})[question] = value
    return common_answers(edition, [*_decided(edition.key), *profiles.values()])


def interview_of(assessment: Assessment, rows: Iterable[Answer], skipped: Iterable[str] = ()) -> Interview:
    """The interview of the offer that ``rows`` bear on. One query."""
    rows = list(rows)
    edition = edition_of(assessment)
    presumed = [row.question for row in rows if row.is_presumed]
    answers = core_answers(rows)
    return Interview(
        edition, answers, assessment.reference_date, likely_of(edition), presumed=presumed, skipped=skipped
    )


def interview_on(
    edition: Edition, answers: Mapping[str, core.Answer], day: date, skipped: Iterable[str] = ()
) -> Interview:
    """The interview on answers that belong to no assessment. One query."""
    return Interview(edition, answers, day, likely_of(edition), skipped=skipped)
