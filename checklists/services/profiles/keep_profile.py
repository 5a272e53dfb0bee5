"""Keep the library of provider profiles: each fact checked against its checklist, every change kept."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from checklists.core.editions.edition import Edition, Question
from checklists.core.judging.facts import is_valid_value
from checklists.models import Edition as EditionRow
from checklists.models import ProfileChange, ProfileFact, ProviderProfile, User
from checklists.services.editions.publish_edition import current_edition, load_edition

KINDS = ("choice", "date", "country")
"""The kinds of questions a fact can answer; tables are filled on pages of their own."""
_PROFILE = ("provider", "service", "note", "is_withdrawn")
_FACT = ("checklist", "question", "value", "source_title", "source_url", "source_date", "checked_on")


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
    return question.scope == "offer" and question.kind in KINDS


def check_fact(fact: ProfileFact, today: date) -> None:
    """Raises ``FactRefused`` when the newest edition has no such question or answer, or when the dates cannot be."""
    errors: dict[str, Any] = {}
    edition = newest_edition(fact.checklist)
    question = edition.questions.get(fact.question) if edition else None
    if question is None:
        errors["question"] = _("The newest edition of the checklist does not ask this question.")
    elif not can_be_a_fact(question):
        errors["question"] = _("A profile cannot answer this question: it is about the workload, or filled as a table.")
    elif not is_valid_value(question, fact.value):
        errors["value"] = {
            "date": _("Write the date as year-month-day, for example 2026-12-31."),
            "country": _("Write the country's code of two capital letters, for example FR."),
        }.get(question.kind, _("This is not one of the possible answers of the newest edition."))
    try:
        ProfileFact._meta.get_field("source_url").run_validators(fact.source_url)
    except ValidationError as error:
        errors["source_url"] = " ".join(error.messages)
    if fact.checked_on > today:
        errors["checked_on"] = _("A fact cannot have been checked on a day to come.")
    elif fact.source_date > fact.checked_on:
        errors["source_date"] = _("The source is dated after the day it was checked.")
    if errors:
        raise FactRefused(errors)


@transaction.atomic
def save_profile(profile: ProviderProfile, by: User | None) -> None:
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
