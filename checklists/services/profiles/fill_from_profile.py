"""Fill in an offer from a provider profile: what it would do is told first; what it does is presumed till confirmed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from checklists.core.control_chain import Chain, Entity, Link
from checklists.core.editions.edition import Edition, Question
from checklists.core.judging import answer as core
from checklists.core.judging.facts import is_valid_value, lacks_reason, months_until
from checklists.core.profiles import facts as profiles
from checklists.core.profiles.facts import DEFAULT, Bar, Use, of_variant, use_of
from checklists.models import Answer, Offer, ProfileFact, ProviderProfile, User
from checklists.services.answers.save_answer import AnswerIsStale, AnswerRefused, Said, save_answer
from checklists.services.frameworks.read_lenses import questionnaire_of
from checklists.services.judging.judge_offer import core_answers, rows_of
from checklists.services.languages import site_languages
from checklists.services.profiles.keep_profile import can_be_a_fact, core_fact

OLD_AFTER_MONTHS = 12
"""A fact checked longer ago is said to be old: the yearly review that contracts and certificates go by."""
ELSEWHERE = "*"
"""In the place of a customer's country: every country that a profile does not name."""
CONTRACTING = "contracting_entity_country"
"""The question that the contracting company of a customer's country answers."""


class FillOutcome(StrEnum):
    """What filling in would do with one fact."""

    FILL = "fill"
    """The question has no answer, or "I don’t know"."""
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
    SHOWN = "shown"
    """The fact is only shown: ``Proposal.use`` says why."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One fact against one offer. ``standing`` is the row that exists, if any; ``revision`` its own, else 0.

    ``use`` says what the fact may do by the kind of its source, its dates and what is said against it.
    """

    fact: ProfileFact
    question: Question | None
    standing: Answer | None
    outcome: FillOutcome
    use: Use

    @property
    def can_be_chosen(self) -> bool:
        return self.outcome in (FillOutcome.FILL, FillOutcome.OVERWRITE)

    @property
    def revision(self) -> int:
        return self.standing.revision if self.standing else 0


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to use a service: one of the variants of its profile, for a customer of a country."""

    variant: str = DEFAULT
    customer: str = ""
    """A country, ``ELSEWHERE``, or '' for the first that the profile names."""


def usable_profiles() -> models.QuerySet[ProviderProfile]:
    """Those an offer can be filled in from: in use, with facts."""
    held = ProviderProfile.objects.annotate(held=models.Count("facts"))
    return held.filter(is_withdrawn=False, held__gt=0)


def is_old(checked_on: date, today: date) -> bool:
    return months_until(checked_on, today) > OLD_AFTER_MONTHS


def variants_of(profile: ProviderProfile) -> list[str]:
    """The keys of the variants of ``profile``, the default first."""
    return [variant["key"] for variant in profile.variants] or [DEFAULT]


def leaves_out(profile: ProviderProfile) -> dict[str, frozenset[str]]:
    return {variant["key"]: frozenset(variant.get("leaves_out", ())) for variant in profile.variants}


def facts_for(profile: ProviderProfile, facts: Iterable[ProfileFact], choice: Choice) -> list[ProfileFact]:
    """The facts true of ``choice``, the chain among them as a fact of its own; no query."""
    pairs = ((core_fact(fact), fact) for fact in facts)
    found = [fact for _, fact in of_variant(pairs, choice.variant, leaves_out(profile))]
    company = contracting_of(profile, choice.customer)
    if company:
        found = [fact for fact in found if fact.question != CONTRACTING or not fact.value]
        found.insert(0, _contracting_fact(profile, company))
    return found


def contracting_of(profile: ProviderProfile, customer: str) -> Mapping[str, Any] | None:
    """The part of the profile that says who contracts with a customer of that country; ``None`` if it names nobody."""
    if not profile.contracting:
        return None
    if not customer:
        return dict(profile.contracting[0])
    companies = [
        profiles.Company(item["name"], item["country"], frozenset(item["customers"])) for item in profile.contracting
    ]
    company = profiles.contracting_for(companies, customer)
    return dict(profile.contracting[companies.index(company)]) if company else None


def _contracting_fact(profile: ProviderProfile, company: Mapping[str, Any]) -> ProfileFact:
    text = dict.fromkeys(profile.scope or site_languages(), f"{company['name']} ({company['country']})")
    return _fact_of(profile, CONTRACTING, company["country"], company["sources"], text)


def _fact_of(
    profile: ProviderProfile, question: str, value: str, keys: Sequence[str], text: Mapping[str, str]
) -> ProfileFact:
    """A fact that is no row: what a part of the profile says, with its sources."""
    table = {source["key"]: source for source in profile.sources}
    first, *others = [table[key] for key in keys]
    return ProfileFact(
        profile=profile,
        checklist="",
        question=question,
        value=value,
        text=text,
        source_key=first["key"],
        source_kind=first["kind"],
        source_title=first["title"],
        source_url=first.get("url", ""),
        source_date=date.fromisoformat(first["date"]) if first.get("date") else None,
        source_note=first.get("note", {}),
        more_sources=[{**source, "says": True} for source in others],
        checked_on=profile.read_on or profile.updated_at.date(),
    )


def chain_fact(profile: ProviderProfile, question: str, customer: str = "") -> ProfileFact | None:
    """The chain of ``profile`` as an answer to ``question``; ``None`` when nothing of it may be filled in.

    A company or a share that only the press or a compilation names is left out: it is shown with the profile.
    """
    chain = chain_that_fills(profile, contracting_of(profile, customer))
    if chain is None:
        return None
    keys = [key for item in _rows_that_fill(profile, "companies") for key in item["sources"]]
    kinds = {source["key"]: source["kind"] for source in profile.sources}
    firm = [key for key in dict.fromkeys(keys) if profiles.SourceKind(kinds[key]) not in profiles.HEARSAY]
    note = (profile.chain or {}).get("note") or {}
    return _fact_of(profile, question, chain.to_text(), firm, note)


def chain_that_fills(profile: ProviderProfile, company: Mapping[str, Any] | None = None) -> Chain | None:
    """The companies and holdings whose sources may fill in; ``company`` takes the place of the one that contracts."""
    return _chain_that_fills(
        json.dumps([_rows_that_fill(profile, "companies"), _rows_that_fill(profile, "holdings"), company])
    )


@lru_cache(maxsize=512)
def _chain_that_fills(written: str) -> Chain | None:
    rows, holdings, company = json.loads(written)
    entities = tuple(
        Entity(
            row["id"],
            company["name"] if company and row["role"] == "contracting" else row["name"],
            (company["country"] if company and row["role"] == "contracting" else row.get("country")) or "",
            row["role"],
            row.get("also") or "",
            bool(row.get("closed")),
            row.get("access") or "",
        )
        for row in rows
    )
    kept = {entity.id for entity in entities}
    links = tuple(
        Link(
            row["holder"],
            row["held"],
            row.get("capital") or "",
            row.get("votes") or "",
            bool(row.get("veto")),
            bool(row.get("appoints")),
        )
        for row in holdings
        if {row["holder"], row["held"]} <= kept
    )
    return Chain(entities, links) if entities else None


def _rows_that_fill(profile: ProviderProfile, part: str) -> list[dict[str, Any]]:
    kinds = {source["key"]: source["kind"] for source in profile.sources}
    return [
        row
        for row in (profile.chain or {}).get(part, ())
        if not {profiles.SourceKind(kinds[key]) for key in row["sources"]} <= profiles.HEARSAY
    ]


def proposals(offer: Offer, profile: ProviderProfile, choice: Choice = Choice()) -> list[Proposal]:
    """Every fact of ``profile`` true of ``choice`` on the offer's checklist, in the order of its questions.

    Facts without an answer are left out: they are read on the profile's page. Three queries, one more for the
    questions of frameworks.
    """
    assessment = offer.assessment
    facts = list(profile.facts.filter(checklist=assessment.edition.checklist))
    for fact in facts:
        fact.profile = profile
    chosen = assessment.framework_choices.select_related("framework") if any(fact.framework for fact in facts) else []
    edition, rows = questionnaire_of(assessment, chosen), rows_of(assessment, offer)
    answers, day = dict(core_answers(rows.values())), assessment.reference_date
    found = []
    for fact in _with_chain(profile, facts, choice, edition):
        proposal = _proposal(edition, fact, rows.get(fact.question), answers, day)
        found.append(proposal)
        if fact.question == edition.of_kind("control_chain") and proposal.outcome is FillOutcome.FILL:
            # The facts that follow are filled in beside it: none may contradict it.
            answers[fact.question] = core.Answer.of(fact.value)
    places = {key: place for place, key in enumerate(edition.questions)}
    return sorted(found, key=lambda proposal: places.get(proposal.fact.question, len(places)))


def _with_chain(
    profile: ProviderProfile, facts: Iterable[ProfileFact], choice: Choice, edition: Edition
) -> Iterator[ProfileFact]:
    asked = edition.of_kind("control_chain")
    chain = chain_fact(profile, asked, choice.customer) if asked else None
    if chain:
        yield chain
    yield from (fact for fact in facts_for(profile, facts, choice) if fact.question and fact.value)


def _proposal(
    edition: Edition, fact: ProfileFact, standing: Answer | None, answers: Mapping[str, core.Answer], day: date
) -> Proposal:
    question = edition.questions.get(fact.question)
    use = use_on(fact, question, day)
    is_chain = fact.question == edition.of_kind("control_chain") and fact.pk is None
    outcome = _outcome(question, fact, standing, is_chain=is_chain)
    if outcome in (FillOutcome.FILL, FillOutcome.OVERWRITE, FillOutcome.SAME) and not use.fills:
        outcome = FillOutcome.SHOWN
    if question and outcome in (FillOutcome.FILL, FillOutcome.OVERWRITE):
        filled = {**answers, question.key: core.Answer.of(fact.value)}
        if lacks_reason(edition, filled, question.key, day):
            outcome = FillOutcome.AGAINST_CHAIN
    return Proposal(fact, question, standing, outcome, use)


def use_on(fact: ProfileFact, question: Question | None, day: date) -> Use:
    """What ``fact`` may do for an assessment of that reference date: an end that is past today counts too."""
    use, today = use_of(core_fact(fact), day, question), timezone.localdate()
    if today > day and fact.valid_until and fact.valid_until < today and Bar.ENDED not in use.bars:
        return Use((*use.bars, Bar.ENDED), use.marks, use.strength)
    return use


def _outcome(question: Question | None, fact: ProfileFact, standing: Answer | None, *, is_chain: bool) -> FillOutcome:
    if question is None or not (is_chain or can_be_a_fact(question)):
        return FillOutcome.NO_QUESTION
    if not is_valid_value(question, fact.value):
        return FillOutcome.NO_VALUE
    if standing is None or standing.status in (Answer.Status.UNANSWERED, Answer.Status.UNKNOWN):
        return FillOutcome.FILL
    if standing.status == Answer.Status.ANSWERED and standing.value == fact.value:
        return FillOutcome.SAME
    return FillOutcome.OVERWRITE


@transaction.atomic
def fill_from_profile(
    offer: Offer,
    profile: ProviderProfile,
    chosen: Mapping[str, int],
    by: User | None,
    choice: Choice = Choice(),
) -> tuple[int, list[str]]:
    """Fill in the questions of ``chosen``, each mapped to the revision that was seen; nothing else is touched.

    Returns how many were filled in, and the questions left alone because somebody answered them meanwhile.
    """
    filled, left = 0, []
    for proposal in proposals(offer, profile, choice):
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
        "variant": fact.variant,
        "checked_on": fact.checked_on.isoformat(),
        "source_title": fact.source_title,
        "source_url": fact.source_url,
        "source_kind": fact.source_kind,
        "source_date": fact.source_date.isoformat() if fact.source_date else None,
    }


def newer_facts(rows: Iterable[Answer], checklist: str) -> dict[str, ProfileFact]:
    """By question, the fact of the same profile and variant checked since it filled the answer in.

    An answer never changes by itself: the fact is only shown. No query without such answers.
    """
    origins = {row.question: row.from_profile for row in rows if row.from_profile and row.from_profile["profile"]}
    if not origins:
        return {}
    facts = ProfileFact.objects.filter(
        checklist=checklist,
        question__in=origins,
        profile__in={origin["profile"] for origin in origins.values()},
        profile__is_withdrawn=False,
    ).exclude(value="")
    return {
        fact.question: fact
        for fact in facts
        if fact.profile_id == origins[fact.question]["profile"]
        and fact.variant == origins[fact.question].get("variant", DEFAULT)
        and fact.checked_on.isoformat() > origins[fact.question]["checked_on"]
    }
