"""Fill in an offer from a provider profile: what it would do is told first; what it does is presumed till confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db import models, transaction

from checklists.core.editions.edition import Question
from checklists.core.judging import answer as core
from checklists.core.judging.facts import is_valid_value, lacks_reason, months_until
from checklists.models import Answer, Offer, ProfileFact, ProviderProfile, User
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.services.judging.judge_offer import core_answers, edition_of, rows_of
from checklists.services.profiles.keep_profile import can_be_a_fact

OLD_AFTER_MONTHS = 12
"""A fact checked longer ago is said to be old: the yearly review that contracts and certificates go by."""


class Outcome(StrEnum):
    """What filling in would do with one fact."""

    FILL = "fill"
    """The question has no answer, or "I don't know"."""
    OVERWRITE = "overwrite"
    """Another answer stands: kept, unless the respondent chooses otherwise."""
    SAME = "same"
    """The same answer stands."""
    NO_QUESTION = "no_question"
    """The edition of the assessment does not ask it of an offer."""
    NO_VALUE = "no_value"
    """The edition of the assessment does not know the answer."""
    AGAINST_CHAIN = "against_chain"
    """The control chain of the offer gives another answer."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One fact against one offer. ``standing`` is the row that exists, if any; ``revision`` its own, else 0."""

    fact: ProfileFact
    question: Question | None
    standing: Answer | None
    outcome: Outcome

    @property
    def can_be_chosen(self) -> bool:
        return self.outcome in (Outcome.FILL, Outcome.OVERWRITE)

    @property
    def revision(self) -> int:
        return self.standing.revision if self.standing else 0


def usable_profiles() -> models.QuerySet[ProviderProfile]:
    """Those an offer can be filled in from: in use, with facts."""
    held = ProviderProfile.objects.annotate(held=models.Count("facts"))
    return held.filter(is_withdrawn=False, held__gt=0)


def is_old(checked_on: date, today: date) -> bool:
    return months_until(checked_on, today) > OLD_AFTER_MONTHS


def proposals(offer: Offer, profile: ProviderProfile) -> list[Proposal]:
    """Every fact of ``profile`` on the offer's checklist, in the order of the edition's questions. Two queries."""
    edition, rows = edition_of(offer.assessment), rows_of(offer.assessment, offer)
    answers, day = dict(core_answers(rows.values())), offer.assessment.reference_date
    found = []
    for fact in profile.facts.filter(checklist=offer.assessment.edition.checklist):
        question, standing = edition.questions.get(fact.question), rows.get(fact.question)
        outcome = _outcome(question, fact, standing)
        if question and outcome in (Outcome.FILL, Outcome.OVERWRITE):
            filled = {**answers, question.key: core.Answer.of(fact.value)}
            if lacks_reason(edition, filled, question.key, day):
                outcome = Outcome.AGAINST_CHAIN
        found.append(Proposal(fact, question, standing, outcome))
    places = {key: place for place, key in enumerate(edition.questions)}
    return sorted(found, key=lambda proposal: places.get(proposal.fact.question, len(places)))


def _outcome(question: Question | None, fact: ProfileFact, standing: Answer | None) -> Outcome:
    if question is None or not can_be_a_fact(question):
        return Outcome.NO_QUESTION
    if not is_valid_value(question, fact.value):
        return Outcome.NO_VALUE
    if standing is None or standing.status in (Answer.Status.UNANSWERED, Answer.Status.UNKNOWN):
        return Outcome.FILL
    if standing.status == Answer.Status.ANSWERED and standing.value == fact.value:
        return Outcome.SAME
    return Outcome.OVERWRITE


@transaction.atomic
def fill_from_profile(
    offer: Offer, profile: ProviderProfile, chosen: Mapping[str, int], by: User | None
) -> tuple[int, list[str]]:
    """Fill in the questions of ``chosen``, each mapped to the revision that was seen; nothing else is touched.

    Returns how many were filled in, and the questions left alone because somebody answered them meanwhile.
    """
    filled, left = 0, []
    for proposal in proposals(offer, profile):
        fact, question = proposal.fact, proposal.question
        if question is None or fact.question not in chosen or not proposal.can_be_chosen:
            continue
        comment = proposal.standing.comment if proposal.standing else ""
        try:
            if proposal.revision != chosen[fact.question]:
                raise AnswerIsStale(proposal.standing or Answer(question=fact.question))
            save_answer(
                assessment=offer.assessment,
                offer=offer,
                question=question,
                said=Said(Answer.Status.ANSWERED, fact.value, "", comment),
                revision=proposal.revision,
                by=by,
                from_profile=provenance(fact),
            )
        except (AnswerIsStale, AnswerRefused):
            left.append(fact.question)
        else:
            filled += 1
    return filled, left


def provenance(fact: ProfileFact) -> dict[str, Any]:
    """What an answer keeps of the fact that filled it in, however the library changes later."""
    return {
        "profile": fact.profile_id,
        "name": str(fact.profile),
        "checked_on": fact.checked_on.isoformat(),
        "source_title": fact.source_title,
        "source_url": fact.source_url,
        "source_date": fact.source_date.isoformat(),
    }


def newer_facts(rows: Iterable[Answer], checklist: str) -> dict[str, ProfileFact]:
    """By question, the fact of the same profile checked since it filled the answer in. No query without such answers.

    An answer never changes by itself: the fact is only shown.
    """
    origins = {row.question: row.from_profile for row in rows if row.from_profile and row.from_profile["profile"]}
    if not origins:
        return {}
    facts = ProfileFact.objects.filter(
        checklist=checklist,
        question__in=origins,
        profile__in={origin["profile"] for origin in origins.values()},
        profile__is_withdrawn=False,
    )
    return {
        fact.question: fact
        for fact in facts
        if fact.profile_id == origins[fact.question]["profile"]
        and fact.checked_on.isoformat() > origins[fact.question]["checked_on"]
    }
