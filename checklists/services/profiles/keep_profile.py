"""Keep the library of provider profiles: each fact checked against its checklist, every change kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from checklists.core.editions.edition import Edition, Question
from checklists.core.judging.facts import is_valid_value
from checklists.core.kinds import kind_of
from checklists.core.profiles import facts as profiles
from checklists.models import Edition as EditionRow
from checklists.models import ProfileChange, ProfileFact, ProviderProfile, User
from checklists.services.editions.publish_edition import current_edition, load_edition

_PROFILE = (
    "provider", "service", "note", "scope", "variants", "contracting", "chain", "sources", "not_known", "reply",
    "is_withdrawn",
)  # fmt: skip
_FACT = (
    "checklist", "question", "value", "variant", "text", "source_kind", "source_title", "source_url", "source_date",
    "checked_on", "valid_from", "valid_until", "review_by", "contested", "inferred",
)  # fmt: skip


class FactRefused(ValueError):
    """The fact cannot be kept; ``errors`` maps a field of ``ProfileFact`` to a sentence."""

    def __init__(self, errors: dict[str, Any]) -> None:
        self.errors = errors
        super().__init__("; ".join(f"{field}: {message}" for field, message in errors.items()))


def newest_edition(checklist: str) -> Edition | None:
    """The edition that facts on ``checklist`` are written for; ``None`` if nothing of it is published."""
    try:
        return load_edition(current_edition(checklist).sha256)
    except EditionRow.DoesNotExist:
        return None


def can_be_a_fact(question: Question) -> bool:
    """Whether a profile can say something of ``question``: it is about the offer, and its answer is one value."""
    return question.scope == "offer" and not kind_of(question.kind).is_table


def core_fact(fact: ProfileFact) -> profiles.Fact:
    """The pure form of a row."""
    sources = [profiles.Source(profiles.SourceKind(fact.source_kind), fact.source_date)]
    sources += [
        profiles.Source(profiles.SourceKind(other["kind"]), _day(other.get("date")))
        for other in fact.more_sources
        if other.get("says")
    ]
    return profiles.Fact(
        sources=sources,
        question=fact.question,
        value=fact.value,
        variant=fact.variant,
        valid_from=fact.valid_from,
        valid_until=fact.valid_until,
        review_by=fact.review_by,
        contested=bool(fact.contested),
        inferred=bool(fact.inferred),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def check_fact(fact: ProfileFact, today: date) -> None:
    """Raises ``FactRefused`` when the newest edition has no such question or answer, or when the dates cannot be."""
    errors: dict[str, Any] = {}
    edition = newest_edition(fact.checklist)
    question = edition.questions.get(fact.question) if edition else None
    if fact.framework or (fact.topic and not fact.value):
        pass  # A framework's own question, or none: there is nothing of the checklist to check.
    elif question is None:
        errors["question"] = _("The newest edition of the checklist does not ask this question.")
    elif not can_be_a_fact(question):
        errors["question"] = _(
            "A profile cannot answer this question: it is about the processing to be hosted, or filled in as a table."
        )
    elif not is_valid_value(question, fact.value):
        errors["value"] = _(kind_of(question.kind).wrong_fact)
    if fact.valid_from and fact.valid_until and fact.valid_until < fact.valid_from:
        errors["valid_until"] = _("It ends before it begins.")
    try:
        if fact.source_url:
            ProfileFact._meta.get_field("source_url").run_validators(fact.source_url)
    except ValidationError as error:
        errors["source_url"] = " ".join(error.messages)
    if fact.checked_on > today:
        errors["checked_on"] = _("A fact cannot have been checked on a day to come.")
    elif fact.source_date and fact.source_date > fact.checked_on:
        errors["source_date"] = _("The source is dated after the day it was checked.")
    if errors:
        raise FactRefused(errors)


@transaction.atomic
def save_profile(profile: ProviderProfile, by: User | None) -> None:
    """Keep what an editor wrote; a new profile is given a key of its own, from its names."""
    if not profile.key:
        profile.key = _free_key(f"{profile.provider} {profile.service}")
    before = _stored(ProviderProfile, profile.pk, _PROFILE)
    profile.save()
    _tell(profile, "", before, _snapshot(profile, _PROFILE), by)


@transaction.atomic
def save_fact(fact: ProfileFact, by: User | None) -> None:
    """Raises ``FactRefused``."""
    check_fact(fact, timezone.localdate())
    before = _stored(ProfileFact, fact.pk, _FACT)
    fact.save()
    _tell(fact.profile, fact.question, before, _snapshot(fact, _FACT), by)


@transaction.atomic
def remove_fact(fact: ProfileFact, by: User | None) -> None:
    """Take a fact out of the library. The answers it filled in stay as they are."""
    before = _snapshot(fact, _FACT)
    fact.delete()
    _tell(fact.profile, fact.question, before, None, by)


def _free_key(names: str) -> str:
    base = f"p-{slugify(names)}".strip("-")[:56]
    taken = set(ProviderProfile.objects.filter(key__startswith=base).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if key not in taken)


def _stored(kind: type[models.Model], pk: int | None, fields: tuple[str, ...]) -> dict[str, Any] | None:
    row = kind._default_manager.filter(pk=pk).first() if pk else None
    return _snapshot(row, fields) if row else None


def _snapshot(row: models.Model, fields: tuple[str, ...]) -> dict[str, Any]:
    values = {field: getattr(row, field) for field in fields}
    return {field: value.isoformat() if isinstance(value, date) else value for field, value in values.items()}


def _tell(
    profile: ProviderProfile,
    question: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    by: User | None,
) -> None:
    if before != after:
        ProfileChange.objects.create(profile=profile, question=question, by=by, before=before, after=after)
