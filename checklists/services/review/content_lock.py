"""The one place that keeps what was submitted or approved as it is: whoever writes to it is refused (decision 0061).

The models that make the content of an assessment are held here, one line each; a test names a model without one. A save
of a held row is refused while its assessment is closed, whichever service tries. It costs no query: the state is a
column of the assessment, which the row's own path leads to.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import models
from django.db.models.signals import pre_delete, pre_save

from checklists.models import (
    Answer,
    Assessment,
    Evidence,
    FrameworkChoice,
    Need,
    Offer,
    PlanStep,
    Provision,
    TransitionPlan,
)


class ContentIsLocked(Exception):
    """The content of ``assessment`` is submitted, accepted or approved: nothing was written."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        super().__init__(f"{assessment.pk} is {assessment.review_state}")


STEP_PROGRESS = frozenset({"owner", "state", "started_on", "finished_on"})
"""How far a step is and who has it in hand: an approved plan is carried out (decision 0062)."""
_BOOKKEEPING = frozenset({"id", "revision", "updated_by", "updated_at"})


@dataclass(frozen=True, slots=True)
class Held:
    """``path`` leads from a row to its assessment, empty for the assessment; ``fields`` are what must not change."""

    path: str
    fields: frozenset[str]

    def assessment(self, row: models.Model) -> Assessment:
        found: Assessment = attrgetter(self.path)(row) if self.path else row  # type: ignore[assignment]
        return found


_held: dict[type[models.Model], Held] = {}


def hold(model: type[models.Model], path: str, *, only: frozenset[str] | None = None, besides: Any = ()) -> None:
    """From now on rows of ``model`` cannot be added, changed or deleted while their assessment is closed.

    ``path``: the attribute path to the assessment. ``only``: the fields that count; all of them unless given.
    ``besides``: fields that may change nevertheless. A new model that is part of the content takes one line in
    ``connect``. ``QuerySet.update`` and ``bulk_create`` send no signal: a service that uses them calls
    ``refuse_if_closed`` first.
    """
    fields = only or frozenset(field.name for field in model._meta.concrete_fields) - _BOOKKEEPING - set(besides)
    _held[model] = Held(path, fields)
    identity = f"lock-{model._meta.label}"
    pre_save.connect(_before_save, sender=model, dispatch_uid=identity)
    if path:
        pre_delete.connect(_before_delete, sender=model, dispatch_uid=identity)


def connect() -> None:
    hold(Assessment, "", only=frozenset({"name", "description", "reference_date", "edition", "held_to_evidence"}))
    hold(Offer, "assessment")
    hold(Answer, "assessment")
    hold(Evidence, "answer.assessment", besides={"reminded_of", "is_scanned"})
    hold(Need, "assessment")
    hold(Provision, "offer.assessment")
    hold(TransitionPlan, "offer.assessment")
    hold(PlanStep, "plan.offer.assessment", besides=STEP_PROGRESS)
    hold(FrameworkChoice, "assessment")


def held_models() -> set[type[models.Model]]:
    return set(_held)


def refuse_if_closed(assessment: Assessment) -> None:
    """Raises ``ContentIsLocked`` when the content of ``assessment`` cannot be changed."""
    if assessment.is_closed:
        raise ContentIsLocked(assessment)


def _before_save(
    sender: type[models.Model],
    instance: models.Model,
    raw: bool = False,
    update_fields: frozenset[str] | None = None,
    **kwargs: Any,
) -> None:
    held = _held[sender]
    if raw or (update_fields is not None and not held.fields & update_fields):
        return
    assessment = held.assessment(instance)
    if assessment.is_closed and (instance._state.adding or _differs(sender, instance, held, update_fields)):
        raise ContentIsLocked(assessment)


def _differs(
    sender: type[models.Model], instance: models.Model, held: Held, update_fields: frozenset[str] | None
) -> bool:
    """Whether the save would change anything that counts."""
    names = held.fields if update_fields is None else held.fields & update_fields
    stored = sender._default_manager.filter(pk=instance.pk).values(*names).first()
    fields = [field for field in sender._meta.concrete_fields if field.name in names]
    return stored is None or any(
        stored[field.name] != field.to_python(getattr(instance, field.attname)) for field in fields
    )


def _before_delete(sender: type[models.Model], instance: models.Model, origin: Any = None, **kwargs: Any) -> None:
    """A row that goes with a larger whole (its assessment, by retention) goes; by itself it stays."""
    if (origin.model if isinstance(origin, models.QuerySet) else type(origin)) is sender:
        refuse_if_closed(_held[sender].assessment(instance))
