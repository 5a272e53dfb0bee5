"""Choose the frameworks an assessment is read through, and what the buyer requires of each objective."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from checklists.core.frameworks.framework import TOP_SEAL
from checklists.models import Assessment, Framework, FrameworkChoice, User
from checklists.services.frameworks.publish_framework import available_frameworks, load_framework


class MinimumRefused(ValueError):
    """A minimum is not a level of an objective of the framework."""


@transaction.atomic
def choose_frameworks(assessment: Assessment, keys: Collection[str], by: User | None) -> None:
    """Read ``assessment`` through the frameworks ``keys`` and those that ask nothing; unknown keys are ignored.

    A framework chosen before keeps the publication it was chosen in. One given up keeps its answers, not its
    minimums.
    """
    standing = {choice.framework.key: choice for choice in choices_of(assessment)}
    for framework in available_frameworks(assessment.edition.checklist):
        wanted = framework.key in keys or not framework.asks
        if wanted and framework.key not in standing:
            FrameworkChoice.objects.create(assessment=assessment, framework=framework, chosen_by=by)
        elif not wanted and framework.key in standing:
            standing[framework.key].delete()


@transaction.atomic
def adopt_frameworks(
    assessment: Assessment, frameworks: Iterable[tuple[Framework, dict[str, int]]], by: User | None
) -> None:
    """Read ``assessment`` through these publications, with these minimums, in place of those of the same key."""
    standing = {choice.framework.key: choice for choice in choices_of(assessment)}
    for framework, minimums in frameworks:
        if framework.key in standing:
            standing[framework.key].delete()
        FrameworkChoice.objects.create(assessment=assessment, framework=framework, minimums=minimums, chosen_by=by)


def choices_of(assessment: Assessment) -> list[FrameworkChoice]:
    """The choices with their framework, without its document. One query."""
    return list(with_framework(FrameworkChoice.objects.filter(assessment=assessment)))


def with_framework(choices: QuerySet[FrameworkChoice]) -> QuerySet[FrameworkChoice]:
    """Each choice with its framework, without the document: what :func:`choices_of` gives, for a prefetch."""
    return choices.select_related("framework").defer("framework__document")


def with_choices(path: str) -> Prefetch[str, QuerySet[FrameworkChoice], str]:
    """What to prefetch, at ``path``, for the questionnaires of many assessments."""
    return Prefetch(path, with_framework(FrameworkChoice.objects.all()))


def require_levels(choice: FrameworkChoice, minimums: Mapping[str, int]) -> None:
    """Set the buyer's minimum level of each objective; an objective left out has none. Raises ``MinimumRefused``."""
    known = {objective.key for objective in load_framework(choice.framework.sha256).objectives}
    for key, level in minimums.items():
        if key not in known or not 0 <= level <= TOP_SEAL:
            raise MinimumRefused(f"{key}: {level}")
    choice.minimums = dict(minimums)
    choice.save(update_fields=["minimums"])
