"""Write down what a workload needs and what an offer provides; read them in the judge's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checklists.core.capacity import Capacity, Gap, Measure, gaps
from checklists.models import Assessment, Need, Offer, Provision
from checklists.models import capacity as rows


def state_need(assessment: Assessment, fields: Mapping[str, Any]) -> Need:
    return Need.objects.update_or_create(assessment=assessment, defaults=dict(fields))[0]


def state_provision(offer: Offer, fields: Mapping[str, Any]) -> Provision:
    return Provision.objects.update_or_create(offer=offer, defaults=dict(fields))[0]


def capacity(row: rows.Capacity | None) -> Capacity:
    """The pure form of a row; nothing stated for ``None``."""
    if row is None:
        return Capacity()
    quantities = {measure: getattr(row, measure.value) for measure in Measure}
    return Capacity(
        quantities={measure: value for measure, value in quantities.items() if value is not None},
        support=row.support or None,
        services=None if row.services is None else frozenset(row.services),
        certifications=None if row.certifications is None else frozenset(row.certifications),
    )


def unmet(need: Need | None, provision: Provision | None) -> tuple[Gap, ...]:
    """The needs of the workload that the offer does not show to be met."""
    return gaps(capacity(need), capacity(provision))
