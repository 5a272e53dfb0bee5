"""Who could host this? Every profile and variant against a workload, stored or not; one of them made an offer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from checklists.core.capacity import Capacity, Gap, gaps
from checklists.core.editions.edition import Edition
from checklists.core.judging import answer as core
from checklists.core.judging.facts import is_valid_value, lacks_reason
from checklists.core.profiles.facts import Bar, Use
from checklists.core.profiles.shortlist import Prospect, Reach, Shortlist
from checklists.models import Assessment, Need, Offer, ProfileFact, ProviderProfile, User
from checklists.services.assessments.keep_assessment import add_offer
from checklists.services.capacity import capacity, state_provision
from checklists.services.judging.judge_offer import core_answers, edition_of, rows_of
from checklists.services.profiles.fill_from_profile import (
    Choice,
    FillOutcome,
    chain_fact,
    facts_for,
    fill_from_profile,
    proposals,
    usable_profiles,
    use_on,
    variants_of,
)
from checklists.services.profiles.keep_profile import can_be_a_fact

QUALIFICATIONS = {
    "secnumcloud": ("immunity_qualification", "secnumcloud"),
    "hds": ("hds_certification", "certified"),
}
"""The qualifications that a list can be narrowed to: the question and the answer that say so."""
KEYS_OUTSIDE = {
    "key_holder": ("customer_only", "external_key_manager", "trusted_third_party_eu"),
    "encryption_at_rest": ("client_side",),
}
"""The answers that put the keys out of the provider's reach."""
COUNTRY = "contracting_entity_country"


@dataclass(frozen=True, slots=True)
class Shown:
    """A fact that bears on the workload and answers nothing: it is told, and counts for nothing."""

    fact: ProfileFact
    use: Use


@dataclass(frozen=True, slots=True)
class Host:
    """A way to use a service that could host the workload, or not.

    ``known`` are the answers that its profile gives, by question; ``shown`` the facts that only inform; ``gaps`` the
    needs that nothing known of it meets; ``country`` that of the contracting company, '' when not known.
    """

    profile: ProviderProfile
    variant: str
    prospect: Prospect
    known: Mapping[str, str]
    shown: tuple[Shown, ...]
    gaps: tuple[Gap, ...]
    qualifications: frozenset[str]
    country: str
    has_keys_outside: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed to; nothing, by default."""

    qualification: str = ""
    country: str = ""
    keys_outside: bool = False
    within_reach: bool = False

    def keeps(self, host: Host) -> bool:
        return (
            (not self.qualification or self.qualification in host.qualifications)
            and (not self.country or host.country == self.country)
            and (not self.keys_outside or host.has_keys_outside)
            and (not self.within_reach or host.prospect.reach is not Reach.IMPOSSIBLE)
        )


def shortlist(assessment: Assessment) -> list[Host]:
    """Every service against the workload of ``assessment``, by name. As many queries, however many profiles."""
    workload = core_answers(rows_of(assessment, None).values())
    need = Need.objects.filter(assessment=assessment).first()
    return who_could_host(edition_of(assessment), workload, assessment.reference_date, capacity(need))


def who_could_host(
    edition: Edition, workload: Mapping[str, core.Answer], day: date, needed: Capacity | None = None
) -> list[Host]:
    """Every service against a workload that need not be stored, by name: provider, service, variant.

    Two queries, two more when the library has changed since it was read.

    ``workload`` maps its questions to the judge's answers; ``needed`` is what it needs in capacity, if known.
    """
    judged = Shortlist(edition, workload, day)
    return [_host(judged, way, needed) for way in _ways(edition, day)]


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to use a service, and what is known of it on a day: nothing here depends on a workload."""

    profile: ProviderProfile
    variant: str
    known: Mapping[str, str]
    shown: tuple[Shown, ...]


_remembered: dict[tuple[object, ...], list[_Way]] = {}
MOST_REMEMBERED = 8
"""Readings of the library kept in memory, one for an edition and a day."""


def _ways(edition: Edition, day: date) -> list[_Way]:
    """Every way to use every service, by name: read again when the library has changed. Two queries when it has not."""
    stamp = (edition.sha256, day, timezone.localdate(), *_library_stamp())
    found = _remembered.get(stamp)
    if found is None:
        if len(_remembered) >= MOST_REMEMBERED:
            _remembered.clear()
        found = _remembered[stamp] = list(_read_ways(edition, day))
    return found


def _library_stamp() -> tuple[object, ...]:
    """Differs whenever a profile or a fact was added, changed or removed."""
    profiles = ProviderProfile.objects.aggregate(number=Count("pk"), at=Max("updated_at"))
    facts = ProfileFact.objects.aggregate(number=Count("pk"), at=Max("updated_at"), last=Max("pk"))
    return (*profiles.values(), *facts.values())


def _read_ways(edition: Edition, day: date) -> Iterator[_Way]:
    asked = edition.of_kind("control_chain")
    for profile in usable_profiles().prefetch_related("facts").order_by("provider", "service", "pk"):
        facts = [fact for fact in profile.facts.all() if fact.checklist == edition.key]
        chain = chain_fact(profile, asked) if asked else None
        for variant in variants_of(profile):
            known, shown = _known(edition, facts_for(profile, facts, Choice(variant)), chain, day)
            yield _Way(profile, variant, known, tuple(shown))


def _host(judged: Shortlist, way: _Way, needed: Capacity | None) -> Host:
    known = way.known
    held = frozenset(name for name, (key, value) in QUALIFICATIONS.items() if known.get(key) == value)
    return Host(
        profile=way.profile,
        variant=way.variant,
        prospect=judged.prospect(known),
        known=known,
        shown=way.shown,
        gaps=gaps(needed, Capacity(certifications=held or None)) if needed else (),
        qualifications=held,
        country=known.get(COUNTRY, ""),
        has_keys_outside=any(known.get(key) in values for key, values in KEYS_OUTSIDE.items()),
    )


def _known(
    edition: Edition, facts: Iterable[ProfileFact], chain: ProfileFact | None, day: date
) -> tuple[dict[str, str], list[Shown]]:
    """What the facts answer on ``day``, and those that only inform. As filling in does it."""
    known = {chain.question: chain.value} if chain else {}
    said = {key: core.Answer.of(value) for key, value in known.items()}
    shown = []
    for fact in facts:
        question = edition.questions.get(fact.question)
        if question is None or not fact.value or not can_be_a_fact(question):
            continue
        use = use_on(fact, question, day)
        if not use.fills:
            shown.append(Shown(fact, use))
        elif is_valid_value(question, fact.value) and not (
            chain
            and fact.question in edition.derivations_of
            and lacks_reason(edition, {**said, fact.question: core.Answer.of(fact.value)}, fact.question, day)
        ):
            known[fact.question] = fact.value
    return known, [each for each in shown if Bar.NO_ANSWER not in each.use.bars]


@transaction.atomic
def make_offer(
    assessment: Assessment, profile: ProviderProfile, choice: Choice, name: str, by: User | None
) -> tuple[Offer, int]:
    """An offer called ``name`` for a service and variant, filled in as presumed; how many answers were.

    Raises ``ContentIsLocked`` when the assessment is closed.
    """
    offer = add_offer(assessment, name=name[:200], provider=profile.provider)
    fills = [one for one in proposals(offer, profile, choice) if one.outcome is FillOutcome.FILL]
    filled, _left = fill_from_profile(offer, profile, {one.fact.question: 0 for one in fills}, by, choice)
    held = [
        name
        for name, (key, value) in QUALIFICATIONS.items()
        if any(one.fact.question == key and one.fact.value == value for one in fills)
    ]
    if held:
        state_provision(offer, {"certifications": held})
    return offer, filled
